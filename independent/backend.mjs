// Judges requests with openapi-backend by an OpenAPI document, without anything of ours.
// Argument: the document in JSON. Standard input: lines of {"operation", "method",
// "path", "query", "headers", "body"}. Standard output: a line for each, in order.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { OpenAPIBackend } from "openapi-backend";
import addFormats from "ajv-formats";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
const requests = [];
for await (const line of createInterface({ input: process.stdin })) requests.push(JSON.parse(line));

// Only what is asked for is kept: replacing the references of all would take long.
const asked = new Set(requests.map((r) => r.template));
document.paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => asked.has(path)));
delete document.webhooks;
for (const [path, item] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    if (operation?.responses) operation.operationId ??= method + path; // it judges none without
  }
}
const api = new OpenAPIBackend({
  definition: document,
  quick: true,
  validate: true,
  lazyCompileValidators: true,
  customizeAjv: (ajv) => addFormats(ajv),
});
await api.init();

for (const r of requests) {
  const operation = api.router.getOperations().find((o) => o.path === r.template && o.method === r.method.toLowerCase());
  try {
    const { valid, errors } = api.validator.validateRequest(r, operation);
    const why = (errors ?? []).map((e) => `${e.keyword} at ${e.instancePath || "/"}: ${e.message} ${JSON.stringify(e.params)}`).join("; ");
    console.log(JSON.stringify({ valid, why: why.slice(0, 400) }));
  } catch (e) {
    console.log(JSON.stringify({ skip: true, why: String(e).slice(0, 300) }));
  }
}
