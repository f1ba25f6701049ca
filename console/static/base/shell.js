// Lines for a shell that do what the page does.
import { base, sandbox, hasToken } from "./api.js";

export const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : "'" + String(text).replace(/'/g, "'\\''") + "'");

// root is the mock's own address, whichever sandbox the page shows.
export const root = sandbox === "default" ? base : new URL("../", base);

// addressOf is where a sandbox serves.
export const addressOf = (name) => (name === "default" ? root : new URL(`~${encodeURIComponent(name)}/`, root)).href;

// controlLine is the curl line of a request to the control API, in the page's sandbox.
export function controlLine(method, path, body) {
  const parts = ["curl -sS", method === "GET" ? "" : "-X " + method, quoted(new URL("_parley/" + path, base).href)];
  if (hasToken()) parts.push('-H "Authorization: Bearer $TOKEN"');
  if (body !== undefined) parts.push("-H 'Content-Type: application/json'", "-d " + quoted(JSON.stringify(body)));
  return parts.filter(Boolean).join(" ");
}

// parleyLine is a command that goes to the page's mock and sandbox.
export function parleyLine(words) {
  const parts = ["parley", ...words];
  if (root.host !== "127.0.0.1:7357") parts.push("--mock", root.href.replace(/\/$/, ""));
  if (sandbox !== "default") parts.push("--sandbox", sandbox);
  const line = parts.map(quoted).join(" ");
  return hasToken() ? line + ' --control-token "$TOKEN"' : line;
}
