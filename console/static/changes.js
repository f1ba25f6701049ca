// What an exchange changed of what the vendors remember: before and after.
import { html, useLoaded, Failure, Empty, plural } from "./ui.js";
import { get } from "./api.js";

export function Changes({ exchange, of }) {
  const loaded = useLoaded((signal) => get("changes", exchange ? { exchange } : of, signal), [exchange, JSON.stringify(of)]);
  if (loaded.failure) return html`<${Failure} failure=${loaded.failure} retry=${loaded.reload} />`;
  if (!loaded.value) return html`<p class="quiet">Asking …</p>`;
  const list = loaded.value.changes;
  if (!list.length) return html`<${Empty} title="Nothing that the vendors remember was changed"><p>Changes are kept since this page first asked for them.</p><//>`;
  return html`<ol class="changes">${list.map((c) => html`<li key=${c.sequence}><p><b>${c.vendor} ${c.collection}</b> <code>${c.id}</code> <span class="quiet">${kindOf(c)}${!exchange && c.exchanges.length ? " by " + c.exchanges.join(" or ") : ""}</span>
    ${exchange && c.exchanges.length > 1 ? html`<span class="quiet"> ${plural(c.exchanges.length, "call")} overlapped: one of ${c.exchanges.join(", ")} did it</span>` : null}</p><${Difference} before=${c.before} after=${c.after} /></li>`)}</ol>`;
}

const kindOf = (c) => (c.before === undefined || c.before === null ? "made" : c.after === undefined || c.after === null ? "removed" : "changed");

// Difference shows what differs, member by member.
export function Difference({ before, after }) {
  const rows = differences(before ?? undefined, after ?? undefined, "");
  if (!rows.length) return html`<p class="quiet">Stored again as it was.</p>`;
  return html`<table class="difference"><thead><tr><th scope="col">member</th><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${rows.map((r) => html`<tr key=${r.path}><th scope="row"><code>${r.path || "(all)"}</code></th><td class="before">${shown(r.before, "−")}</td><td class="after">${shown(r.after, "+")}</td></tr>`)}</tbody></table>`;
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
