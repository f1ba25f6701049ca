// Judges HTTP Archives with har-validator, which is not ours. Standard input: one archive
// per line. Standard output: per line "" or what is wrong.
import { createInterface } from "node:readline";
import { har } from "har-validator/lib/promise.js";

for await (const line of createInterface({ input: process.stdin })) {
  let said = "";
  try {
    await har(JSON.parse(line));
  } catch (error) {
    said = JSON.stringify(error.errors ?? error.message);
  }
  console.log(JSON.stringify(said));
}
