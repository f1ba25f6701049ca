// Compiles JSON Schemas as a user of ajv would, in its strict mode. Standard input:
// lines of {"schemas": {"schemas/events/connect.schema.json": {...}}, "compile": [names]};
// a name may go on with # and a pointer. Standard output: per line a list of what
// ajv threw or logged.
import { createInterface } from "node:readline";
import Ajv from "ajv";
import addFormats from "ajv-formats";

for await (const line of createInterface({ input: process.stdin })) {
  const { schemas, compile } = JSON.parse(line);
  const said = [];
  const log = (...words) => said.push(words.join(" "));
  const ajv = new Ajv({ strict: true, logger: { log, warn: log, error: log } });
  addFormats(ajv);
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  for (const name of compile) {
    try {
      if (!ajv.compile({ $ref: name })) log("no schema", name);
    } catch (error) {
      log(`${name}: ${error.message}`);
    }
  }
  console.log(JSON.stringify(said));
}
