// A body: JSON in lines with its findings at their place, other text as it is, and
// bytes in hex.
import { html, useState, useMemo, CopyButton, bytes } from "../base/ui.js";
import { read, lines, placed, hex } from "../base/json.js";
import { Finding } from "./finding.js";

const page = 800; // lines that are shown at once

export function Body({ body, header, findings, vendor }) {
  const [raw, setRaw] = useState(false);
  const type = headerOf(header, "content-type");
  const text = body.text || "";
  const tree = useMemo(() => {
    if (!text || body.cut || (!/json/i.test(type) && !/^\s*[[{"]/.test(text))) return null;
    try { return { lines: lines(read(text)) }; } catch (problem) { return { problem }; }
  }, [text]);
  if (!body.size && !text && !body.base64) {
    return html`<p class="quiet">No body.</p>${findings.length ? html`<${Loose} findings=${findings} vendor=${vendor} />` : null}`;
  }
  const shown = tree && tree.lines && !raw;
  return html`<div class="body">
    <div class="options"><span class="quiet">${type || "no content type"}, ${bytes(body.size)}${body.cut ? ", cut off: the journal keeps no more" : ""}</span><span class="spring"></span>
      ${tree && tree.lines ? html`<button type="button" class="small" aria-pressed=${raw ? "true" : "false"} onClick=${() => setRaw(!raw)}>as sent</button>` : null}
      ${text ? html`<${CopyButton} text=${text} />` : null}</div>
    ${shown ? html`<${Tree} list=${tree.lines} findings=${findings} vendor=${vendor} />` : body.base64 ? html`<pre class="hex" tabindex="0">${hex(fromBase64(body.base64))}</pre>` : html`<${Text} text=${text} findings=${findings} vendor=${vendor} />`}
    ${!shown && body.base64 && findings.length ? html`<${Loose} findings=${findings} vendor=${vendor} />` : null}
  </div>`;
}

const headerOf = (header, name) => (Object.entries(header).find(([n]) => n.toLowerCase() === name) || ["", [""]])[1][0];

function fromBase64(text) {
  try { return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)); } catch { return new Uint8Array(); }
}

function Loose({ findings, vendor }) {
  return html`<ul class="findings at">${findings.map((f, i) => html`<li key=${i} class=${f.severity}><${Finding} f=${f} vendor=${vendor} short /></li>`)}</ul>`;
}

export function Tree({ list, findings, vendor, label = "Body" }) {
  const [most, more] = useState(page);
  const at = useMemo(() => placed(list, findings), [list, findings]);
  const beyond = [...at.keys()].filter((i) => i >= most).length;
  return html`<div class="code" tabindex="0" role="group" aria-label=${label}>${list.slice(0, most).map((line, i) => html`<${Line} key=${i} line=${line} number=${i + 1} found=${at.get(i)} vendor=${vendor} />`)}</div>
    ${list.length > most ? html`<p><button type="button" class="small" onClick=${() => more(most + 4 * page)}>${list.length - most} more lines${beyond ? `, with findings in ${beyond}` : ""}</button></p>` : null}`;
}

function Line({ line, number, found, vendor }) {
  const worst = found && ["harness_error", "error", "warn", "info"].find((s) => found.some((f) => f.severity === s));
  return html`<div class=${"codeline" + (worst ? " marked " + worst : "")}><span class="no" aria-hidden="true">${number}</span><span class="text" style=${{ paddingLeft: line.depth * 2 + "ch" }}
      >${line.key !== undefined ? html`<span class="key">${line.key}</span>: ` : null}<span class=${"value " + line.kind}>${line.text}</span>${line.comma ? "," : ""}</span></div>
    ${found ? found.map((f, i) => html`<div key=${i} class=${"here " + f.severity} style=${{ marginLeft: `calc(${line.depth * 2 + 1}ch + 3.4em)` }}><${Finding} f=${f} vendor=${vendor} short /></div>`) : null}`;
}

// Text is one that is no JSON, or is shown as it was sent; findings stand below the line
// that they name.
function Text({ text, findings, vendor }) {
  const [most, more] = useState(page);
  const all = useMemo(() => text.split("\n"), [text]);
  const long = 4000; // characters of a line
  return html`<div class="code" tabindex="0" role="group" aria-label="Body">${all.slice(0, most).map((line, i) => {
    const found = findings.filter((f) => (f.line || 1) === i + 1);
    return html`<div key=${i} class="codeline"><span class="no" aria-hidden="true">${i + 1}</span><span class="text">${line.length > long ? line.slice(0, long) + ` … ${line.length - long} more characters` : line}</span></div>${found.map((f, n) => html`<div key=${n} class=${"here " + f.severity} style=${{ marginLeft: "4.4em" }}><${Finding} f=${f} vendor=${vendor} /></div>`)}`;
  })}</div>${all.length > most ? html`<p><button type="button" class="small" onClick=${() => more(most + 4 * page)}>${all.length - most} more lines</button></p>` : null}`;
}
