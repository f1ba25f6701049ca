// What a draft comes to: the call, or the order to the mock, and what both look like
// before they are sent.
import { get, base } from "../base/api.js";
import { hidden, isEvent } from "./draft.js";
import { leaves, readOrNot, removed, replaced } from "./edits.js";

const isForm = (d) => /form-urlencoded/.test(d.contentType);

// encoded is the body as it crosses the wire: of a form, its members as a query.
export function encoded(d) {
  if (!isForm(d)) return d.text;
  try {
    const value = JSON.parse(d.text);
    return new URLSearchParams(Object.entries(value).map(([k, v]) => [k, typeof v === "string" ? v : JSON.stringify(v)])).toString();
  } catch { return d.text; }
}

export const isEncoded = (d) => isForm(d) && encoded(d) !== d.text;

// withoutHidden leaves members out whose value is hidden: the mock knows it.
function withoutHidden(text) {
  for (;;) {
    const { tree } = readOrNot(text);
    let found = null;
    if (tree) leaves(tree, (node, parent) => { if (node.text === JSON.stringify(hidden) && parent && parent.kind === "object") found = [parent, node]; });
    if (!found) return text;
    text = removed(text, ...found);
  }
}

// order is what POST send and POST compose take, as a text: the body stays as written.
export function order(contract, operation, d, more) {
  const members = { vendor: contract.id, event: operation.id, channel: d.channel || undefined, to: d.to || undefined, broken: d.broken || undefined, ...more };
  if (!d.text.trim()) {
    const set = Object.fromEntries(Object.entries(d.values).filter(([, v]) => v !== "").map(([place, v]) => [place.slice(place.indexOf(":") + 1), v]));
    if (Object.keys(set).length) members.set = set;
    return JSON.stringify(members);
  }
  const { tree, problem } = readOrNot(d.text);
  if (!tree) throw new Error("The body cannot be read as JSON: " + problem.message + ".");
  if (tree.kind !== "object") throw new Error("The body of an event has to be a JSON object here.");
  return JSON.stringify(members).slice(0, -1) + ',"body":' + withoutHidden(d.text).trim() + "}";
}

// isList reports that a parameter's value is a list; it is typed with commas.
export const isList = (p) => [p.schema.type].flat().includes("array");

// urlOf is the address that a call has, below the mock.
export function urlOf(operation, d) {
  let path = operation.path.replace(/\{([^}]+)\}/g, (whole, name) => (d.values["path:" + name] ? encodeURIComponent(d.values["path:" + name]) : whole));
  const query = new URLSearchParams();
  for (const p of operation.parameters) {
    const value = d.values["query:" + p.name];
    if (p.in !== "query" || value === undefined || value === "") continue;
    const list = isList(p) && p.explode ? value.split(",") : [value];
    for (const one of list) query.append(p.name, one);
  }
  for (const c of credentialsOf(operation)) if (c.in === "query" && d.secrets[secretName(c)]) query.append(c.name, d.secrets[secretName(c)]);
  const text = query.toString();
  return path + (text ? "?" + text : "");
}

// credentialsOf are those that a call may need, each once.
export function credentialsOf(operation) {
  const all = new Map();
  for (const set of operation.credentials || []) for (const c of set) all.set(secretName(c), c);
  return [...all.values()];
}

export const secretName = (c) => (c.type === "apiKey" ? `${c.in} ${c.name}` : c.scheme ? "Authorization: " + c.scheme : c.type);

export function headersOf(operation, d) {
  const headers = {};
  if (d.contentType && encoded(d) !== "") headers["Content-Type"] = d.contentType;
  for (const p of operation.parameters) if (p.in === "header" && d.values["header:" + p.name]) headers[p.name] = d.values["header:" + p.name];
  for (const c of credentialsOf(operation)) {
    const secret = d.secrets[secretName(c)];
    if (!secret) continue;
    if (c.type === "apiKey" && c.in === "header") headers[c.name] = secret;
    else if (c.scheme === "basic") headers.Authorization = "Basic " + (secret === withheld ? secret : btoa(unescape(encodeURIComponent(secret))));
    else if (c.scheme) headers.Authorization = `${c.scheme[0].toUpperCase()}${c.scheme.slice(1)} ${secret}`;
  }
  for (const line of d.other.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return headers;
}

// requestOf is the call, with the channel's token in place of what is hidden.
export async function requestOf(operation, d) {
  let body = encoded(d);
  if (body.includes(hidden) && d.channel) {
    const { token } = await get("channels/" + encodeURIComponent(d.channel), { token: "show" });
    if (token) body = encoded({ ...d, text: withToken(d.text, token) });
  }
  return { method: operation.method, path: urlOf(operation, d), headers: headersOf(operation, d), body };
}

function withToken(text, token) {
  const { tree } = readOrNot(text), places = [];
  if (tree) leaves(tree, (node) => { if (node.text === JSON.stringify(hidden)) places.unshift(node); });
  for (const node of places) text = replaced(text, node, JSON.stringify(token));
  return text;
}

// withheld stands in what is copied for what was typed into a password's input.
const withheld = "$TOKEN";

// exchangeLike has the form of an exchange, for those who copy.
export function exchangeLike(contract, operation, d) {
  const event = isEvent(operation.name);
  const success = operation.responses.map((r) => Number(r.status)).find((s) => s >= 200 && s < 300);
  const channel = d.channels.find((c) => c.id === d.channel) || {};
  d = { ...d, secrets: Object.fromEntries(Object.entries(d.secrets).map(([name, secret]) => [name, secret && withheld])) };
  return {
    vendor: contract.id, operation: operation.name, caller: event ? "vendor" : "partner",
    request: {
      method: operation.method, url: event ? d.to || channel.url || "" : urlOf(operation, d), body: { text: event ? withoutHidden(d.text) : encoded(d) },
      header: Object.fromEntries(Object.entries(event ? {} : headersOf(operation, d)).map(([n, v]) => [n, [v]])),
    },
    response: event ? null : { status: success || 200 },
  };
}

// address is where a draft goes, for people.
export function address(operation, d) {
  if (!isEvent(operation.name)) return new URL(urlOf(operation, d).replace(/^\//, ""), base).href.replace(/%7B/g, "{").replace(/%7D/g, "}");
  const channel = d.channels.find((c) => c.id === d.channel);
  return d.to || (channel && channel.url) || "";
}
