// Signs events with the libraries that senders use, none of which is ours. Standard
// input: lines of {"scheme", "secret", "body", "time"}, the body in base64, the time in
// seconds. Standard output: per line {name: value}, the headers of the signature.
import { createInterface } from "node:readline";
import { sign } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";

const stripe = new Stripe("sk_test_none");

const signers = {
  "standard-webhooks": ({ secret, body, time }) => ({
    "webhook-id": "msg_1",
    "webhook-timestamp": String(time),
    "webhook-signature": new Webhook(secret).sign("msg_1", new Date(time * 1000), body),
  }),
  github: async ({ secret, body }) => ({ "x-hub-signature-256": await sign(secret, body) }),
  stripe: ({ secret, body, time }) => ({
    "stripe-signature": stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: time }),
  }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const event = JSON.parse(line);
  event.body = Buffer.from(event.body, "base64").toString("utf8");
  console.log(JSON.stringify(await signers[event.scheme](event)));
}
