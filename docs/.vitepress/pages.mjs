// The side bar is made from what is there: each folder of Markdown is a part, each page has
// its first heading as its title. Pages stand in the order in which the index.md of their
// folder, or that of docs, names them, and under the words of the lists there; those that
// neither names follow, by title.
import fs from "node:fs";
import path from "node:path";

export const docs = path.resolve(import.meta.dirname, "..");

const read = (file) => fs.readFileSync(path.join(docs, file), "utf8");
const parts = [["tutorials", "Tutorials"], ["how-to", "How-to"], ["reference", "Reference"], ["explanation", "Explanation"]];

// named has what an index.md says of a page: its place, and the word before the colon of
// its line in a list, as in "- Judge: [your integration](how-to/…)".
const named = new Map();
noted("index.md", read("index.md").replace(/^[^]*?\n## /, "")); // above its lists stands what begins

function noted(index, text) {
  for (const line of text.split("\n")) {
    const group = /^- ([^:[]+): /.exec(line)?.[1];
    for (const [, link] of line.matchAll(/\]\(([^)#]+\.md)[^)]*\)/g)) {
      const page = path.join(path.dirname(index), link);
      if (!named.has(page)) named.set(page, { place: named.size, group });
    }
  }
}

function title(page) {
  const heading = /^# (.+)$/m.exec(read(page));
  if (!heading) throw new Error(`${page} has no heading`);
  return heading[1].replaceAll("`", "");
}

const item = (page) => ({ text: title(page), link: "/" + page.replace(/(index)?\.md$/, (_, index) => (index ? "" : ".html")) });

function byPlace(a, b) {
  const [first, second] = [a, b].map((page) => named.get(page)?.place ?? Infinity);
  return first === second ? title(a).localeCompare(title(b)) : first - second;
}

// pages are those of a folder, and after them its folders.
function pages(folder) {
  const entries = fs.readdirSync(path.join(docs, folder), { withFileTypes: true });
  const files = entries.filter((e) => e.isFile() && e.name.endsWith(".md") && e.name !== "index.md").map((e) => `${folder}/${e.name}`);
  const folders = entries.filter((e) => e.isDirectory()).map((e) => subfolder(`${folder}/${e.name}`));
  return [...grouped(files.sort(byPlace)), ...folders];
}

function grouped(files) {
  const list = [];
  for (const file of files) {
    const group = named.get(file)?.group;
    if (!group) list.push(item(file));
    else if (list.at(-1)?.text === group) list.at(-1).items.push(item(file));
    else list.push({ text: group, items: [item(file)] });
  }
  return list;
}

// subfolder leaves out of its pages' titles what they begin with, as in "ELMA365: events".
function subfolder(folder) {
  const index = overview(folder);
  if (!hasOverview(folder)) return { text: capital(path.basename(folder)), items: pages(folder) };
  noted(index, read(index));
  const [name] = title(index).split(": ");
  const items = pages(folder).map((one) => ({ ...one, text: capital(one.text.replace(`${name}: `, "")) }));
  return { ...item(index), text: name, collapsed: true, items };
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const overview = (folder) => `${folder}/index.md`;
const hasOverview = (folder) => fs.existsSync(path.join(docs, overview(folder)));

export const sidebar = Object.fromEntries(parts.map(([folder, text]) => [
  `/${folder}/`,
  [{ text, items: [...(hasOverview(folder) ? [{ ...item(overview(folder)), text: "Overview" }] : []), ...pages(folder)] }],
]));

// How Parley is built stands beside the folders, and belongs to what explains.
sidebar["/explanation/"][0].items.push(item("architecture.md"));
sidebar["/architecture"] = sidebar["/explanation/"];

// nav leads to the overview of a part, or to its first page.
export const nav = parts.map(([folder, text]) => ({ text, link: first(sidebar[`/${folder}/`]), activeMatch: `^/${folder}/` }));

function first([{ link, items }]) {
  return link ?? first(items);
}
