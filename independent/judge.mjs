// Judges bodies with ajv, and documents with an OpenAPI validator, neither of
// which is ours. Arguments: the folder of an exported contract. Standard input:
// lines of {"schema": "schemas/events/connect.schema.json", "body": ...}, or null for
// the document. Standard output: one line for each, in order.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { Validator } from "@seriousme/openapi-schema-validator";

const [folder] = process.argv.slice(2);
const ajv = new Ajv({ strict: true });
addFormats(ajv);

// Each schema is known by where it stands, so that references between files lead there.
for (const name of readdirSync(join(folder, "schemas"), { recursive: true })) {
  if (!name.endsWith(".schema.json")) continue;
  ajv.addSchema(JSON.parse(readFileSync(join(folder, "schemas", name), "utf8")), "schemas/" + name);
}

const document = JSON.parse(readFileSync(join(folder, "bundle.json"), "utf8"));
const whole = await new Validator().validate(document);
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked === null) {
    console.log(JSON.stringify({ valid: whole.valid, why: JSON.stringify(whole.errors ?? "") }));
    continue;
  }
  const { schema, body } = asked;
  const validate = ajv.getSchema(schema);
  const valid = validate(body);
  const why = valid ? "" : validate.errors.map((e) => `${e.keyword} at ${e.instancePath || "/"}: ${e.message}`).join("; ");
  console.log(JSON.stringify({ valid, why }));
}
