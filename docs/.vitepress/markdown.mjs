// What a page shows here and not in the repository: a link out of docs leads to the
// repository, a picture has the theme of the reader, a block the name of its file.
import fs from "node:fs";
import path from "node:path";
import { docs } from "./pages.mjs";

export const repository = "https://github.com/parleykit/parley";

export function plain(md) {
  md.core.ruler.push("leads_out", leadsOut);
  md.renderer.rules.text = (tokens, i) => md.utils.escapeHtml(tokens[i].content).replaceAll("{", "&#123;"); // two of them would be Vue's
  const image = md.renderer.rules.image;
  md.renderer.rules.image = (tokens, i, ...rest) => inBothThemes(tokens[i], () => image(tokens, i, ...rest));
  const fence = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, i, ...rest) => named(tokens[i]) + fence(tokens, i, ...rest);
}

// named shows the name of the file that a block is: ```js [webhook.mjs].
function named({ info }) {
  const [, file] = /\[([^\]]+)\]$/.exec(info) ?? [];
  return file ? `<p class="file">${file}</p>` : "";
}

function leadsOut({ tokens, env }) {
  for (const token of tokens.flatMap((t) => t.children ?? [])) {
    const href = token.type === "link_open" && token.attrGet("href");
    if (!href || !href.startsWith("..")) continue;
    const [file, anchor] = path.resolve(path.dirname(path.join(docs, env.relativePath)), decodeURI(href)).split("#");
    const page = file.startsWith(docs + path.sep) && file.endsWith(".md");
    if (page) continue;
    if (!fs.existsSync(file)) throw new Error(`${env.relativePath}: ${href} is not there`);
    token.attrSet("href", `${repository}/blob/main/` + path.relative(path.dirname(docs), file) + (anchor ? "#" + anchor : ""));
  }
}

// inBothThemes adds to a picture that was taken in light the one that was taken in dark.
function inBothThemes(token, render) {
  const src = token.attrGet("src");
  if (!src.endsWith("-light.png")) return render();
  token.attrSet("class", "when-light");
  const light = render();
  token.attrSet("class", "when-dark");
  token.attrSet("src", src.replace(/-light\.png$/, "-dark.png"));
  return light + render();
}
