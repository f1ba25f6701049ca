// What came of sending a draft, or what would.
import { html, useLoaded, Failure, plural, shortName } from "../base/ui.js";
import { get } from "../base/api.js";
import { linkTo, follow } from "../base/place.js";
import { Findings } from "../exchanges/finding.js";
import { Status } from "../exchanges/status.js";
import { Body } from "../exchanges/body.js";
import { State } from "../deliveries/deliverystate.js";

export function Outcome({ outcome }) {
  if (!outcome) return null;
  return html`<section class="outcome" aria-label="Outcome" aria-live="polite">
    ${outcome.failure ? html`<${Failure} failure=${outcome.failure} />` : null}
    ${outcome.draft ? html`<${Dry} draft=${outcome.draft} />` : null}
    ${outcome.delivery ? html`<${Sent} d=${outcome.delivery} />` : null}
    ${outcome.answer ? html`<${Answered} answer=${outcome.answer} />` : null}</section>`;
}

export function ExchangeLink({ id, children }) {
  const to = { view: "live", ex: id, of: "", item: "" };
  return html`<a href=${linkTo(to)} onClick=${follow(to)}>${children || id}</a>`;
}

export function DeliveryLink({ id }) {
  const to = { view: "deliveries", item: id, of: "", ex: "" };
  return html`<a href=${linkTo(to)} onClick=${follow(to)}>${id}</a>`;
}

// Dry is the event as it would be sent.
function Dry({ draft: d }) {
  const text = d.body === undefined ? "" : JSON.stringify(d.body, null, 2);
  const errors = d.findings.filter((f) => f.severity === "error" || f.severity === "harness_error").length;
  return html`<h3>Dry run: nothing was sent</h3>
    <p class="line"><code class="method">${d.method}</code> <code class="url">${d.url || "(the channel has no URL)"}</code></p>
    <p>${errors ? html`<span class="mark error" aria-hidden="true">✗</span> It breaks the contract in ${plural(errors, "place")}; it is only sent with “send even if broken”.` : html`<span class="mark good" aria-hidden="true">✓</span> It can be sent.`}</p>
    <${Headers} header=${d.header} />
    <${Body} body=${{ text, size: new Blob([text]).size }} header=${d.header} findings=${d.findings} vendor=${d.vendor} />`;
}

function Headers({ header }) {
  const list = Object.entries(header || {});
  return html`<details class="headers"><summary>${plural(list.length, "header")}</summary><table><tbody>${list.map(([name, values]) => html`<tr key=${name}><th scope="row">${name}</th><td>${values.join(", ")}</td></tr>`)}</tbody></table></details>`;
}

function Sent({ d }) {
  const attempts = d.attempts || [];
  return html`<h3>Sent as <${DeliveryLink} id=${d.id} /></h3>
    <p class="line"><${State} state=${d.state} /> ${d.status ? html`<span>status ${d.status}</span>` : null} <span>${shortName(d.event)} to ${d.url || "nowhere"}</span>
      ${attempts.length ? html`<span>${plural(attempts.length, "attempt")}: ${attempts.map((id) => html`<${ExchangeLink} key=${id} id=${id} /> `)}</span>` : null}</p>
    ${d.error ? html`<p class="failure"><span class="mark error" aria-hidden="true">✗</span> ${d.error}</p>` : null}
    ${attempts.length ? html`<${Recorded} id=${attempts[attempts.length - 1]} />` : null}`;
}

function Answered({ answer }) {
  return html`<h3>Called${answer.exchange ? html`: <${ExchangeLink} id=${answer.exchange} />` : null}</h3>${answer.exchange ? null : html`<p>status <b>${answer.status}</b> <span class="quiet">The mock recorded no exchange.</span></p>`}
    ${answer.exchange ? html`<${Recorded} id=${answer.exchange} />` : html`<pre tabindex="0">${answer.text}</pre>`}`;
}

// Recorded shows how the other side answered, and what is wrong with both halves.
function Recorded({ id }) {
  const loaded = useLoaded((signal) => get("journal/" + encodeURIComponent(id), {}, signal), [id]);
  const e = loaded.value;
  if (!e) return loaded.failure ? html`<${Failure} failure=${loaded.failure} />` : html`<p class="quiet">Fetching ${id} …</p>`;
  return html`<p class="line"><${Status} e=${e} /> ${e.caller === "partner" ? "the vendor answered" : "the partner answered"}${(e.findings || []).length ? "" : "; the validator finds nothing wrong"}${e.error ? ": " + e.error : ""}</p>
    <${Findings} e=${e} />
    ${e.response ? html`<${Body} body=${e.response.body} header=${e.response.header || {}} findings=${(e.findings || []).filter((f) => f.part === "response" && (f.pointer === undefined || /^(\/|$)/.test(f.pointer)))} vendor=${e.vendor} />` : null}`;
}
