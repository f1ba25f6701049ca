// What the exchanges of this journal touched of a contract so far, and the signs for it.
import { html, useEffect, useMemo, useRef, useLoaded, useStore, plural } from "../base/ui.js";
import { get } from "../base/api.js";
import { exchanges } from "../exchanges/exchanges.js";

// useTouched loads the coverage of a contract, and again at most once a second, or less
// often where the contract is so large that this takes long, while exchanges arrive.
export function useTouched(vendor, known) {
  const took = useRef(0);
  const loaded = useLoaded(async (signal) => {
    if (!known || !vendor) return null;
    const began = performance.now();
    const report = await get("coverage", { vendor }, signal);
    took.current = performance.now() - began;
    return indexed(report);
  }, [vendor, known]);
  const version = useStore(exchanges).version, timer = useRef(0), first = useRef(version);
  useEffect(() => {
    if (version === first.current || timer.current) return;
    timer.current = setTimeout(() => { timer.current = 0; loaded.reload(); }, Math.max(1000, 10 * took.current));
  }, [version]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const touched = loaded.value && loaded.value.contract === vendor ? loaded.value : null;
  return { touched, failure: loaded.failure, reload: loaded.reload };
}

function indexed(report) {
  const calls = new Map(), payloads = new Map(), rules = new Map();
  for (const call of [...report.operations.items, ...report.events.items]) calls.set(call.name, call);
  for (const p of report.payloads.items) payloads.set(p.payload, { ...p, byPointer: new Map(p.fields.map((f) => [f.pointer, f])) });
  for (const rule of report.requirements.items) rules.set(rule.id, rule);
  return { contract: report.contract, exchanges: report.exchanges, parts: report, calls, payloads, rules };
}

// seenOf says of an entry of the outline how often it was seen, and how much of it: of a
// call the documented statuses, of a payload its fields; null where traffic shows nothing.
export function seenOf(touched, kind, id) {
  if (!touched) return null;
  const call = touched.calls.get(id), payload = touched.payloads.get(id), rule = touched.rules.get(id);
  switch (kind) {
    case "operations": case "events": return call ? { count: call.count, some: call.statuses.filter((s) => s.count).length, of: call.statuses.length } : null;
    case "payloads": return payload ? { count: payload.count, some: payload.fields.filter((f) => f.present).length, of: payload.fields.length } : null;
    case "requirements": return rule ? { count: rule.touched ? 1 : 0, once: true, broken: rule.broken, some: rule.touched ? 1 : 0, of: 1 } : null;
  }
  return null;
}

// wholly reports whether nothing of an entry is left to touch.
export const wholly = (seen) => !seen || (seen.count > 0 && seen.some === seen.of);

// Seen is the sign for it: ✓ with a count, or a dash.
export function Seen({ count, once, broken }) {
  if (broken) return html`<span class="seen mark error" title="seen, and broken"><span aria-hidden="true">✗</span><span class="unseen">seen, and broken</span></span>`;
  if (!count) return html`<span class="seen quiet" title="not seen yet"><span aria-hidden="true">–</span><span class="unseen">not seen yet</span></span>`;
  const words = once ? "seen" : "seen " + plural(count, "time");
  return html`<span class="seen mark good" title=${words}><span aria-hidden="true">✓${once ? "" : " " + count}</span><span class="unseen">${words}</span></span>`;
}

// Totals tells how much of the whole contract was seen.
export function Totals({ touched }) {
  const list = useMemo(() => {
    if (!touched) return [];
    const p = touched.parts;
    return [["operations’ statuses", p.operations], ["events’ statuses", p.events], ["fields and values", p.payloads], ["requirements", p.requirements]].filter(([, t]) => t.of);
  }, [touched]);
  if (!list.length) return null;
  return html`<ul class="totals" aria-label="Seen so far">${list.map(([name, t]) => html`<li key=${name}><b>${t.touched}</b> of ${t.of} ${name} seen <meter min="0" max=${t.of} value=${t.touched} aria-hidden="true"></meter></li>`)}</ul>`;
}
