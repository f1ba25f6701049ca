// One delivery: its attempts in time, its body, and what can be done with it.
import { html, useState, useLoaded, Failure, CopyButton, Empty, clockTime, duration, plural } from "../base/ui.js";
import { get, post } from "../base/api.js";
import { go, linkTo, follow } from "../base/place.js";
import { exchangeOf } from "../exchanges/exchanges.js";
import { controlCurl } from "../exchanges/copies.js";
import { State, ended } from "./deliverystate.js";
import { ExchangeLink, DeliveryLink } from "../act/outcome.js";
import { Status, Marks } from "../exchanges/status.js";
import { Body } from "../exchanges/body.js";

export function Delivery({ id, turn, reload }) {
  const loaded = useLoaded((signal) => get("deliveries/" + encodeURIComponent(id), {}, signal), [id, turn]);
  const d = loaded.value;
  if (!d && loaded.failure) return html`<${Empty} title=${`There is no delivery ${id}`}><p>${loaded.failure.message}</p><p><button type="button" class="small" onClick=${() => go({ item: "" })}>Close</button></p><//>`;
  if (!d) return html`<p class="quiet">Fetching ${id} …</p>`;
  const text = d.body === undefined || d.body === null ? "" : JSON.stringify(d.body, null, 2);
  const channel = { view: "conversation", of: d.channel, item: "" };
  return html`<article class="exchange">
    <div class="top"><button type="button" class="small back" aria-label="Close the delivery" onClick=${() => go({ item: "" })}>✕</button><h2 tabindex="-1"><code>${d.id}</code> <${State} state=${d.state} /></h2><span class="spring"></span>
      <${CopyButton} text=${d.id} label="Copy ID" /><${CopyButton} text=${() => controlCurl("POST", `deliveries/${d.id}/replay`, "{}")} label="curl" title="Copy as a curl line that sends it again" /></div>
    <p class="line"><span>${d.vendor} ${d.event}</span> ${d.channel ? html`<a href=${linkTo(channel)} onClick=${follow(channel)} title="This channel's conversation">channel ${d.channel}</a>` : null} <code class="url">${d.url || "no URL"}</code></p>
    <p class="line"><span>queued <time datetime=${d.queued} title=${d.queued}>${clockTime(d.queued, true)}</time></span>${d.ended ? html` <span>ended <time datetime=${d.ended} title=${d.ended}>${clockTime(d.ended, true)}</time></span>` : null}
      ${d.copyOf ? html` <span>sends <${DeliveryLink} id=${d.copyOf} /> again</span>` : null}
      ${(d.faults || []).map((fault) => html` <a key=${fault} href=${linkTo({ view: "faults", item: fault })} onClick=${follow({ view: "faults", item: fault })}><span class="mark fault">⚡</span> ${fault}</a>`)}</p>
    ${d.error ? html`<p class="failure"><span class="mark error" aria-hidden="true">✗</span> ${d.error}</p>` : null}
    <${Orders} d=${d} again=${() => { loaded.reload(); reload(); }} />
    <h3>${plural((d.attempts || []).length, "attempt")}</h3>
    ${(d.attempts || []).length ? html`<${Attempts} ids=${d.attempts} queued=${d.queued} />` : html`<p class="quiet">${ended(d) ? "It was never tried." : "It has not been tried yet."}</p>`}
    <h3>Body</h3>
    <${Body} body=${{ text, size: new Blob([text]).size }} header=${{ "Content-Type": ["application/json"] }} findings=${[]} vendor=${d.vendor} />
  </article>`;
}

// Attempts stand in their order, each with the time since the one before.
function Attempts({ ids, queued }) {
  const loaded = useLoaded((signal) => Promise.all(ids.map((id) => exchangeOf(id) || get("journal/" + encodeURIComponent(id), {}, signal).catch(() => ({ id })))), [ids.join(" ")]);
  const list = loaded.value || ids.map((id) => ({ id }));
  return html`<ol class="attempts">${list.map((e, i) => {
    const before = i ? list[i - 1].time : queued;
    return html`<li key=${e.id}><span class="since quiet">${e.time && before ? since(e.time, before) : ""}</span> <${ExchangeLink} id=${e.id} />
      ${e.request ? html` <${Status} e=${e} /> <span class="quiet">${clockTime(e.time, true)}, ${duration(e.duration_ns)}</span> <${Marks} e=${e} />${e.error ? html` <span class="quiet">${e.error}</span>` : null}` : html` <span class="quiet">no longer in the journal</span>`}</li>`;
  })}</ol>`;
}

function since(time, before) {
  const ms = new Date(time) - new Date(before);
  return ms > 0 ? "+" + duration(ms * 1e6) : "at once";
}

// allowed says of an order why the delivery's state does not allow it; "" if it does.
const allowed = {
  retry: (d) => (d.state === "delivered" ? "It was delivered; replay it to send it again." : ended(d) ? "" : "It has not ended."),
  cancel: (d) => (ended(d) ? "It has ended." : ""),
};

// Orders are what can be done with a delivery in its state.
function Orders({ d, again }) {
  const [said, say] = useState({});
  const [to, target] = useState("");
  const order = async (name, body) => {
    say({});
    try {
      const now = await post(`deliveries/${d.id}/${name}`, body);
      say({ done: { retry: html`Queued again.`, cancel: html`It is ${now.state}.`, replay: html`Sent again as <${DeliveryLink} id=${now.id} />.` }[name] });
    } catch (failure) { say({ failure }); }
    again();
  };
  const from = (d.attempts || []).slice(-1)[0] || d.id;
  const edit = { view: "act", of: d.vendor, item: "events/" + d.event, ex: from, tab: "" };
  return html`<div class="bar">
    ${["retry", "cancel"].map((name) => html`<button key=${name} type="button" class=${name === "cancel" ? "danger" : ""} disabled=${Boolean(allowed[name](d))} title=${allowed[name](d) || { retry: "Try this one again, where its channel is now", cancel: "End it before it is delivered" }[name]} onClick=${() => order(name)}>${{ retry: "Retry", cancel: "Cancel" }[name]}</button>`)}
    <form class="menu" onSubmit=${(event) => { event.preventDefault(); order("replay", to ? { to } : {}); }}><button type="submit" title="Send its body again, as a delivery of its own">Replay</button><label class="unseen" for="replay-to">Other target of the replay</label><input id="replay-to" type="url" spellcheck="false" value=${to} placeholder="to another target" onInput=${(event) => target(event.target.value.trim())} /></form>
    <a class="button" href=${linkTo(edit)} onClick=${follow(edit)} title="Change its body, then send it">Edit and send</a></div>
    <div role="status">${said.done ? html`<p class="note">${said.done}</p>` : null}</div><${Failure} failure=${said.failure} />`;
}
