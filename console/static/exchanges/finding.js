// Findings: in short, or in full with who says so.
import { html, useLoaded, Mark } from "../base/ui.js";
import { linkTo, follow } from "../base/place.js";
import { requirementOf } from "../base/contracts.js";

// Findings are listed in short above the parts, the worst first; in full they stand at
// their place.
export function Findings({ e }) {
  const list = e.findings || [];
  if (!list.length) return null;
  return html`<ul class="findings short">${list.map((f, i) => html`<li key=${i} class=${f.severity}><${Mark} severity=${f.severity} /> <code>${f.code}</code>${f.pointer ? html` <code class="pointer">${f.pointer}</code>` : null}${" "}<span class="quiet">${f.expected ? `expected ${f.expected}, got ${f.actual || "nothing"}` : f.actual}</span></li>`)}</ul>`;
}

export function Finding({ f, vendor, short }) {
  return html`<${Mark} severity=${f.severity} /> <code>${f.code}</code>${f.pointer ? html` at <code class="pointer">${f.pointer}</code>` : null}${f.line && !short ? html` <span class="quiet">line ${f.line}, column ${f.column}</span>` : null}
    ${short ? " " : null}<div class="said">${f.expected ? html`expected <b>${f.expected}</b>, got <b>${f.actual || "nothing"}</b>` : f.actual}${f.hint ? html`<div class="hint">${f.hint}</div>` : null}
    ${f.requirement ? html`<${Requirement} vendor=${vendor} id=${f.requirement} />` : null}</div>`;
}

// Requirement shows who says so: the sentence, its page and its evidence.
export function Requirement({ vendor, id }) {
  const known = useLoaded(() => requirementOf(vendor, id), [vendor, id]).value;
  const link = { view: "contract", of: vendor, item: id };
  return html`<div class="requirement"><a href=${linkTo(link)} onClick=${follow(link)}>${id}</a>${known ? html` <span class="level">${known.level}</span> <span class=${"evidence " + known.evidence.class}>${known.evidence.class}</span> ${known.text}
    ${known.evidence.quote ? html`<blockquote>“${known.evidence.quote}” ${known.evidence.url ? html`<a href=${known.evidence.url} rel="noreferrer noopener" target="_blank">${known.evidence.title || known.evidence.source}</a>` : known.evidence.title || known.evidence.source}</blockquote>` : null}` : null}</div>`;
}
