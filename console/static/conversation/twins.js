// Requests that are the same again, and what a request is about.

// twinsOf gives steps whose request has the same body as another's of the same operation
// a letter: duplicates and retries of a caller's own are seen at once. Attempts of one
// delivery are tied together otherwise.
export function twinsOf(steps) {
  const groups = new Map();
  for (const e of steps) {
    const text = e.request.body.text;
    if (!text || text.length < 3) continue;
    const key = e.caller + " " + e.operation + " " + text;
    groups.set(key, [...(groups.get(key) || []), e]);
  }
  const twins = new Map();
  let next = 0;
  for (const group of groups.values()) {
    const deliveries = new Set(group.map((e) => e.delivery || e.id));
    if (group.length < 2 || deliveries.size < 2) continue;
    const letter = String.fromCharCode(65 + (next % 26)) + (next >= 26 ? Math.floor(next / 26) : "");
    next++;
    for (const e of group) twins.set(e, letter);
  }
  return twins;
}

const subjects = new WeakMap();

// subjectOf is what a request is about, in few characters: what people wrote, or else the
// first ID that stands in its body.
export function subjectOf(e) {
  if (!subjects.has(e)) subjects.set(e, found(e));
  return subjects.get(e);
}

function found(e) {
  let value;
  try { value = JSON.parse(e.request.body.text); } catch { return ""; }
  const texts = [], ids = [];
  (function walk(v, depth) {
    if (v === null || typeof v !== "object" || depth > 4) return;
    for (const [key, inner] of Object.entries(v)) {
      if (typeof inner === "string" || typeof inner === "number") {
        const text = String(inner);
        if (/^(text|message|markdownText|subject|title|caption)$/i.test(key) && text.trim()) texts.push("“" + text.trim().replace(/\s+/g, " ") + "”");
        else if (/id$/i.test(key) && text && text !== e.channel && text !== "[redacted]") ids.push(text);
      } else walk(inner, depth + 1);
    }
  })(value, 0);
  return texts[0] || ids[0] || "";
}
