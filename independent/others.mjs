// Judges bodies with ajv by an OpenAPI document as it is, without anything of ours.
// Argument: the document in JSON. Standard input: lines of {"payload": "operations/…",
// "answers/…/200" or "events/…", "body": …}. Standard output: one line per body, in order; "skip" where
// the document has no such schema, or ajv can't compile it.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [file] = process.argv.slice(2);
const document = JSON.parse(readFileSync(file, "utf8"));
const Judge = document.openapi.startsWith("3.1") ? Ajv2020 : Ajv;
const ajv = new Judge({ strict: false, validateSchema: false, logger: false, code: { optimize: false } }); // a schema judges a few bodies, and costs more to optimize than they do
addFormats(ajv);
ajv.addSchema(document, "document");

const escape = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");
const pointer = (...names) => names.map((name) => "/" + escape(name)).join("");
const safe = (name) => name.replaceAll(/[^A-Za-z0-9._-]+/g, "-");

// A reference to a part of the document, or the part itself, with where it stands.
function part(at) {
  let value = document;
  for (const name of at.split("/").slice(1)) value = value?.[name.replaceAll("~1", "/").replaceAll("~0", "~")];
  return value?.$ref ? part(value.$ref.slice(1)) : { at, value };
}

const schemas = new Map();
function body(payload, at) {
  const { at: there, value } = part(at);
  const kinds = Object.keys(value?.content ?? {}).sort((a, b) => b.includes("json") - a.includes("json"));
  const kind = kinds.includes("application/json") ? "application/json" : kinds[0];
  if (kind?.includes("json") && value.content[kind].schema) schemas.set(payload, there + pointer("content", kind, "schema"));
}
const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
for (const [path, item] of Object.entries(document.paths ?? {})) {
  for (const [method, operation] of Object.entries(item)) {
    if (!methods.includes(method)) continue;
    const at = pointer("paths", path, method);
    // Parley gives an operation without an ID one of its method and path.
    const words = (path.match(/[A-Za-z0-9]+/g) ?? []).map((word) => word[0].toUpperCase() + word.slice(1));
    const id = safe(operation.operationId ?? method + words.join(""));
    if (operation.requestBody) body("operations/" + id, at + "/requestBody");
    for (const status of Object.keys(operation.responses ?? {})) body(`answers/${id}/${status}`, at + pointer("responses", status));
  }
}
for (const [name, item] of Object.entries(document.webhooks ?? {})) {
  if (item.post?.requestBody) body("events/" + safe(name), pointer("webhooks", name, "post", "requestBody"));
}

const compiled = new Map();
function judge(payload) {
  if (!compiled.has(payload)) {
    let validate;
    try {
      validate = schemas.has(payload) ? ajv.compile({ $ref: "document#" + encodeURI(schemas.get(payload)) }) : undefined;
    } catch {
      validate = undefined;
    }
    compiled.set(payload, validate);
  }
  return compiled.get(payload);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { payload, body } = JSON.parse(line);
  const validate = judge(payload);
  if (!validate) {
    console.log(JSON.stringify({ skip: true }));
    continue;
  }
  const valid = validate(body);
  const why = valid ? "" : validate.errors.map((e) => `${e.keyword} at ${e.instancePath || "/"}: ${e.message}`).join("; ");
  console.log(JSON.stringify({ valid, why: why.slice(0, 300) }));
}
