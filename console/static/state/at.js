// Which moment a state is of: now, or after an exchange.
import { html, useStore, clockTime, shortName } from "../base/ui.js";
import { go, linkTo, follow } from "../base/place.js";
import { exchanges } from "../exchanges/exchanges.js";
import { Fork } from "../exchanges/was.js";

const most = 200; // exchanges to choose from, besides the one that is shown

const textOf = (e) => `${e.id}  ${clockTime(e.time)}  ${e.caller === "partner" ? "→" : "←"} ${shortName(e.operation) || e.request.method + " " + e.request.url.slice(0, 40)}`;

// At chooses the moment; it steps from exchange to exchange, and forks there.
export function At({ at, server }) {
  const { list } = useStore(exchanges);
  const place = list.findIndex((e) => e.id === at);
  const near = list.slice(Math.max(0, (place < 0 ? list.length : Math.max(place + most / 2, most)) - most)).slice(0, most).reverse();
  const to = (id) => go({ at: id });
  const step = (by) => list[(place < 0 ? list.length : place) + by];
  const before = step(-1), after = at && place >= 0 ? step(1) : undefined;
  return html`<div class=${"at" + (at ? " past" : "")} role="group" aria-label="Moment">
    <label for="state-at">State</label>
    <button type="button" class="small" disabled=${!before} onClick=${() => to(before.id)} aria-label="One exchange back" title="One exchange back">◀</button>
    <select id="state-at" value=${at} onChange=${(event) => to(event.target.value)}>
      <option value="">now, live</option>
      ${at && !near.some((e) => e.id === at) ? html`<option value=${at}>after ${at}</option>` : null}
      ${near.map((e) => html`<option key=${e.id} value=${e.id}>after ${textOf(e)}</option>`)}</select>
    <button type="button" class="small" disabled=${!after} onClick=${() => to(after.id)} aria-label="One exchange on" title="One exchange on">▶</button>
    ${at ? html`<${Past} at=${at} server=${server} />` : null}</div>`;
}

function Past({ at, server }) {
  const exchange = { view: "live", ex: at, tab: "state", at: "", of: "", item: "", q: "" };
  return html`<button type="button" class="small" onClick=${() => go({ at: "" })}>live again</button>
    <a class="button small" href=${linkTo(exchange)} onClick=${follow(exchange)}>the exchange</a>
    ${server.features.includes("sandboxes") ? html`<${Fork} key=${at} id=${at} />` : null}
    <span class="note" role="status">As it was after ${at}; nothing can be changed here.</span>`;
}
