// Judges settings with ajv in its strict mode. Argument: the file of a JSON Schema.
// Standard input: a JSON value per line; standard output: true or false for each.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import Ajv from "ajv";

const complain = (...words) => { throw new Error(words.join(" ")); };
const ajv = new Ajv({ strict: true, logger: { log: complain, warn: complain, error: complain } });
const validate = ajv.compile(JSON.parse(readFileSync(process.argv[2], "utf8")));
for await (const line of createInterface({ input: process.stdin })) console.log(validate(JSON.parse(line)));
