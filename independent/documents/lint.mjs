// Prints what markdownlint says of the Markdown files named on the command line, a line of
// JSON per file.
import fs from "node:fs";
import { lint } from "markdownlint/sync";

const config = { default: true, MD013: false }; // a paragraph is one line

for (const file of process.argv.slice(2)) {
  const said = lint({ strings: { text: fs.readFileSync(file, "utf8") }, config }).text;
  console.log(JSON.stringify({ file, said: said.map((one) => `${one.lineNumber}: ${one.ruleNames.join("/")} ${one.ruleDescription} ${one.errorDetail ?? ""} ${one.errorContext ?? ""}`) }));
}
