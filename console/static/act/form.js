// A form made from a JSON Schema and the body that is there. It edits the body's text,
// and only the place that was changed.
import { html, useState, useRef, useMemo, useStore, Empty, plural } from "../base/ui.js";
import { read } from "../base/json.js";
import { added, removed, replaced, valueText } from "./edits.js";
import { schemas, described, partOf, firstValue, kindsOf, kindOf } from "./schemas.js";
import { Input, Source, Found, limits, worstMark } from "./inputs.js";

const page = 40; // elements of a list that are shown at once

// Form shows the body as it was when it could last be read, and is still meanwhile.
export function Form({ text, vendor, payload, edit, findings }) {
  useStore(schemas);
  const last = useRef(null), latest = useRef(text);
  latest.current = text;
  const now = useMemo(() => {
    try { return { tree: read(text), value: JSON.parse(text), text }; } catch { return null; }
  }, [text]);
  if (now) last.current = now;
  const shown = last.current;
  if (!shown) {
    const begin = async () => edit(JSON.stringify(await firstValue([partOf(vendor, payload)]), null, 2), true);
    return html`<${Empty} title="There is no JSON yet"><p><button type="button" onClick=${begin}>Begin with what must be there</button></p><//>`;
  }
  const at = new Map();
  for (const f of findings) if (f.pointer !== undefined) at.set(f.pointer, [...(at.get(f.pointer) || []), f]);
  // start puts a first value in, unless somebody has typed while its schema was fetched.
  const start = async (parts, kind, put) => {
    const value = await firstValue(parts, kind);
    if (latest.current === shown.text) edit(put(value), true);
  };
  const form = { vendor, text: shown.text, still: !now, edit, start, at };
  const parts = payload ? [partOf(vendor, payload)] : [];
  return html`<div class="form" role="group" aria-label="Body as a form">
    ${now ? null : html`<p class="note" role="status">The text cannot be read as JSON. Mend it, and the form goes on from there.</p>`}
    <${Value} node=${shown.tree} value=${shown.value} parts=${parts} form=${form} name="body" top />
  </div>`;
}

// Value edits one value, whatever it is.
function Value({ node, value, parts, form, name, top, required, remove, known = true }) {
  const d = described(parts, value);
  const id = "f" + node.pointer.replace(/[^A-Za-z0-9_-]/g, (c) => "." + c.charCodeAt(0).toString(16));
  const kind = kindOf(value);
  const head = { d, id, kind, node, form, name, parts, required, remove, known, label: node.pointer || "the body" };
  const write = (json) => form.edit(replaced(form.text, node, json));
  if (kind === "object" || kind === "array") return html`<${Nested} ...${head} value=${value} top=${top} />`;
  return html`<div class="field">
    <${Head} ...${head} /><${Input} id=${id} kind=${kind} value=${value} text=${node.text} d=${d} disabled=${form.still} describedby=${id + "-help"} secret=${d["x-secret"]} write=${write} />
    <${Help} ...${head} /><${Found} findings=${form.at.get(node.pointer)} /></div>`;
}

// Head names a value, and has what can be done with it as a whole.
function Head({ d, id, kind, node, form, name, parts, required, remove, known, label, children }) {
  return html`<div class="head">${children || html`<label for=${id}><code>${name}</code></label>`}
    ${required ? html`<span class="level">required</span>` : null}
    ${known ? null : html`<span class="quiet">not in the schema</span>`}
    <${Source} evidence=${d["x-evidence"]} requirement=${d["x-requirement"]} vendor=${form.vendor} what=${label} />
    <span class="spring"></span>
    <${Kind} d=${d} kind=${kind} node=${node} form=${form} parts=${parts} label=${label} />
    ${remove ? html`<button type="button" class="small" disabled=${form.still} aria-label=${"Remove " + label} title="Remove" onClick=${remove}>−</button>` : null}</div>`;
}

// Kind chooses between kinds of value where there may be several, or where there is
// another than there may be.
function Kind({ d, kind, node, form, parts, label }) {
  const may = kindsOf(d);
  if (!may.length || (may.length === 1 && may[0] === kind)) return null;
  const choose = (event) => form.start(parts, event.target.value, (value) => replaced(form.text, node, valueText(form.text, node, value)));
  return html`<select class="kind" aria-label=${"Kind of " + label} disabled=${form.still} value=${kind} onChange=${choose}>
    ${may.includes(kind) ? null : html`<option value=${kind}>${kind}</option>`}${may.map((k) => html`<option key=${k} value=${k}>${k}</option>`)}</select>`;
}

function Help({ d, id }) {
  const more = limits(d);
  return html`<div class="hint" id=${id + "-help"}>${d.description || null}${more ? html` <span class="quiet">(${more})</span>` : null}</div>`;
}

// Nested is an object or a list that can be folded; folded, nothing of it is drawn.
function Nested(props) {
  const { d, id, kind, node, form, name, top, value } = props;
  const depth = node.pointer.split("/").length - 1;
  const [open, toggle] = useState(depth < 3 && node.children.length <= page);
  const within = [...form.at].filter(([pointer]) => pointer.startsWith(node.pointer + "/")).flatMap(([, found]) => found);
  const inside = kind === "object" ? html`<${Members} ...${props} />` : html`<${Elements} ...${props} />`;
  const own = html`<${Found} findings=${form.at.get(node.pointer)} />`;
  if (top) return html`${d.description ? html`<p class="hint">${d.description}</p>` : null}${own}${inside}`;
  return html`<div class="nested" role="group" aria-label=${name}>
    <${Head} ...${props}><button type="button" class="fold" aria-expanded=${open ? "true" : "false"} aria-controls=${id + "-in"} onClick=${() => toggle(!open)}><span aria-hidden="true">${open ? "▾" : "▸"}</span> <code>${name}</code> <span class="quiet">${plural(node.children.length, kind === "object" ? "member" : "element")}</span></button> ${open ? null : worstMark(within)}<//>
    <${Help} ...${props} />${own}
    <div id=${id + "-in"} class="inside">${open ? inside : null}</div></div>`;
}

// Members are those of an object, in the order in which the text has them.
function Members({ d, node, form, value, id, label }) {
  const list = node.children.map((child) => {
    const parts = d.members.get(child.name) || (d.rest.length ? d.rest : null);
    return html`<${Value} key=${child.name} node=${child} value=${value[child.name]} parts=${parts || []} known=${Boolean(parts) || !d.members.size} form=${form} name=${child.name}
      required=${d.required.has(child.name)} remove=${() => form.edit(removed(form.text, node, child), true)} />`;
  });
  return html`${list}<${AddMember} d=${d} node=${node} form=${form} id=${id} label=${label} />`;
}

const other = "\u0000other";

// AddMember offers what is not there yet, first what has to be.
function AddMember({ d, node, form, id, label }) {
  const [naming, name] = useState("");
  const there = new Set(node.children.map((c) => c.name));
  const missing = [...new Set([...d.required, ...[...d.members.keys()].sort()])].filter((n) => !there.has(n));
  const add = (key) => {
    name("");
    if (key) form.start(d.members.get(key) || d.rest, undefined, (value) => added(form.text, node, key, value));
  };
  if (naming === other || (!missing.length && !d.members.size)) {
    const box = id + "-name";
    return html`<form class="add" onSubmit=${(event) => { event.preventDefault(); add(event.target.elements[0].value); event.target.reset(); }}>
      <label class="unseen" for=${box}>Name of a new member of ${label}</label><input id=${box} autocomplete="off" spellcheck="false" disabled=${form.still} placeholder="name of a new member" />
      <button type="submit" class="small" disabled=${form.still}>Add</button></form>`;
  }
  if (!missing.length && d.closed) return null;
  const choose = (event) => {
    const key = event.target.value;
    event.target.value = "";
    if (key === other) name(other);
    else add(key);
  };
  return html`<div class="add"><select aria-label=${"Add a member to " + label} disabled=${form.still} value="" onChange=${choose}><option value="">+ add a member …</option>
    ${missing.map((n) => html`<option key=${n} value=${n}>${n}${d.required.has(n) ? " (required)" : ""}</option>`)}
    ${d.closed ? null : html`<option value=${other}>another name …</option>`}</select></div>`;
}

// Elements are those of a list.
function Elements({ d, node, form, value, label }) {
  const [most, more] = useState(page);
  return html`${node.children.slice(0, most).map((child, i) => html`<${Value} key=${i} node=${child} value=${value[i]} parts=${d.items} form=${form} name=${String(i)} remove=${() => form.edit(removed(form.text, node, child), true)} />`)}
    ${node.children.length > most ? html`<p><button type="button" class="small" onClick=${() => more(most + 4 * page)}>${node.children.length - most} more</button></p>` : null}
    <div class="add"><button type="button" class="small" disabled=${form.still} aria-label=${"Add an element to " + label} onClick=${() => form.start(d.items, undefined, (value) => added(form.text, node, undefined, value))}>+ add an element</button></div>`;
}
