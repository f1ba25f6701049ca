// The vendor's events on their way: each with how far it is, and one in full.
import { html, useEffect, useState, useStore, useLoaded, Empty, Failure, clockTime, shortID, plural } from "../base/ui.js";
import { get } from "../base/api.js";
import { go } from "../base/place.js";
import { exchanges } from "../exchanges/exchanges.js";
import { contractList, contractOf } from "../base/contracts.js";
import { controlCurl } from "../exchanges/copies.js";
import { State, states, ended } from "./deliverystate.js";
import { Delivery } from "./delivery.js";
import { ExchangeLink } from "../act/outcome.js";

const most = 1000; // that are shown at once

// useTurns counts up when something may have changed: with each exchange, at most four
// times a second, and every second while a delivery is under way.
function useTurns(underWay) {
  const version = useStore(exchanges).version;
  const [turn, next] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => next((n) => n + 1), 250);
    return () => clearTimeout(timer);
  }, [version]);
  useEffect(() => {
    if (!underWay) return undefined;
    const timer = setInterval(() => next((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [underWay]);
  return turn;
}

export function Deliveries({ here }) {
  const state = states.includes(here.tab) ? here.tab : "";
  const [underWay, note] = useState(false);
  const turn = useTurns(underWay);
  const loaded = useLoaded((signal) => get("deliveries", { limit: most, state }, signal), [state, turn]);
  const list = loaded.value ? loaded.value.deliveries.slice().reverse() : null;
  const busy = Boolean(list && list.some((d) => !ended(d)));
  useEffect(() => note(busy), [busy]);
  return html`<div class="options" role="group" aria-label="State"><span class="quiet">${list ? plural(list.length, "delivery", "deliveries") : ""}${loaded.value && loaded.value.more ? ", the newest" : ""}</span><span class="spring"></span>
      ${["", ...states].map((s) => html`<button key=${s} type="button" class="small" aria-pressed=${s === state ? "true" : "false"} onClick=${() => go({ tab: s })}>${s || "all"}</button>`)}</div>
    <${Failure} failure=${loaded.failure} retry=${loaded.reload} />
    <div class=${"split" + (here.item ? " open" : "")}>
      <section class="list deliveries" aria-label="Deliveries">${list && list.length ? html`<${Table} list=${list} chosen=${here.item} />` : list ? html`<${Nothing} state=${state} />` : null}</section>
      ${here.item ? html`<section class="detail" aria-label=${"Delivery " + here.item}><${Delivery} key=${here.item} id=${here.item} turn=${turn} reload=${loaded.reload} /></section>` : null}
    </div>`;
}

// someEvent is the first event of a vendor that sends some, best to where it can go.
async function someEvent() {
  const [all, { channels }] = await Promise.all([contractList(), get("channels")]);
  const may = all.filter((c) => c.events > 0);
  const sends = may.find((c) => channels.some((one) => one.vendor === c.id && one.url)) || may[0];
  return sends ? { vendor: sends.id, event: (await contractOf(sends.id)).events[0].id } : null;
}

function Nothing({ state }) {
  const event = useLoaded(someEvent, []).value;
  if (state) return html`<${Empty} title=${"No delivery is " + state}><p><button type="button" class="small" onClick=${() => go({ tab: "" })}>Show all</button></p><//>`;
  return html`<${Empty} title="Nothing was sent yet" line=${event ? controlCurl("POST", "send", JSON.stringify(event)) : null}>
    <p>Each event of the vendor's becomes a delivery here. <a href="?view=act">Send one</a>, or have your integration do what the vendor tells of.</p><//>`;
}

function Table({ list, chosen }) {
  const open = (id) => () => go({ item: id === chosen ? "" : id }, { replace: Boolean(chosen) });
  return html`<table class="list"><thead><tr><th scope="col">ID</th><th scope="col">state</th><th scope="col">event</th><th scope="col">queued</th><th scope="col" class="more">vendor</th><th scope="col" class="more">channel</th><th scope="col" class="some">attempts</th><th scope="col" class="more">faults</th><th scope="col" class="some">error</th></tr></thead>
    <tbody>${list.map((d) => html`<tr key=${d.id} class=${d.id === chosen ? "chosen" : ""} onClick=${(event) => event.target.closest("a, button") || open(d.id)()}>
      <td class="data nowrap"><button type="button" class="link" aria-expanded=${d.id === chosen ? "true" : "false"} onClick=${open(d.id)}>${d.id}</button></td>
      <td class="data nowrap"><${State} state=${d.state} />${d.status ? html` <span class="quiet">${d.status}</span>` : null}</td>
      <td class="data">${d.event}${d.copyOf ? html` <span class="quiet" title=${"sends " + d.copyOf + " again"}>⟳ ${d.copyOf}</span>` : null}</td>
      <td class="data nowrap"><time datetime=${d.queued} title=${d.queued}>${clockTime(d.queued)}</time></td>
      <td class="data more">${d.vendor}</td><td class="data more" title=${d.channel}>${shortID(d.channel)}</td>
      <td class="data some">${(d.attempts || []).map((id) => html`<${ExchangeLink} key=${id} id=${id} /> `)}</td>
      <td class="data more">${(d.faults || []).map((id) => html`<span key=${id} class="mark fault">⚡ ${id}</span> `)}</td>
      <td class="some">${d.error || ""}</td></tr>`)}</tbody></table>`;
}
