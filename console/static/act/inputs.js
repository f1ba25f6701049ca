// Inputs for one value: of a body's member, or of a parameter.
import { html, useState, Mark } from "../base/ui.js";
import { Requirement } from "../exchanges/finding.js";

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const shownAs = (choice) => (typeof choice === "string" ? choice : JSON.stringify(choice));

// Input edits a text, a number or a yes-or-no; it hands on JSON, as it is to be written.
export function Input({ id, kind, value, text, d, secret, disabled, describedby, write }) {
  const common = { id, disabled, "aria-describedby": describedby };
  const choices = d.variants || d.choices;
  if (choices && kind !== "object" && kind !== "array") {
    const own = JSON.stringify(value);
    const all = choices.map((c) => JSON.stringify(c));
    return html`<select ...${common} value=${own} onChange=${(event) => write(event.target.value)}>
      ${all.includes(own) ? null : html`<option value=${own}>${shownAs(value)} (not in the contract)</option>`}
      ${choices.map((c, i) => html`<option key=${all[i]} value=${all[i]}>${shownAs(c)}</option>`)}</select>`;
  }
  if (kind === "boolean") {
    return html`<select ...${common} value=${text} onChange=${(event) => write(event.target.value)}><option value="true">true</option><option value="false">false</option></select>`;
  }
  if (kind === "null") return html`<input ...${common} value="null" readonly />`;
  if (kind === "number") return html`<${NumberInput} common=${common} text=${text} d=${d} write=${write} />`;
  const type = (event) => write(JSON.stringify(event.target.value));
  if (secret) return html`<input ...${common} type="password" autocomplete="off" value=${value} onInput=${type} />`;
  if (value.length > 70 || value.includes("\n")) return html`<textarea ...${common} rows=${Math.min(8, 2 + value.split("\n").length)} value=${value} onInput=${type}></textarea>`;
  return html`<input ...${common} spellcheck="false" autocomplete="off" value=${value} list=${d.known.length ? id + "-known" : null} onInput=${type} />
    ${d.known.length ? html`<datalist id=${id + "-known"}>${d.known.map((k) => html`<option key=${String(k)} value=${String(k)}></option>`)}</datalist>` : null}`;
}

// NumberInput keeps what is no number yet to itself.
function NumberInput({ common, text, d, write }) {
  const [typed, type] = useState(null);
  const input = (event) => {
    const given = event.target.value.trim();
    type(number.test(given) ? null : given);
    if (number.test(given)) write(given);
  };
  return html`<input ...${common} inputmode="decimal" autocomplete="off" spellcheck="false" value=${typed ?? text} aria-invalid=${typed === null ? null : "true"} onInput=${input}
    placeholder=${d.minimum !== undefined ? `at least ${d.minimum}` : null} />${typed === null ? null : html`<span class="failure" role="status">no number yet</span>`}`;
}

// limits says in words what else a value has to be.
export function limits(d) {
  const said = [];
  if (d.format) said.push("format " + d.format);
  if (d.minimum !== undefined) said.push("at least " + d.minimum);
  if (d.maximum !== undefined) said.push("at most " + d.maximum);
  if (d.minLength > 1) said.push(`${d.minLength} characters or more`);
  if (d.maxLength !== undefined) said.push(`${d.maxLength} characters or fewer`);
  if (d.pattern) said.push("pattern " + d.pattern);
  return said.join(", ");
}

// Source shows how sure a description is; opened, who says so.
export function Source({ evidence, requirement, vendor, what }) {
  const [open, toggle] = useState(false);
  const e = typeof evidence === "string" ? { class: evidence } : evidence || {};
  if (!e.class && !requirement) return null;
  const says = e.quote || requirement;
  return html`${says ? html`<button type="button" class=${"evidence " + (e.class || "")} aria-expanded=${open ? "true" : "false"} aria-label=${`${e.class || "requirement"}: who says so of ${what}`} onClick=${() => toggle(!open)}>${e.class || "requirement"}</button>`
    : html`<span class=${"evidence " + e.class}>${e.class}</span>`}
    ${open ? html`<div class="source">${requirement ? html`<${Requirement} vendor=${vendor} id=${requirement} />` : html`<blockquote>“${e.quote}” ${e.source}</blockquote>`}</div>` : null}`;
}

// Found are the findings at one place of a form, in short: who says so stands in its head.
export function Found({ findings }) {
  return findings && findings.length ? html`${findings.map((f, i) => html`<div key=${i} class=${"here " + f.severity}><${Mark} severity=${f.severity} /> <code>${f.code}</code> ${f.expected ? html`expected <b>${f.expected}</b>, got <b>${f.actual || "nothing"}</b>` : f.actual}${f.hint ? html`<div class="hint">${f.hint}</div>` : null}</div>`)}` : null;
}

export function worstMark(findings) {
  const worst = ["harness_error", "error", "warn", "info"].find((s) => findings.some((f) => f.severity === s));
  return worst ? html`<${Mark} severity=${worst} count=${findings.filter((f) => f.severity === worst).length} />` : null;
}
