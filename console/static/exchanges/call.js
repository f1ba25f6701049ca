// The page as a partner: calls of the vendor's operations, in the page's own sandbox.
import { base, post } from "../base/api.js";

// headers that a browser sets itself, or that were the mock's or the wire's.
export const own = /^(host|content-length|connection|accept-encoding|user-agent|origin|referer|cookie|sec-.*|parley-.*|transfer-encoding|te|trailer|upgrade|keep-alive|via|date|expect)$/i;

// call sends one call; what came of it says the journal.
export async function call({ method, path, headers, body, signal }) {
  const url = new URL(path.replace(/^\//, ""), base);
  const answer = await fetch(url, { method, headers, body: body === "" || /^(GET|HEAD)$/.test(method) ? undefined : body, redirect: "manual", signal });
  return { status: answer.status, exchange: answer.headers.get("Parley-Exchange"), text: await answer.text() };
}

// callAgain repeats an exchange: a call is called again, an event is sent again as a
// delivery of its own. It returns a sentence about what came of it.
export async function callAgain(e) {
  try {
    if (e.caller === "vendor") {
      if (!e.delivery) return "This event was no delivery; it cannot be sent again.";
      const d = await post(`deliveries/${e.delivery}/replay`, { wait: false });
      return `Sent again as ${d.id}`;
    }
    const headers = {};
    for (const [name, values] of Object.entries(e.request.header || {})) {
      if (!own.test(name)) headers[name] = values.join(", ");
    }
    const hidden = [JSON.stringify(headers), e.request.url, e.request.body.text].some((t) => (t || "").includes("[redacted]"));
    const answer = await call({ method: e.request.method, path: e.request.url, headers, body: e.request.body.text || "" });
    return `Called again: ${answer.status}${hidden ? "; the page does not know its secrets, and sent [redacted]" : ""}`;
  } catch (failure) {
    return failure.message;
  }
}
