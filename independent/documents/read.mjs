// Reads the Markdown files named on the command line as GitHub does. Prints per file, as a
// line of JSON, the anchors of its headings and the targets of its links.
import fs from "node:fs";
import GithubSlugger from "github-slugger";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { toString } from "mdast-util-to-string";
import { gfm } from "micromark-extension-gfm";
import { visit } from "unist-util-visit";

for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, "utf8");
  const tree = fromMarkdown(text.replace(/^---\n[^]*?\n---\n/, ""), { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  const slugger = new GithubSlugger();
  const anchors = [], targets = [];
  visit(tree, (node) => {
    if (node.type === "heading") anchors.push(slugger.slug(toString(node)));
    if (["link", "image", "definition"].includes(node.type)) targets.push(node.url);
  });
  console.log(JSON.stringify({ file, anchors, targets }));
}
