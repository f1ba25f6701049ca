// One exchange in the forms in which people use it elsewhere.
import { base, sandbox } from "./api.js";
import { shortName } from "./ui.js";

const quoted = (text) => "'" + text.replace(/'/g, "'\\''") + "'";
const kept = (name) => !/^(host|content-length|user-agent|accept|accept-encoding|connection|parley-.*)$/i.test(name);

// absolute is where a request went, for those who send it again.
const absolute = (e) => (/^https?:/.test(e.request.url) ? e.request.url : new URL(e.request.url.replace(/^\//, ""), base).href);

export function asCurl(e) {
  const parts = ["curl -sS -i", "-X " + e.request.method, quoted(absolute(e))];
  for (const [name, values] of Object.entries(e.request.header || {})) {
    if (kept(name)) for (const value of values) parts.push("-H " + quoted(name + ": " + value));
  }
  if (e.request.body.text) parts.push("--data-raw " + quoted(e.request.body.text));
  return parts.join(" \\\n  ");
}

const goString = (text) => (text.includes("`") ? JSON.stringify(text) : "`" + text + "`");

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
	mock.Send(channel, ${JSON.stringify(shortName(e.operation))}, nil)
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
  const body = parsedBody(e);
  const lines = [`- name: ${shortName(e.operation) || "call"}`];
  if (e.caller === "partner") {
    lines.push(`  expect: ${e.operation}`);
    if (e.response) lines.push(`  status: ${e.response.status}`);
  } else {
    lines.push(`  send: ${shortName(e.operation)}`);
    if (body) {
      const leaves = flat(body).filter(([path, value]) => !/token|channelId/i.test(path) && !/^\[redacted\]$/.test(String(value)));
      if (leaves.length) lines.push("  set: {" + leaves.map(([path, value]) => `${path}: ${JSON.stringify(value)}`).join(", ") + "}");
    }
  }
  return lines.join("\n") + "\n";
}

function parsedBody(e) {
  try { return JSON.parse(e.request.body.text); } catch { return null; }
}

// flat are the paths of a value's leaves, as a scenario writes them.
function flat(value, path = "") {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? path + "." + key : key));
}

export const inSandbox = sandbox === "default" ? "" : " in sandbox " + sandbox;
