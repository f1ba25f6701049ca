// The site of the documentation. Its sidebar is made from what is there: each folder of
// Markdown is a part, each page has its first heading as its title.
import fs from "node:fs";
import path from "node:path";
import { defineConfig } from "vitepress";

const docs = path.resolve(import.meta.dirname, "..");
const repository = "https://github.com/parleykit/parley/blob/main/";
const parts = { tutorials: "Tutorials", "how-to": "How-to", reference: "Reference", explanation: "Explanation" };

function title(file) {
  const heading = /^# (.+)$/m.exec(fs.readFileSync(file, "utf8"));
  return heading ? heading[1].replaceAll("`", "") : path.basename(file, ".md");
}

// pages are those of a folder, by title, and its folders after them.
function pages(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  const files = entries.filter((e) => e.isFile() && e.name.endsWith(".md") && e.name !== "index.md").map((e) => link(path.join(folder, e.name)));
  const folders = entries.filter((e) => e.isDirectory()).map((e) => part(path.join(folder, e.name), e.name));
  return [...files.sort((a, b) => a.text.localeCompare(b.text)), ...folders];
}

function part(folder, name) {
  const index = path.join(folder, "index.md");
  const known = fs.existsSync(index);
  return { text: known ? title(index) : name, ...(known && { link: link(index).link }), collapsed: true, items: pages(folder) };
}

function link(file) {
  return { text: title(file), link: "/" + path.relative(docs, file).replace(/(index)?\.md$/, "") };
}

const sidebar = Object.entries(parts)
  .filter(([folder]) => fs.existsSync(path.join(docs, folder)))
  .map(([folder, text]) => ({ text, items: pages(path.join(docs, folder)) }));
sidebar.at(-1).items.push(link(path.join(docs, "architecture.md")));

// What a page links to outside docs stands in the repository, if it is there.
function leadsOut(md) {
  md.core.ruler.push("leads_out", ({ tokens, env }) => {
    for (const token of tokens.flatMap((t) => t.children ?? [])) {
      const href = token.type === "link_open" && token.attrGet("href");
      if (!href || !href.startsWith("..")) continue;
      const [file, anchor] = path.resolve(path.dirname(path.join(docs, env.relativePath)), decodeURI(href)).split("#");
      if (!path.relative(docs, file).startsWith("..")) continue;
      if (!fs.existsSync(file)) throw new Error(`${env.relativePath}: ${href} is not there`);
      token.attrSet("href", repository + path.relative(path.dirname(docs), file) + (anchor ? "#" + anchor : ""));
    }
  });
}

export default defineConfig({
  title: "Parley",
  description: "Contract tests and mock servers for integrations in which both sides call each other",
  cleanUrls: true,
  markdown: { config: leadsOut },
  themeConfig: { sidebar, outline: [2, 3], search: { provider: "local" } },
});
