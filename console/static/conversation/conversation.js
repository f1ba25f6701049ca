// The conversation of one channel, or of all that the filter leaves: who said what to
// whom, in the order of time. How it is laid out is in sequence.js.
import { html, useState, useEffect, useLayoutEffect, useMemo, useRef, useStore, useLoaded, Empty, clockTime, plural, shortID } from "../base/ui.js";
import { get } from "../base/api.js";
import { go } from "../base/place.js";
import { parsed } from "../exchanges/filter.js";
import { exchanges } from "../exchanges/exchanges.js";
import { FilterBar } from "../exchanges/filterbar.js";
import { Exchange } from "../exchanges/exchange.js";
import { Sequence } from "./sequence.js";
import { countsThen } from "./then.js";

const page = 200; // steps that are drawn at once

export function Conversation({ server, here }) {
  const all = useStore(exchanges);
  const filter = useMemo(() => parsed(here.q), [here.q]);
  const channels = useMemo(() => channelsOf(all.list), [all.list]);
  const chosen = here.of || (here.q ? "" : busiest(channels));
  const steps = useMemo(() => all.list.filter((e) => (chosen === "" || chosen === "*" || (e.channel || "") === chosen) && filter.test(e)), [all.list, chosen, filter]);
  const [most, more] = useState(page);
  const shown = steps.slice(-most);
  const pending = usePending(server, chosen, all.version);
  const [then, stop] = useState(null); // the index of the last step of the time that is looked at
  const [scaled, scale] = useState(false);
  useEffect(() => stop(null), [chosen, here.q]);

  return html`
    <${FilterBar} here=${here} filter=${filter} server=${server}><${ChannelChoice} channels=${channels} chosen=${chosen} of=${here.of} /><//>
    <div class=${"split" + (here.ex ? " open" : "")}>
      <section class="list" aria-label="Conversation">
        ${shown.length ? html`
          <${Scrubber} steps=${shown} then=${then} stop=${stop} scaled=${scaled} scale=${scale} />
          ${then !== null && server.features.includes("changes") ? html`<${Then} step=${shown[Math.min(then, shown.length - 1)]} vendor=${shown[0].vendor} />` : null}
          <${Talk} more=${steps.length > shown.length ? html`<p class="earlier"><button type="button" class="small" onClick=${() => more(most + page)}>${plural(steps.length - shown.length, "earlier step")}</button></p>` : null}
            steps=${shown} pending=${then === null ? pending : []} here=${here} then=${then} scaled=${scaled} vendors=${server.vendors} />`
    : html`<${Empty} title=${all.list.length ? "Nothing was said here yet" : "Nobody has said anything yet"}>
          <p>A conversation is what a partner and a vendor say to each other in one channel: calls from the left, events from the right, each with its answer. ${all.list.length ? "Choose another channel, or clear the filter." : html`Call the mock, or <a href="?view=act">act for either side</a>.`}</p><//>`}
      </section>
      ${here.ex ? html`<section class="detail" aria-label=${"Exchange " + here.ex}><${Exchange} key=${here.ex} id=${here.ex} here=${here} server=${server} /></section>` : null}
    </div>`;
}

function channelsOf(list) {
  const counts = new Map();
  for (const e of list) {
    const known = counts.get(e.channel || "") || { id: e.channel || "", vendor: e.vendor, count: 0 };
    known.count++;
    counts.set(known.id, known);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

// busiest is the channel that a reader most likely means: the one with the most steps.
const busiest = (channels) => (channels.find((c) => c.id) || { id: "*" }).id;

function ChannelChoice({ channels, chosen }) {
  return html`<label class="inline">channel <select value=${chosen || "*"} onChange=${(event) => go({ of: event.target.value })}>
    <option value="*">all</option>
    ${channels.filter((c) => c.id).map((c) => html`<option key=${c.id} value=${c.id}>${c.vendor} ${shortID(c.id)} (${c.count})</option>`)}
    ${chosen && chosen !== "*" && !channels.some((c) => c.id === chosen) ? html`<option value=${chosen}>${shortID(chosen)} (0)</option>` : null}
  </select></label>`;
}

// usePending are the deliveries of a channel that have not ended.
function usePending(server, channel, version) {
  const [list, set] = useState([]);
  const asks = server.features.includes("deliveries");
  useEffect(() => {
    if (!asks) return undefined;
    const timer = setTimeout(async () => {
      try {
        const query = { channel: channel === "*" ? "" : channel };
        const [queued, delivering] = await Promise.all(["queued", "delivering"].map((state) => get("deliveries", { ...query, state })));
        set([...delivering.deliveries, ...queued.deliveries].slice(0, 20));
      } catch { set([]); }
    }, 300);
    return () => clearTimeout(timer);
  }, [channel, version, asks]);
  return list;
}

// Scrubber drags the time: what came later fades.
function Scrubber({ steps, then, stop, scaled, scale }) {
  const last = steps.length - 1;
  const at = then === null ? last : Math.min(then, last);
  return html`<div class="scrub">
    <label for="time">time</label>
    <input id="time" type="range" min="0" max=${last} value=${at} aria-valuetext=${clockTime(steps[at].time, true)} onInput=${(event) => stop(Number(event.target.value) === last ? null : Number(event.target.value))} />
    <span class="moment">${then === null ? "now" : clockTime(steps[at].time, true)}</span>
    <button type="button" class="small" aria-pressed=${scaled ? "true" : "false"} onClick=${() => scale(!scaled)} title="Let the distances of the steps be as long as the time between them">to scale</button>
  </div>`;
}

// Then says how much the vendor remembered at a time.
function Then({ step, vendor }) {
  const known = useLoaded(() => countsThen(vendor, step), [vendor, step.id]);
  if (known.failure) return html`<p class="then failure">${known.failure.message}</p>`;
  if (!known.value) return html`<p class="then quiet">state then: …</p>`;
  return html`<p class="then"><span class="quiet">${vendor} then:</span> ${known.value.map((c) => html`<span key=${c.collection} class="count">${c.count} ${c.collection}${c.after ? html` <span class="quiet">(${c.after > 0 ? "+" : "−"}${Math.abs(c.after)} since)</span>` : null}</span> `)}</p>`;
}

// Talk holds the drawing, and stays at its end while it grows, unless the reader is
// somewhere else.
function Talk({ steps, pending, here, then, scaled, vendors, more }) {
  const box = useRef();
  const [width, measure] = useState(0);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const look = () => measure(box.current.clientWidth);
    look();
    const watch = new ResizeObserver(look);
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current && then === null) box.current.scrollTop = box.current.scrollHeight;
  }, [steps.length, pending.length, width, scaled]);
  useLayoutEffect(() => {
    const step = box.current.querySelector(then === null ? ".step.chosen" : ".step.now");
    if (step) step.scrollIntoView({ block: "nearest" });
  }, [then, here.ex]);
  const names = vendors.filter((v) => steps.some((e) => e.vendor === v.id)).map((v) => v.name);
  return html`<div class="talk" ref=${box} tabindex="0" role="region" aria-label="Steps of the conversation" onScroll=${() => { const b = box.current; atEnd.current = b.scrollTop + b.clientHeight > b.scrollHeight - 60; }}>
    ${more}${width ? html`<${Sequence} width=${width} steps=${steps} pending=${pending} chosen=${here.ex} then=${then} scaled=${scaled} vendor=${names.length === 1 ? names[0] : "vendors"} open=${(id) => go({ ex: id }, { replace: Boolean(here.ex) })} />` : null}</div>`;
}
