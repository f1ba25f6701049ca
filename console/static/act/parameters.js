// What a call has beside its body: parameters, credentials, other headers.
import { html } from "../base/ui.js";
import { described } from "./schemas.js";
import { Input, Source, limits } from "./inputs.js";
import { credentialsOf, isList, secretName } from "./request.js";

export function Parameters({ operation, vendor, values, set }) {
  const list = operation.parameters.filter((p) => p.in !== "cookie");
  const cookies = operation.parameters.filter((p) => p.in === "cookie");
  if (!operation.parameters.length) return null;
  return html`<fieldset class="plain"><legend>Parameters</legend>
    ${list.map((p) => html`<${Parameter} key=${p.in + p.name} p=${p} vendor=${vendor} value=${values[p.in + ":" + p.name] || ""} set=${(value) => set({ ...values, [p.in + ":" + p.name]: value })} />`)}
    ${cookies.length ? html`<p class="note">A page may send no cookie of its own: ${cookies.map((p) => html`<code key=${p.name}>${p.name}</code> `)} can only be sent with curl.</p>` : null}</fieldset>`;
}

function Parameter({ p, vendor, value, set }) {
  const d = described([{ schema: p.schema }]);
  const id = `p-${p.in}-${p.name}`;
  const choices = (d.choices || (p.type === "boolean" ? [true, false] : [])).map(String);
  const more = [p.type === "string" || p.type === "any" ? "" : isList(p) ? p.type + ", with commas" : p.type, limits(d)].filter(Boolean).join(", ");
  return html`<div class="field"><div class="head"><label for=${id}><code>${p.name}</code> <span class="quiet">${p.in}</span></label>${p.required ? html`<span class="level">required</span>` : null}
      <${Source} evidence=${p.evidence} requirement=${p.requirement} vendor=${vendor} what=${p.name} /></div>
    ${choices.length ? html`<select id=${id} aria-describedby=${id + "-help"} value=${value} onChange=${(event) => set(event.target.value)}><option value="">${p.required ? "choose …" : "left out"}</option>${choices.includes(value) || !value ? null : html`<option value=${value}>${value}</option>`}${choices.map((c) => html`<option key=${c} value=${c}>${c}</option>`)}</select>`
      : html`<${Input} id=${id} kind="string" value=${value} d=${d} secret=${p.secret} describedby=${id + "-help"} write=${(json) => set(JSON.parse(json))} />`}
    <div class="hint" id=${id + "-help"}>${p.description}${more ? html` <span class="quiet">(${more})</span>` : null}</div></div>`;
}

// Credentials are kept in the page only, and are in no copy.
export function Credentials({ operation, secrets, set }) {
  const list = credentialsOf(operation);
  if (!list.length) return null;
  return html`<fieldset class="plain"><legend>Credentials</legend>${list.map((c) => {
    const name = secretName(c), id = "c-" + name.replace(/\W+/g, "-");
    return html`<div class="field" key=${name}><div class="head"><label for=${id}><code>${name}</code></label><${Source} evidence=${c.evidence} what=${name} /></div>
      <input id=${id} type="password" autocomplete="off" value=${secrets[name] || ""} onInput=${(event) => set({ ...secrets, [name]: event.target.value })} aria-describedby=${id + "-help"} />
      <div class="hint" id=${id + "-help"}>${c.scheme === "basic" ? "As user:password." : c.type === "mutualTLS" || c.in === "cookie" ? "A page cannot send this; use curl." : c.type === "apiKey" ? "Its value." : "What stands behind it, without the scheme's name."} It is kept in this page only; copies have $TOKEN in its place.</div></div>`;
  })}</fieldset>`;
}

export function OtherHeaders({ text, set }) {
  return html`<details class="headers" open=${text !== ""}><summary>Other headers</summary>
    <label class="unseen" for="other-headers">Other headers, one a line</label>
    <textarea id="other-headers" rows="3" spellcheck="false" value=${text} placeholder="Prefer: code=500, delay=800" onInput=${(event) => set(event.target.value)}></textarea>
    <p class="hint">One a line. <code>Prefer: code=404</code> asks the mock for that answer.</p></details>`;
}
