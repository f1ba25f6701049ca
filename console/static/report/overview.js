// A run as a whole: where it was made, what it touched and what not, and how the documents
// were read.
import { html, clockTime, plural, duration } from "../base/ui.js";
import { go, linkTo, follow } from "../base/place.js";
import { Verdict, Cited, knownWords } from "./check.js";
import { Class } from "../base/evidence.js";

export function Overview({ run, checks, server }) {
  const r = run.report;
  const close = html`<button type="button" class="small back" onClick=${() => go({ item: "" })} aria-label="Back to the checks">✕</button>`;
  if (!r) return html`<article class="exchange item"><div class="top">${close}<h2 tabindex="-1">The run has not begun</h2></div><p>${plural(run.planned.length, "check")} are planned. The partner is waited for.</p></article>`;
  const known = checks.filter((c) => c.known_failing), took = (new Date(r.ended) - new Date(r.started)) * 1e6;
  return html`<article class="exchange item"><div class="top">${close}<h2 tabindex="-1">The run</h2></div>
    <dl class="facts">
      <dt>suites</dt><dd>${r.suites.join(", ")}</dd>
      ${r.target ? html`<dt>webhook</dt><dd>${r.target}</dd>` : null}
      ${r.channel ? html`<dt>channel</dt><dd><code>${r.channel}</code></dd>` : null}
      ${r.address ? html`<dt>its calls go to</dt><dd>${r.address}</dd>` : null}
      <dt>begun</dt><dd><time datetime=${r.started}>${new Date(r.started).toLocaleDateString()} ${clockTime(r.started)}</time>${run.state === "done" && took >= 0 ? `, took ${duration(took)}` : ""}</dd>
      <dt>fails on</dt><dd>${r.fail_on}</dd>
      <dt>seed</dt><dd>${r.seed}</dd>
      <dt>judged by</dt><dd>${r.tool} ${r.version}</dd>
      ${(r.opening || []).map((o, i) => html`<dt key=${i}>opening</dt><dd>${o.event}: ${o.state}${o.status ? `, status ${o.status}` : ""}${o.error ? ` (${o.error})` : ""} ${o.exchange ? html`<a href=${linkTo({ view: "live", ex: o.exchange, q: "", item: "" })} onClick=${follow({ view: "live", ex: o.exchange, q: "", item: "" })}>${o.exchange}</a>` : null}</dd>`)}
      ${(r.contract.not_judged || []).map((text) => html`<dt key=${text}>not judged</dt><dd>${text}</dd>`)}
      ${r.exchanges_dropped ? html`<dt>lost</dt><dd>${plural(r.exchanges_dropped, "exchange")} that the journal no longer had</dd>` : null}
    </dl>
    ${known.length ? html`<h3>Known failures</h3><ul class="demands">${known.map((c) => html`<li key=${c.id}><${Verdict} id=${c.verdict} /> <a href=${linkTo({ item: c.id })} onClick=${follow({ item: c.id })}>${c.title}</a> <span class="quiet">${knownWords[c.known_failing]} ${c.known_failing_reason}${c.known_failing_expires ? `, until ${c.known_failing_expires}` : ""}</span></li>`)}</ul>` : null}
    ${run.state === "done" && (r.remarks || []).length ? html`<h3>Measured</h3><p class="quiet">Of the run as a whole. No page names a bound for it, so it judges nobody.</p><ul>${r.remarks.map((text) => html`<li key=${text}>${text}</li>`)}</ul>` : null}
    <h3>What the run touched</h3>
    ${run.state === "done" ? html`<${Touched} coverage=${r.coverage} />` : html`<p class="quiet">It is counted when the run is done.</p>`}
    <h3>Readings in force</h3>
    ${r.readings.length ? html`<ul class="demands">${r.readings.map((one) => html`<li key=${one.id}><${Cited} id=${one.id} vendor=${r.contract.id} server=${server} /> <b>${one.chosen}</b> ${one.evidence ? html`<${Class} name=${one.evidence} />` : null} <span class="quiet">${one.question}${one.chosen === one.default ? "" : ` (default ${one.default})`}</span></li>`)}</ul>` : html`<p class="quiet">The contract has none.</p>`}
  </article>`;
}

function Touched({ coverage }) {
  return html`<p class="quiet">Of the whole contract, in both directions. Green says nothing about the rest.</p>
    <table class="list"><thead><tr><th scope="col">part</th><th scope="col">touched</th><th scope="col">of</th><th scope="col">percent</th></tr></thead><tbody>${coverage.parts.map((p) => html`<tr key=${p.name}><td>${p.name}</td><td>${p.touched}</td><td>${p.of}</td><td>${p.percent.toFixed(1)}</td></tr>`)}</tbody></table>
    ${coverage.untouched.length ? html`<details class="folded"><summary>Not touched (${coverage.untouched.length})</summary><ul class="untouched">${coverage.untouched.map((text) => html`<li key=${text}><code>${text}</code></li>`)}</ul></details>` : html`<p>All of it was touched.</p>`}`;
}
