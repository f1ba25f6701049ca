// The filter bar speaks the words of the journal's query.

export const filterWords = {
  vendor: "contract ID", op: "operation or event, as message or events/message", status: "404, 4xx, or 0 for no answer",
  channel: "ID, or its beginning", has: "findings, errors, faults, retries", caller: "partner or vendor",
};

// parsed reads a filter: {test, text, problem, words}. Text that is no word of the
// filter is looked for in URLs and bodies.
export function parsed(q) {
  const tests = [], free = [], problems = [], words = {};
  for (const part of (q || "").match(/"[^"]*"|\S+/g) || []) {
    const colon = part.indexOf(":");
    const name = colon > 0 ? part.slice(0, colon) : "";
    if (!(name in filterWords) || part.startsWith('"')) {
      free.push(part.replace(/^"|"$/g, "").toLowerCase());
      continue;
    }
    const value = part.slice(colon + 1);
    if (!value) continue; // still being typed
    words[name] = value;
    const made = made1(name, value);
    if (typeof made === "string") problems.push(made);
    else tests.push(made);
  }
  return {
    words, text: free, problem: problems.join("; "), empty: !tests.length && !free.length,
    test: (e) => tests.every((t) => t(e)) && free.every((t) => textOf(e).includes(t)),
  };
}

function made1(name, value) {
  switch (name) {
    case "vendor": return (e) => e.vendor === value;
    case "op": return (e) => e.operation === value || (e.operation || "").replace(/^(operations|events)\//, "") === value;
    case "channel": return (e) => (e.channel || "").startsWith(value);
    case "caller": return value === "partner" || value === "vendor" ? (e) => e.caller === value : "caller: is partner or vendor";
    case "status":
      if (/^[1-5]xx$/.test(value)) return (e) => Math.floor(statusOf(e) / 100) === Number(value[0]);
      if (/^\d{1,3}$/.test(value)) return (e) => statusOf(e) === Number(value);
      return "status: is 404, 4xx, or 0 for no answer";
    case "has":
      switch (value) {
        case "findings": return (e) => (e.findings || []).some((f) => f.severity !== "info");
        case "errors": return (e) => (e.findings || []).some((f) => f.severity === "error" || f.severity === "harness_error");
        case "faults": return (e) => (e.faults || []).length > 0;
        case "retries": return (e) => e.attempt > 1;
      }
      return "has: is findings, errors, faults or retries";
  }
  return name + ": is no word of the filter";
}

export const statusOf = (e) => (e.response ? e.response.status : 0);

const texts = new WeakMap();

// textOf is what of an exchange free text is looked for in.
function textOf(e) {
  let text = texts.get(e);
  if (text === undefined) {
    text = [e.id, e.operation, e.channel, e.delivery, e.request.url, e.request.body.text, e.response && e.response.body.text].filter(Boolean).join("\n").toLowerCase();
    texts.set(e, text);
  }
  return text;
}
