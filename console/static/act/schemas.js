// What JSON Schemas say about a value that somebody edits: its kinds, its members, what
// may stand there. Nothing is judged here; the validator does that.
import { Store } from "../base/ui.js";
import { payloadOf } from "../base/contracts.js";

// schemas changes when one has arrived that was asked for while something was drawn.
export const schemas = new Store(0);
const known = new Map();
const awaited = new Set();

function schemaOf(vendor, name) {
  const key = vendor + " " + name;
  if (!known.has(key)) {
    known.set(key, undefined);
    const arrival = payloadOf(vendor, name).then((p) => known.set(key, p.schema), () => known.set(key, {})).then(() => {
      awaited.delete(arrival);
      schemas.set(schemas.value + 1);
    });
    awaited.add(arrival);
  }
  return known.get(key);
}

// A part is a schema with the payload in whose file it stands: {schema, base, vendor}.
export const partOf = (vendor, name) => ({ schema: { $ref: "#" }, base: name, vendor });

function referred(part) {
  const [file, pointer = ""] = part.schema.$ref.split("#");
  let base = part.base;
  if (file) base = decodeURIComponent(new URL(file, "http://payloads/" + base).pathname.slice(1)).replace(/\.schema\.json$/, "");
  let schema = schemaOf(part.vendor, base);
  for (const step of pointer.split("/").slice(1)) {
    schema = schema && schema[decodeURIComponent(step).replace(/~1/g, "/").replace(/~0/g, "~")];
  }
  return { schema, base, vendor: part.vendor };
}

const within = (part, schema) => ({ ...part, schema });
const notes = ["title", "description", "format", "default", "examples", "example", "minimum", "maximum", "minLength", "maxLength", "pattern", "x-evidence", "x-requirement", "x-secret"];

// described gathers what all of the parts say of one value; where they leave a choice,
// the value decides, and else all of it may stand there.
export function described(parts, value) {
  const d = { types: null, members: new Map(), required: new Set(), items: [], rest: [], choices: null, variants: null, known: [] };
  for (const part of parts) take(d, part, value, 0);
  return d;
}

function take(d, part, value, depth) {
  const s = part.schema;
  if (!s || typeof s !== "object" || depth > 16) return;
  for (const note of notes) if (d[note] === undefined && s[note] !== undefined) d[note] = s[note];
  if (s.$ref) take(d, referred(part), value, depth + 1);
  if (s.type) narrow(d, [s.type].flat());
  if (s.const !== undefined) d.choices = [s.const];
  if (s.enum && !(d.choices && d.choices.length < s.enum.length)) d.choices = s.enum;
  if (s["x-known-values"]) d.known = [...new Set([...d.known, ...s["x-known-values"]])];
  if (s.variants) d.variants = s.variants;
  for (const [name, schema] of Object.entries(s.properties || {})) member(d, name).push(within(part, schema));
  for (const name of s.required || []) d.required.add(name);
  if (s.items && !Array.isArray(s.items)) d.items.push(within(part, s.items));
  if (s.additionalProperties === false) d.closed = true;
  else if (s.additionalProperties && typeof s.additionalProperties === "object") d.rest.push(within(part, s.additionalProperties));
  for (const schema of s.allOf || []) take(d, within(part, schema), value, depth + 1);
  if (s.if) condition(d, part, value, depth);
  for (const branches of [s.oneOf, s.anyOf]) if (branches) alternatives(d, branches.map((b) => within(part, b)), value, depth);
}

function narrow(d, types) {
  d.types = d.types ? d.types.filter((t) => types.includes(t) || (t === "integer" && types.includes("number"))) : types;
}

function member(d, name) {
  if (!d.members.has(name)) d.members.set(name, []);
  return d.members.get(name);
}

// condition follows what holds, and keeps in mind which values decide about it.
function condition(d, part, value, depth) {
  const { if: test, then, else: other } = part.schema;
  for (const [name, s] of Object.entries(test.properties || {})) {
    const decide = s.const !== undefined ? [s.const] : s.enum;
    if (decide) member(d, name).push(within(part, { "x-known-values": decide }));
  }
  const next = holds(within(part, test), value, true) ? then : other;
  if (next) take(d, within(part, next), value, depth + 1);
}

function alternatives(d, branches, value, depth) {
  const fit = value === undefined ? [] : branches.filter((b) => holds(b, value, true));
  const may = fit.length ? fit : branches.filter((b) => value === undefined || holds(b, value, false));
  const all = branches.map((b) => described([b], value));
  for (const name of new Set(all.flatMap((one) => [...one.members.keys()]))) {
    const decide = all.map((one) => one.members.has(name) && described(one.members.get(name)).choices);
    if (branches.length > 1 && decide.every(Boolean)) member(d, name).push({ schema: { variants: [...new Set(decide.flat())] }, base: branches[0].base });
  }
  if (may.length === 1) { take(d, may[0], value, depth + 1); }
  else {
    for (const one of may.length ? may.map((b) => described([b], value)) : all) {
      for (const [name, parts] of one.members) member(d, name).push(...parts);
      d.items.push(...one.items);
    }
  }
  const types = all.flatMap((one) => one.types || []);
  if (all.every((one) => one.types) && (may.length !== 1 || branches.length > 1)) d.types = [...new Set(types)];
  if (!d.choices && all.length && all.every((one) => one.choices)) d.choices = [...new Set(all.flatMap((one) => one.choices))];
}

export function kindOf(value) {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

// holds reports whether a value may be what a schema describes, by its kind and by what
// is to stand in its members; strictly: and has the members that it must have.
function holds(part, value, strictly, depth = 0) {
  const s = part.schema;
  if (!s || typeof s !== "object" || depth > 8) return s !== false;
  const kind = kindOf(value), plain = kind === "object";
  const same = (a) => JSON.stringify(a) === JSON.stringify(value);
  const inner = (schema) => holds(within(part, schema), value, strictly, depth + 1);
  return (!s.$ref || holds(referred(part), value, strictly, depth + 1))
    && (!s.type || [s.type].flat().some((t) => t === kind || (t === "integer" && kind === "number")))
    && (s.const === undefined || same(s.const)) && (!s.enum || s.enum.some(same))
    && (!plain || !strictly || (s.required || []).every((name) => name in value))
    && (!plain || Object.entries(s.properties || {}).every(([name, p]) => !(name in value) || holds(within(part, p), value[name], strictly, depth + 1)))
    && (s.allOf || []).every(inner) && (!s.anyOf || s.anyOf.some(inner)) && (!s.oneOf || s.oneOf.some(inner)) && (!s.not || !inner(s.not));
}

// kindsOf are the kinds of value that may stand somewhere; none: any may.
export function kindsOf(d) {
  if (d.types) return [...new Set(d.types.map((t) => (t === "integer" ? "number" : t)))];
  if (d.members.size) return ["object"];
  return d.items.length ? ["array"] : [];
}

// firstValue is a value to begin with: what must be there, and no more.
export async function firstValue(parts, kind) {
  for (;;) {
    const value = skeleton(parts, kind);
    if (!awaited.size) return value;
    await Promise.all(awaited);
  }
}

function skeleton(parts, kind, depth = 0) {
  const d = described(parts);
  const given = [(d.variants || d.choices || [])[0], d.default, (d.examples || [])[0], d.example, d.known[0]].filter((v) => v !== undefined);
  const want = kind || kindsOf(d).find((k) => k !== "null") || kindsOf(d)[0] || (given.length ? kindOf(given[0]) : "string");
  const found = given.find((v) => kindOf(v) === want);
  if (found !== undefined) return found;
  switch (want) {
    case "object":
      return depth > 6 ? {} : Object.fromEntries([...d.required].map((name) => [name, skeleton(d.members.get(name) || [], undefined, depth + 1)]));
    case "array": return [];
    case "number": return d.minimum ?? 0;
    case "boolean": return false;
    case "null": return null;
  }
  return "";
}
