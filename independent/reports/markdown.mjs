// Reads Markdown with markdown-it, which is not ours. Standard input: per line a document
// as a JSON string. Standard output: per line {tables, headings, odd}: the texts of the
// cells of each table by row, those of the headings, and what is more than text.
import { createInterface } from "node:readline";
import MarkdownIt from "markdown-it";

const markdown = new MarkdownIt({ html: true, linkify: true });
const plain = new Set(["text", "strong_open", "strong_close"]);

function read(source) {
  const found = { tables: [], headings: [], odd: [] };
  let before = "";
  for (const token of markdown.parse(source, {})) {
    if (token.type === "table_open") found.tables.push([]);
    if (token.type === "tr_open") found.tables.at(-1).push([]);
    if (token.type === "inline") {
      const text = token.children.map((child) => child.content).join("");
      if (before === "th_open" || before === "td_open") found.tables.at(-1).at(-1).push(text);
      if (before === "heading_open") found.headings.push(text);
      for (const child of token.children) if (!plain.has(child.type)) found.odd.push(`${child.type} in ${token.content}`);
    } else if (!/^(table|thead|tbody|tr|th|td|heading|paragraph)_(open|close)$/.test(token.type)) {
      found.odd.push(token.type);
    }
    before = token.type;
  }
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(read(JSON.parse(line))));
}
