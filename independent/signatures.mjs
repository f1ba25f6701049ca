// Verifies signed deliveries with the libraries that receivers use, none of which is
// ours. Standard input: lines of {"scheme", "secret", "header": {name: value}, "body"},
// the body in base64. Standard output: per line "" or why it is refused.
import { createInterface } from "node:readline";
import { verify } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";

const stripe = new Stripe("sk_test_none");

const judges = {
  "standard-webhooks": ({ secret, header, body }) => {
    new Webhook(secret).verify(body, header);
    return true;
  },
  github: ({ secret, header, body }) => verify(secret, body, header["x-hub-signature-256"] ?? "none"),
  stripe: ({ secret, header, body }) => {
    stripe.webhooks.constructEvent(body, header["stripe-signature"] ?? "", secret);
    return true;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const delivery = JSON.parse(line);
  delivery.body = Buffer.from(delivery.body, "base64").toString("utf8");
  let said = "";
  try {
    if (!(await judges[delivery.scheme](delivery))) said = "refused";
  } catch (error) {
    said = error.message || "refused";
  }
  console.log(JSON.stringify(said));
}
