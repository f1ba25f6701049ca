// Judges SARIF logs by the schema of their standard, with ajv. Arguments: files;
// standard output: a line of JSON for each, null or what is wrong.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv";
import formats from "ajv-formats";

const file = createRequire(import.meta.url).resolve("@microsoft/jest-sarif").replace(/index\.js$/, "schemas/sarif-2.1.0-rtm.5.json");
const { $schema, id, ...schema } = JSON.parse(readFileSync(file, "utf8")); // draft-04, of which it uses what later drafts share
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }); // a pattern of it is none with the flag u
formats(ajv);
const validate = ajv.compile(schema);
for (const log of process.argv.slice(2)) {
  console.log(JSON.stringify(validate(JSON.parse(readFileSync(log, "utf8"))) ? null : ajv.errorsText(validate.errors)));
}
