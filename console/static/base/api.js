// The control API, as the page uses it: JSON, problems as errors, and streams of
// server-sent events read with fetch, because an EventSource sends no token.

const root = new URL("../", new URL("./", location.href)); // /_parley/, or /~name/_parley/

// below the root of the mock, or of the sandbox
export const base = new URL("../", root);
export const sandbox = (base.pathname.match(/\/~([^/]+)\/$/) || [])[1] || "default";

const tokenKey = "parley-control-token";
let token = sessionStorage.getItem(tokenKey) || "";
const asking = new Set();

export function setToken(text) {
  token = text;
  sessionStorage.setItem(tokenKey, text);
}

export const hasToken = () => token !== "";

// onTokenAsked is told whenever the mock demands a token that the page does not have.
export function onTokenAsked(tell) {
  asking.add(tell);
  return () => asking.delete(tell);
}

export class Problem extends Error {
  constructor(status, detail, body) {
    super(detail || "status " + status);
    this.status = status;
    this.body = body;
  }
}

export function address(path, query) {
  const url = new URL(path, root);
  for (const [name, value] of Object.entries(query || {})) {
    if (value !== undefined && value !== "" && value !== null) url.searchParams.set(name, value);
  }
  return url;
}

// send puts a body that is a text already into the request as it is.
async function send(method, path, { query, body, text: given, signal } = {}) {
  const written = given ?? (body === undefined ? undefined : JSON.stringify(body));
  const headers = {};
  if (token) headers.Authorization = "Bearer " + token;
  if (written !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(address(path, query), { method, headers, signal, body: written });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem(0, "The mock does not answer. Is it still running?");
  }
  if (answer.ok) return answer;
  let problem = {};
  try { problem = await answer.json(); } catch { /* no JSON: the status says it */ }
  if (answer.status === 401) asking.forEach((tell) => tell());
  throw new Problem(answer.status, problem.detail, problem);
}

async function json(method, path, options) {
  const answer = await send(method, path, options);
  return answer.status === 204 ? null : answer.json();
}

export const get = (path, query, signal) => json("GET", path, { query, signal });
export const post = (path, body, signal) => json("POST", path, { body, signal });
export const postText = (path, text, signal) => json("POST", path, { text, signal });
export const put = (path, body) => json("PUT", path, { body });
export const remove = (path) => json("DELETE", path, {});
export const text = async (path, query) => (await send("GET", path, { query })).text();

// openEvents opens a stream: when it returns, everything from now on is in it.
export async function openEvents(path, query, signal) {
  return blocks(await send("GET", path, { query, signal }));
}

// blocks yields {event, id, data} until the stream ends.
async function* blocks(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value;
    let end;
    while ((end = rest.indexOf("\n\n")) >= 0) {
      const block = parsed(rest.slice(0, end));
      rest = rest.slice(end + 2);
      if (block) yield block;
    }
  }
}

function parsed(block) {
  const event = { event: "message", id: "", data: "" };
  let some = false;
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue; // a comment
    const value = line.slice(colon + 1).replace(/^ /, "");
    event[line.slice(0, colon)] = value;
    some = true;
  }
  return some ? event : null;
}
