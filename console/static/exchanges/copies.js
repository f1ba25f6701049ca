// One exchange in the forms in which people use it elsewhere.
import { address, base } from "../base/api.js";
import { shortName } from "../base/ui.js";
import { quoted } from "../base/shell.js";

const kept = (name) => !/^(host|content-length|user-agent|accept|accept-encoding|connection|parley-.*)$/i.test(name);

// absolute is where a request went, for those who send it again.
const absolute = (e) => (/^https?:/.test(e.request.url) ? e.request.url : new URL(e.request.url.replace(/^\//, ""), base).href);

export function asCurl(e) {
  const parts = ["curl -sS -i", "-X " + e.request.method, quoted(absolute(e))];
  for (const [name, values] of Object.entries(e.request.header || {})) {
    if (kept(name)) for (const value of values) parts.push("-H " + (/\$TOKEN$/.test(value) ? JSON.stringify(name + ": " + value) : quoted(name + ": " + value)));
  }
  if (e.request.body.text) parts.push("--data-raw " + quoted(e.request.body.text));
  return parts.join(" \\\n  ");
}

// asOrder is the line that has the mock send an event.
export const asOrder = (text) => controlCurl("POST", "send", text);

// controlCurl is a call of the control API as a line of the shell.
export const controlCurl = (method, path, text) => [`curl -sS -X ${method} ${address(path).href}`]
  .concat(text === undefined ? [] : ["-H 'Content-Type: application/json'", "-d " + quoted(text)]).join(" \\\n  ");

const goString = (text) => (/["\\\n]/.test(text) && !/[`\r]/.test(text) ? "`" + text + "`" : JSON.stringify(text));

// asGoTest is a test with a mock of its own: a call that it expects this answer to, or an
// event that your webhook is expected to take.
export function asGoTest(e) {
  const id = JSON.stringify(e.vendor);
  const words = (shortName(e.operation) || "call").split(/[^A-Za-z0-9]+/).filter(Boolean);
  const name = words.map((w) => w[0].toUpperCase() + w.slice(1)).join("");
  const mock = `\tmock := mocktest.New(t, mockserver.Shipped(${id}, vendors.Of(${id}).Play))\n`;
  if (e.caller === "vendor") {
    return `func Test${name}IsTaken(t *testing.T) {
${mock}\tchannel := mock.Connect(mockserver.Channel{Vendor: ${id}, URL: "http://127.0.0.1:3000/webhook"}) // your webhook
	mock.Send(channel, ${JSON.stringify(shortName(e.operation))}, ${goValues(given(e))})
}
`;
  }
  const headers = Object.entries(e.request.header || {}).filter(([n]) => kept(n) && !/^content-type$/i.test(n))
    .map(([n, v]) => `, ${JSON.stringify(n)}, ${JSON.stringify(v[0])}`).join("");
  const status = e.response ? e.response.status : 0;
  return `func Test${name}(t *testing.T) {
${mock}\tanswer := mock.Do(${JSON.stringify(e.request.method)}, ${JSON.stringify(e.request.url)}, ${goString(e.request.body.text || "")}${headers})
	if answer.Status != ${status} {
		t.Errorf("got %d, want ${status}: %s", answer.Status, answer.Body)
	}
}
`;
}

// asStep is a step of a scenario that expects such a call, or sends such an event.
export function asStep(e) {
  const lines = [`- name: ${shortName(e.operation) || "call"}`];
  if (e.caller === "partner") {
    lines.push(`  expect: ${e.operation}`);
    if (e.response) lines.push(`  status: ${e.response.status}`);
  } else {
    lines.push(`  send: ${shortName(e.operation)}`);
    const leaves = given(e);
    if (leaves.length) lines.push("  set: {" + leaves.map(([path, value]) => `${path}: ${JSON.stringify(value)}`).join(", ") + "}");
  }
  return lines.join("\n") + "\n";
}

// given are the values of an event's body that are not the connection's own.
function given(e) {
  const body = parsedBody(e);
  return body ? flat(body).filter(([path, value]) => !/token|channelId/i.test(path) && !/^\[redacted\]$/.test(String(value))) : [];
}

function goValue(value) {
  if (value === null) return "nil";
  if (typeof value === "string") return goString(value);
  if (Array.isArray(value)) return "[]any{" + value.map(goValue).join(", ") + "}";
  if (typeof value !== "object") return JSON.stringify(value);
  return "map[string]any{" + Object.entries(value).map(([key, inner]) => JSON.stringify(key) + ": " + goValue(inner)).join(", ") + "}";
}

const goValues = (list) => (list.length ? "map[string]any{" + list.map(([path, value]) => `\n\t\t${JSON.stringify(path)}: ${goValue(value)},`).join("") + "\n\t}" : "nil");

function parsedBody(e) {
  try { return JSON.parse(e.request.body.text); } catch { return null; }
}

// flat are the paths of a value's leaves, as a scenario writes them. A list is one: an
// element could only be set where there is one already.
function flat(value, path = "") {
  if (value === null || typeof value !== "object" || Array.isArray(value) || (path && !Object.keys(value).length)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? path + "." + key : key));
}
