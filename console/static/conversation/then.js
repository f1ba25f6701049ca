// How much a vendor remembered at a time: what it remembers now, less what came since.
import { get } from "../base/api.js";

// nanoseconds of a time, which JavaScript's own dates cut off: two steps may lie within one
// of their milliseconds.
function nanoseconds(time) {
  const [, fraction] = /\.(\d+)/.exec(time) || ["", "0"];
  return BigInt(Math.floor(Date.parse(time) / 1000)) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}

// countsThen are those when a step was over, with all that it changed.
export async function countsThen(vendor, step) {
  const end = nanoseconds(step.time) + BigInt(step.duration_ns);
  const [state, { changes, since }] = await Promise.all([get("state", { vendor }), get("changes", { vendor, limit: 1000 })]);
  const lists = Object.entries(state[vendor] || {}).filter(([, value]) => Array.isArray(value));
  if (since && end < nanoseconds(since)) throw new Error("Changes are kept since " + new Date(since).toLocaleTimeString() + "; what there was before then is not known.");
  return lists.map(([collection, value]) => {
    let after = 0;
    for (const c of changes) {
      if (c.collection !== collection || nanoseconds(c.time) <= end) continue;
      if (c.before === undefined || c.before === null) after++;
      else if (c.after === undefined || c.after === null) after--;
    }
    return { collection, count: value.length - after, after };
  }).filter((c) => c.count || c.after);
}
