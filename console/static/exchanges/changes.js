// What changed of what the vendors remember: by one exchange, or of one element.
import { html, Failure, Empty, clockTime, plural } from "../base/ui.js";
import { get } from "../base/api.js";
import { linkTo, follow } from "../base/place.js";
import { has, idOf } from "../state/rows.js";
import { useRefreshed } from "../base/refresh.js";

const most = 1000; // changes; a mock keeps no more

// Changes shows those of an exchange, which was at a time, or with of, {vendor, list, lists, key, id}, those of
// an element of a list; key and id are those of rows.js.
export function Changes({ exchange, time, of }) {
  const asked = exchange ? { exchange, limit: most } : { vendor: of.vendor, limit: most };
  const loaded = useRefreshed((signal) => get("changes", asked, signal), [exchange, of && of.vendor]);
  if (!loaded.value) return loaded.failure ? html`<${Failure} failure=${loaded.failure} retry=${loaded.reload} />` : html`<p class="quiet">Asking …</p>`;
  const { changes, since, dropped } = loaded.value;
  const list = of ? changes.filter((c) => concerns(c, of)).reverse() : changes;
  const from = `Changes are recorded since ${clockTime(since)}, when somebody asked for them first or the sandbox was reset${dropped ? `; ${plural(dropped, "older one")} made room` : ""}.`;
  if (!list.length) return html`<${Empty} title=${of || new Date(time) < new Date(since) ? "No change of it is recorded" : "It changed nothing that the vendors remember"}><p>${from}</p><//>`;
  return html`<ol class="changes">${list.map((c) => html`<li key=${c.sequence}><p>${of ? html`<time datetime=${c.time} title=${c.time}>${clockTime(c.time, true)}</time>` : html`<b>${c.vendor} ${c.collection}</b> <code>${c.id}</code>`} <span class="quiet">${kindOf(c)}</span> <${By} change=${c} exchange=${exchange} /></p>
    ${c.cut ? html`<p class="quiet">Before and after are left out: they are too long.</p>` : html`<${Difference} before=${c.before} after=${c.after} />`}</li>`)}</ol><p class="quiet">${from}</p>`;
}

// concerns reports a change of an element. A collection keeps its values under keys of
// its own, so that the element is known by its ID within the value; and one that has no
// list of its name may be what a list of another name shows.
function concerns(c, of) {
  if (c.collection !== of.list && of.lists.includes(c.collection)) return false;
  const value = c.after ?? c.before;
  return of.key.length && has(value, of.key) ? idOf(value, 0, of.key) === of.id : c.id === of.id;
}

// By says who made a change, as surely as that is known.
function By({ change: c, exchange }) {
  const others = c.exchanges.filter((id) => id !== exchange);
  const links = others.map((id, i) => {
    const to = { view: "live", ex: id, tab: "state", of: "", item: "", q: "" };
    return html`${i ? ", " : ""}<a href=${linkTo(to)} onClick=${follow(to)}>${id}</a>`;
  });
  if (exchange) {
    if (c.certain) return null;
    return html`<span class="note">perhaps: ${others.length ? html`${plural(others.length, "other exchange")} (${links})` : "something that is no exchange"} was at work at the same time</span>`;
  }
  if (!c.exchanges.length) return html`<span class="quiet">by no exchange: somebody set it, or time passed</span>`;
  return html`<span>by ${links}${c.exchanges.length > 1 ? ": one of them" : c.certain ? "" : ", perhaps"}</span>`;
}

const none = (value) => value === undefined || value === null;
const kindOf = (c) => (c.cut ? "changed" : none(c.before) ? "made" : none(c.after) ? "removed" : "changed");

// Difference shows what differs, member by member.
export function Difference({ before, after }) {
  const rows = differences(before ?? undefined, after ?? undefined, "");
  if (!rows.length) return html`<p class="quiet">Stored again as it was.</p>`;
  return html`<div class="wide" tabindex="0" role="group" aria-label="Difference"><table class="difference"><thead><tr><th scope="col">member</th><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${rows.map((r) => html`<tr key=${r.path}><th scope="row"><code>${r.path || "(all)"}</code></th><td class="before">${shown(r.before, "−")}</td><td class="after">${shown(r.after, "+")}</td></tr>`)}</tbody></table></div>`;
}

const shown = (value, sign) => (value === undefined ? html`<span class="quiet">–</span>` : html`<span aria-hidden="true">${sign} </span><code>${JSON.stringify(value)}</code>`);

function differences(a, b, path) {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  const plain = (v) => v !== null && typeof v === "object" && !Array.isArray(v);
  if ((plain(a) || a === undefined) && (plain(b) || b === undefined) && (plain(a) || plain(b))) {
    const keys = [...new Set([...Object.keys(a || {}), ...Object.keys(b || {})])];
    return keys.flatMap((key) => differences((a || {})[key], (b || {})[key], path + "/" + key));
  }
  return [{ path, before: a, after: b }];
}
