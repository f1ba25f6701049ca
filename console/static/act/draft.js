// A draft is what somebody is about to send: an event of the vendor's, or a call of the
// partner's. Here it is begun, from a sample, from an exchange or from a delivery.
import { get, post, base } from "../base/api.js";
import { contractOf, contractList, payloadOf, operationOf } from "../base/contracts.js";
import { Store } from "../base/ui.js";
import { own } from "../exchanges/call.js";
import { leaves, readOrNot, replaced } from "./edits.js";

// hidden is what the journal and the mock show in place of a secret.
export const hidden = "[redacted]";

export const isEvent = (name) => name.startsWith("events/");

const kept = new Map(); // drafts by place, so that coming back finds what was typed
let last = {};

// begun is the draft of a place: {contract, operation, draft}.
export async function begun({ of, item, ex }) {
  const key = [of, item, ex].join(" ");
  if (kept.has(key)) {
    const made = kept.get(key);
    made.draft.update({ channels: await channelsOf(made.contract.id) });
    return made;
  }
  const source = ex ? await sourceOf(ex) : null;
  const vendor = of || (source && source.vendor) || last.vendor || (await contractList())[0].id;
  const contract = await contractOf(vendor);
  const name = item || (source && source.operation) || (last.vendor === vendor && last.item) || (contract.events[0] || contract.operations[0] || {}).name;
  const operation = name && await operationOf(vendor, name);
  if (!operation) throw new Error(name ? `${contract.name} has no ${name}; choose another.` : `${contract.name} has no operations and no events.`);
  last = { vendor, item: name };
  const draft = new Store(await started(contract, operation, source));
  const made = { key: [vendor, name, ex].join(" "), contract, operation, draft };
  kept.set(made.key, made);
  return made;
}

// sourceOf is an exchange, or a delivery, as something to begin from.
async function sourceOf(id) {
  if (/^dl-/.test(id)) {
    const d = await get("deliveries/" + encodeURIComponent(id));
    return { id, vendor: d.vendor, operation: "events/" + d.event, channel: d.channel, text: d.body === undefined ? "" : JSON.stringify(d.body, null, 2), header: {}, url: "" };
  }
  const e = await get("journal/" + encodeURIComponent(id));
  if (!e.operation) throw new Error(`${id} matches no operation of a contract, so that there is no form for it. Copy it as curl instead.`);
  return { id, vendor: e.vendor, operation: e.operation, channel: e.channel, text: e.request.body.text || "", cut: e.request.body.cut || e.request.body.base64, header: e.request.header || {}, url: e.request.url };
}

const channelsOf = async (vendor) => (await get("channels")).channels.filter((c) => c.vendor === vendor);

async function started(contract, operation, source) {
  const channels = await channelsOf(contract.id);
  const fits = source && source.operation === operation.name;
  const chosen = channels.find((c) => fits && c.id === source.channel) || channels.find((c) => c.url) || channels[0];
  const kinds = operation.contentTypes.filter((t) => !/^multipart\//.test(t));
  const d = {
    text: "", undo: [], sample: "", channels, channel: chosen ? chosen.id : "", to: "", broken: false, values: {}, secrets: {}, other: "", note: "",
    contentType: kinds.find((t) => /json/.test(t)) || kinds[0] || "",
  };
  if (chosen && !isEvent(operation.name)) Object.assign(d.values, valuesOf(operation, chosen.address));
  for (const p of operation.parameters) {
    const given = [p.schema.const, p.schema.default, p.schema.example, (p.schema.enum || [])[0]].find((v) => v !== undefined);
    const place = p.in + ":" + p.name;
    if (p.required && given !== undefined && !d.values[place]) d.values[place] = String(given);
  }
  if (fits) {
    Object.assign(d.values, valuesOf(operation, source.url));
    Object.assign(d, headersOf(operation, source.header, d));
    d.text = indented(source.text, d.contentType);
    if (source.cut) d.note = `The journal does not have the whole body of ${source.id} as text.`;
    return d;
  }
  d.sample = samplesOf(contract, operation)[0] || "";
  return { ...d, ...await sampled(contract, operation, d) };
}

export const samplesOf = (contract, operation) => (contract.payloads.find((p) => p.name === payloadName(operation)) || { samples: [] }).samples;

export const payloadName = (operation, type) => (operation.bodies && type && operation.bodies[type]) || operation.payload || Object.values(operation.bodies || {})[0] || "";

// sampled is the text of a draft's sample: of an event, as the mock would complete it.
export async function sampled(contract, operation, d) {
  const event = isEvent(operation.name);
  if (event && d.channel) {
    try {
      const made = await post("compose", { vendor: contract.id, event: operation.id, channel: d.channel, sample: d.sample || undefined, broken: true });
      return { text: made.body === undefined ? "" : JSON.stringify(made.body, null, 2), note: "" };
    } catch (failure) {
      if (failure.status === 401 || failure.status === 0) throw failure; // else the document's sample will do
    }
  }
  const name = payloadName(operation);
  if (!name) return { text: "", note: "" };
  const payload = await payloadOf(contract.id, name);
  const value = payload.samples[d.sample];
  if (value === undefined) return { text: "", note: "" };
  let text = typeof value === "string" ? value : JSON.stringify(arranged(value, payload.schema), null, 2);
  const { tree } = readOrNot(text);
  const channel = d.channels.find((c) => c.id === d.channel);
  if (tree && !event && channel && channel.token) {
    const secret = await secretsOf(contract.id, payload);
    const places = [];
    leaves(tree, (node) => { if (secret.has(node.pointer)) places.unshift(node); });
    for (const node of places) text = replaced(text, node, JSON.stringify(hidden));
  }
  return { text, note: "" };
}

// arranged puts what must be there first, in the order in which the schema demands it.
function arranged(value, schema) {
  if (value === null || typeof value !== "object" || Array.isArray(value) || !schema) return value;
  const first = (schema.required || []).filter((name) => name in value);
  const names = [...first, ...Object.keys(value).filter((name) => !first.includes(name))];
  return Object.fromEntries(names.map((name) => [name, arranged(value[name], (schema.properties || {})[name])]));
}

// secretsOf are the pointers of members that are secrets, next to the body's root.
async function secretsOf(vendor, payload) {
  const found = new Set();
  const look = (schema, pointer, depth) => {
    for (const [name, s] of Object.entries((schema && schema.properties) || {})) {
      const at = pointer + "/" + name.replace(/~/g, "~0").replace(/\//g, "~1");
      if (s["x-secret"]) found.add(at);
      else if (depth < 4) look(s, at, depth + 1);
    }
    for (const s of (schema && schema.allOf) || []) if (depth < 4) look(s, pointer, depth + 1);
  };
  look(payload.schema, "", 0);
  return found;
}

function indented(text, type) {
  if (/form-urlencoded/.test(type)) return JSON.stringify(Object.fromEntries(new URLSearchParams(text)), null, 2);
  const { tree } = readOrNot(text);
  return tree && tree.children && !text.includes("\n") ? JSON.stringify(JSON.parse(text), null, 2) : text;
}

// valuesOf are the parameters that an address has, as far as it is one of the operation.
export function valuesOf(operation, address) {
  if (!address || !operation.path) return {};
  const url = new URL(address, base), values = {};
  const names = [];
  const shape = operation.path.split(/\{([^}]+)\}/).map((s, i) => (i % 2 ? (names.push(s), "([^/]*)") : s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))).join("");
  const match = new RegExp(shape + "$").exec(url.pathname);
  if (match) names.forEach((name, i) => { values["path:" + name] = decodeURIComponent(match[i + 1]); });
  for (const p of operation.parameters) {
    const given = url.searchParams.getAll(p.name);
    if (p.in === "query" && given.length && !given.includes(hidden)) values["query:" + p.name] = given.join(",");
  }
  return values;
}

// headersOf takes over the header of an exchange; what is hidden in it has to be given anew.
function headersOf(operation, header, d) {
  const values = { ...d.values }, other = [];
  let { contentType } = d;
  for (const [name, list] of Object.entries(header)) {
    const text = list.join(", ");
    const p = operation.parameters.find((one) => one.in === "header" && one.name.toLowerCase() === name.toLowerCase());
    if (/^content-type$/i.test(name)) contentType = text;
    else if (p) values["header:" + p.name] = text.includes(hidden) ? "" : text;
    else if (!own.test(name) && !/^(authorization|accept)$/i.test(name) && !text.includes(hidden)) other.push(`${name}: ${text}`);
  }
  return { values, contentType, other: other.join("\n") };
}
