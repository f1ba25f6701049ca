// One check in full: what was expected and what came, who says so, and what to do.
import { html, useStore, Copied, CopyButton, duration, shortName } from "../base/ui.js";
import { go, linkTo, follow } from "../base/place.js";
import { exchanges, exchangeOf } from "../exchanges/exchanges.js";
import { Status } from "../exchanges/status.js";
import { Class, Item, Page } from "../base/evidence.js";
import { verdictOf } from "./run.js";

export function Verdict({ id, word }) {
  const v = verdictOf(id);
  return html`<span class=${"mark verdict " + v.kind} title=${v.word}><span aria-hidden="true">${v.sign}</span>${word ? " " + v.word : html`<span class="unseen">${v.word}</span>`}</span>`;
}

export function Check({ c, server, vendor }) {
  useStore(exchanges); // their lines come with them
  const bad = !["pass", "not_applicable"].includes(c.verdict);
  return html`<article class="exchange item">
    <div class="top"><button type="button" class="small back" onClick=${() => go({ item: "" })} aria-label="Close the check">✕</button><h2 tabindex="-1">${c.title}</h2></div>
    <p class="line"><${Verdict} id=${c.verdict} word /> <code>${c.id}</code> <span class="level">${c.level}</span> ${c.evidence ? html`<${Class} name=${c.evidence} />` : null} ${c.duration_ns ? html`<span class="quiet">${duration(c.duration_ns)}</span>` : null} <${CopyButton} text=${c.id} label="Copy ID" /></p>
    ${c.known_failing ? html`<p><b>${knownWords[c.known_failing]}</b> ${c.known_failing_reason}${c.known_failing_expires ? html` <span class="quiet">until ${c.known_failing_expires}</span>` : null}</p>` : null}
    ${c.verdict === "waiting" || c.verdict === "running" ? html`<p class="quiet" role="status">${c.verdict === "running" ? "It is being judged." : "Its turn has not come."}</p>` : null}
    <dl class="facts">
      ${c.expected ? html`<dt>expected</dt><dd>${c.expected}</dd>` : null}
      ${c.actual ? html`<dt>${c.expected ? "actual" : "because"}</dt><dd class=${bad ? "actual" : ""}>${c.actual}</dd>` : null}
      ${c.hint ? html`<dt>hint</dt><dd>${c.hint}</dd>` : null}
      ${(c.notes || []).map((note) => html`<dt key=${note}>measured</dt><dd>${note}</dd>`)}
    </dl>
    ${c.requirements.length ? html`<h3>${bad ? "What it is about" : "What it decides"}</h3>${c.requirements.map((r) => html`<div key=${r.id} class="demand"><p><${Cited} id=${r.id} vendor=${vendor} server=${server} /> <span class="level">${r.level}</span> ${r.text}</p>
      ${r.quote ? html`<blockquote>“${r.quote}” <${Page} evidence=${{ url: r.link, title: r.source }} /></blockquote>` : null}</div>`)}` : null}
    ${(c.readings || []).length ? html`<h3>Readings that it rests on</h3>${c.readings.map((r) => html`<div key=${r.id} class="demand"><p><${Cited} id=${r.id} vendor=${vendor} server=${server} /> <b>${r.chosen}</b> <span class="quiet">${r.question}</span></p>${r.meaning ? html`<p class="prose">${r.meaning}</p>` : null}
      <p class="quiet">To read it otherwise: <code>--reading ${r.id}=OPTION</code>${r.chosen === r.default ? "" : `; the default is ${r.default}`}</p></div>`)}` : null}
    ${(c.exchanges || []).length ? html`<h3>Exchanges</h3><ul class="seenin">${c.exchanges.map((id) => html`<${Seen} key=${id} id=${id} />`)}</ul>` : null}
    ${c.reproduce ? html`<h3>To see it again</h3><${Copied} text=${c.reproduce} />` : null}
    ${c.verdict === "fail" && !c.known_failing ? html`<h3>If you know that it fails</h3><p class="quiet">Say so in the file that <code>--known-failing</code> names, and it does not fail the run:</p><${Copied} text=${`- {id: ${c.id}, reason: "…", expires: ${inAMonth()}}`} />` : null}
  </article>`;
}

export const knownWords = {
  failing: "Known to fail:", stale: "Listed as known to fail, and does not fail any more; take it out of the list:",
  expired: "Was known to fail; the entry has expired:", undecided: "Listed as known to fail, and was not decided:",
};

function inAMonth() {
  const day = new Date();
  day.setMonth(day.getMonth() + 1);
  return day.toISOString().slice(0, 10);
}

// Cited is a link into the contract, where the server has it.
export function Cited({ id, vendor, server }) {
  return server.features.includes("contracts") && server.vendors.some((v) => v.id === vendor) ? html`<${Item} vendor=${vendor} id=${id} />` : html`<b>${id}</b>`;
}

function Seen({ id }) {
  const e = exchangeOf(id), to = { view: "live", ex: id, q: "", item: "" };
  return html`<li><a href=${linkTo(to)} onClick=${follow(to)}><code>${id}</code></a>${e ? html` <${Status} e=${e} /> <span>${e.caller === "partner" ? "→" : "←"} ${shortName(e.operation) || e.request.method}</span> <code class="quiet">${e.request.url}</code>` : null}</li>`;
}
