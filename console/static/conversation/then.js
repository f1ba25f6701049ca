// How much a vendor remembered at a time: what it remembers now, less what came since.
import { get } from "../base/api.js";

export async function countsThen(vendor, time) {
  const [state, { changes, since }] = await Promise.all([get("state", { vendor }), get("changes", { vendor, limit: 1000 })]);
  const lists = Object.entries(state[vendor] || {}).filter(([, value]) => Array.isArray(value));
  if (since && Date.parse(time) < Date.parse(since)) throw new Error("Changes are kept since " + new Date(since).toLocaleTimeString() + "; what there was before then is not known.");
  return lists.map(([collection, value]) => {
    let after = 0;
    for (const c of changes) {
      if (c.collection !== collection || Date.parse(c.time) <= Date.parse(time)) continue;
      if (c.before === undefined || c.before === null) after++;
      else if (c.after === undefined || c.after === null) after--;
    }
    return { collection, count: value.length - after, after };
  }).filter((c) => c.count || c.after);
}
