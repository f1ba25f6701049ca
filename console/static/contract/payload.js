// A payload: its fields as a tree, its samples, and its schema.
import { html, useState, useMemo, useLoaded, Failure } from "../base/ui.js";
import { payloadOf } from "../base/contracts.js";
import { Body } from "../exchanges/body.js";
import { Because, Item } from "../base/evidence.js";
import { Seen } from "./touched.js";
import { Readings } from "./readings.js";

const page = 200; // fields that are shown at once

export function Payload({ contract, name, touched }) {
  const loaded = useLoaded(() => payloadOf(contract.id, name), [contract.id, name]);
  if (loaded.failure) return html`<${Failure} failure=${loaded.failure} retry=${loaded.reload} />`;
  const p = loaded.value;
  if (!p || p.name !== name) return html`<p class="quiet">Reading …</p>`;
  const seen = touched && touched.payloads.get(name);
  return html`<div class="payload">
    ${p.description || p.title ? html`<p class="prose">${p.description || p.title}${seen ? html` <${Seen} count=${seen.count} />` : null}</p>` : null}
    ${p.fields.length ? html`<${Fields} p=${p} seen=${seen} contract=${contract} />` : html`<p class="quiet">It has no fields of its own${p.schema.type ? `: ${p.schema.type}` : ""}.</p>`}
    <${Samples} samples=${p.samples} />
    <details class="folded"><summary>JSON Schema</summary><${Shown} text=${JSON.stringify(p.schema, null, 2)} /></details>
    <${Readings} ids=${p.readings} contract=${contract} title="Readings that decide about the payload" />
  </div>`;
}

function Fields({ p, seen, contract }) {
  const [most, more] = useState(page);
  return html`<table class="fields"><thead><tr><th scope="col">field</th>${seen ? html`<th scope="col">seen</th>` : null}<th scope="col">type</th><th scope="col">evidence</th><th scope="col">meaning</th></tr></thead>
    <tbody>${p.fields.slice(0, most).map((f) => html`<${Field} key=${f.pointer} f=${f} schema=${p.schema} seen=${seen && (seen.byPointer.get(f.pointer) || {})} contract=${contract} />`)}</tbody></table>
    ${p.fields.length > most ? html`<p><button type="button" class="small" onClick=${() => more(most + 4 * page)}>${p.fields.length - most} more fields</button></p>` : null}`;
}

function Field({ f, schema, seen, contract }) {
  const parts = f.pointer.split("/").slice(1);
  let name = parts[parts.length - 1].replace(/~1/g, "/").replace(/~0/g, "~");
  if (parts[parts.length - 2] === "*") name = "[ ] " + name;
  const depth = parts.filter((part) => part !== "*").length - 1;
  const at = useMemo(() => schemaAt(schema, f.pointer), [schema, f.pointer]);
  return html`<tr><th scope="row"><span style=${{ paddingLeft: Math.min(depth, 12) * 1.3 + "em" }} title=${f.pointer}><code>${name}</code>${f.required ? html`<${Must} />` : null}</span></th>
    ${seen ? html`<td><${Seen} count=${seen.present || 0} /></td>` : null}
    <td class="type">${f.type}</td><td><${Because} evidence=${f.evidence} /></td>
    <td>${f.description} <span class="quiet">${keywords(at)}</span>${f.requirement ? html` <${Item} vendor=${contract.id} id=${f.requirement} />` : null}
      ${seen && seen.values ? html`<div class="values">${seen.values.map((v) => html`<span key=${String(v.value)}><code>${JSON.stringify(v.value)}</code> <${Seen} count=${v.count} /></span> `)}${seen.other ? html`<span>others <${Seen} count=${seen.other} /></span>` : null}</div>` : null}</td></tr>`;
}

export function Must() {
  return html`<b class="must" title="required"> <span aria-hidden="true">*</span><span class="unseen"> required</span></b>`;
}

// schemaAt is the part of a schema that describes a field, where it stands in the schema
// itself.
function schemaAt(schema, pointer) {
  let at = schema;
  for (const part of pointer.split("/").slice(1)) {
    if (at && at.$ref && at.$ref.startsWith("#/")) at = at.$ref.slice(2).split("/").reduce((inner, key) => inner && inner[key.replace(/~1/g, "/").replace(/~0/g, "~")], schema);
    if (!at) return undefined;
    at = part === "*" ? at.items : (at.properties || {})[part.replace(/~1/g, "/").replace(/~0/g, "~")];
  }
  return at;
}

const shown = ["enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "default", "x-known-values"];

// keywords is what a schema demands beyond its type, in a line; assumed are the keywords
// that nothing shows.
export function keywords(schema, assumed = (schema || {})["x-assumed"]) {
  if (!schema || typeof schema !== "object") return "";
  return shown.filter((key) => schema[key] !== undefined)
    .map((key) => `${key.replace("x-", "").replace("-", " ")} ${JSON.stringify(schema[key])}${(assumed || []).includes(key) ? " (assumed)" : ""}`).join(", ");
}

function Samples({ samples }) {
  const names = Object.keys(samples);
  const [chosen, choose] = useState(names.includes("documented") ? "documented" : names[0]);
  if (!names.length) return html`<p class="quiet">No sample is documented.</p>`;
  const one = samples[chosen];
  return html`<div class="samples"><div class="options" role="group" aria-label="Samples"><span class="quiet">samples</span>${names.map((name) => html`<button key=${name} type="button" class="small" aria-pressed=${name === chosen ? "true" : "false"} onClick=${() => choose(name)}>${name}</button>`)}</div>
    <${Shown} key=${chosen} text=${typeof one === "string" ? one : JSON.stringify(one, null, 2)} json=${typeof one !== "string"} /></div>`;
}

// Shown is a text as bodies are shown.
function Shown({ text, json = true }) {
  const body = { text, size: new TextEncoder().encode(text).length };
  return html`<${Body} body=${body} header=${{ "Content-Type": [json ? "application/json" : "text/plain"] }} findings=${[]} />`;
}
