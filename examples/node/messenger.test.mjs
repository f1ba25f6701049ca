// A messenger that integrates with ELMA365, and its test against a mock. It uses
// Node.js alone. Start the mock, then the test:
//
//   parley serve elma365
//   node --test examples/node
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, test } from "node:test";

const mock = process.env.PARLEY_MOCK ?? "http://127.0.0.1:7357";
const token = "confirm";

// --- The code under test: it answers each operator's message. -----------------

function messenger() {
  let vendor; // where ELMA365 takes calls; connect tells it
  const reply = async (chat, text, attempt = 1) => {
    const message = {
      type: "message", token,
      data: { externalMessageId: `re-${chat}`, externalChatId: chat, externalUserId: "client-1", text },
    };
    const answer = await fetch(vendor, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message) });
    if (answer.status === 500 && attempt < 3) return reply(chat, text, attempt + 1);
  };
  return createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    const event = JSON.parse(text);
    if (event.token !== token) return response.writeHead(401).end();
    if (event.type === "connect") vendor = event.data.webhook;
    response.writeHead(200).end();
    if (event.type === "message") await reply(event.data.targetChatId, `Thanks for: ${event.data.text}`);
  });
}

// --- The test. Each has a sandbox of its own, so they may run side by side. ----

async function parley(sandbox, method, path, body) {
  const answer = await fetch(`${mock}/_parley${path}`, {
    method, headers: { "Content-Type": "application/json", "Parley-Sandbox": sandbox }, body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

let server, channel, sandbox, tests = 0;

beforeEach(async () => {
  sandbox = `node-${process.pid}-${++tests}`;
  server = messenger();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${server.address().port}`;
  ({ channel } = await parley(sandbox, "POST", "/channels", { vendor: "elma365", token, url }));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await parley(sandbox, "DELETE", `/sandboxes/${sandbox}`);
});

test("answers an operator in the same chat", async () => {
  await parley(sandbox, "POST", "/send", { vendor: "elma365", event: "message", channel: channel.id, set: { "data.targetChatId": "chat-1", "data.text": "Hello" } });
  const { exchanges } = await parley(sandbox, "GET", "/journal/wait?operation=operations/message&n=1&timeout=5s");
  const sent = JSON.parse(exchanges[0].request.body.text);
  assert.equal(sent.data.externalChatId, "chat-1");
  assert.equal(sent.data.text, "Thanks for: Hello");
  assert.deepEqual(exchanges[0].findings ?? [], []);
});

test("sends a reply again after 500, with the same ID", async () => {
  await parley(sandbox, "POST", "/faults", { vendor: "elma365", operation: "message", status: 500, times: 1 });
  await parley(sandbox, "POST", "/send", { vendor: "elma365", event: "message", channel: channel.id, set: { "data.targetChatId": "chat-2" } });
  const { exchanges } = await parley(sandbox, "GET", "/journal/wait?operation=operations/message&n=2&timeout=5s");
  assert.deepEqual(exchanges.map((e) => e.response.status), [500, 200]);
  const ids = exchanges.map((e) => JSON.parse(e.request.body.text).data.externalMessageId);
  assert.equal(ids[0], ids[1]);
});
