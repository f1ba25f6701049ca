// One exchange in full: what was asked and answered, what is wrong with it and where,
// why it was answered so, and what it changed.
import { html, useState, useMemo, useRef, useLoaded, Mark, CopyButton, Failure, Empty, clockTime, duration, shortName, plural } from "../base/ui.js";
import { get, base } from "../base/api.js";
import { go, linkTo, follow } from "../base/place.js";
import { useKeys } from "../base/keys.js";
import { exchangeOf } from "./exchanges.js";
import { Status } from "./status.js";
import { Finding, Findings } from "./finding.js";
import { Body } from "./body.js";
import { readingsOf } from "../base/contracts.js";
import { asCurl, asGoTest, asStep } from "./copies.js";
import { Changes } from "./changes.js";
import { Was } from "./was.js";
import { callAgain } from "./call.js";

// whole is the exchange with all of its bodies.
function useExchange(id) {
  const known = exchangeOf(id);
  const loaded = useLoaded((signal) => (known && !known.partial ? Promise.resolve(known) : get("journal/" + encodeURIComponent(id), {}, signal)), [id]);
  return { e: loaded.value || known, failure: loaded.failure, reload: loaded.reload };
}

export function Exchange({ id, here, server }) {
  const { e, failure, reload } = useExchange(id);
  const title = useRef();
  if (!e && failure) {
    return html`<${Empty} title=${`${id} is not in the journal`}><p>It made room for newer exchanges, the journal was cleared, or the mock began anew.</p><p><button type="button" class="small" onClick=${() => go({ ex: "" })}>Close</button></p><//>`;
  }
  if (!e) return html`<p class="quiet">Fetching ${id} …</p>`;
  const tabs = ["request", "answer", "why", ...(server.features.includes("changes") ? ["state"] : []), "raw"];
  const tab = tabs.includes(here.tab) ? here.tab : (e.findings || []).length && !(e.findings || []).some((f) => f.part === "request") ? "answer" : "request";
  return html`<article class="exchange">
    <div class="top">
      <button type="button" class="small back" onClick=${() => go({ ex: "" })} aria-label="Close the exchange">✕</button>
      <h2 tabindex="-1" ref=${title}><code>${e.id}</code> <span class="quiet">${e.caller === "partner" ? "partner → vendor" : "vendor → partner"}</span></h2>
      <span class="spring"></span>
      <${Actions} e=${e} server=${server} />
    </div>
    <p class="line"><code class="method">${e.request.method}</code> <code class="url">${e.request.url}</code></p>
    <p class="line"><${Status} e=${e} /> <span>${duration(e.duration_ns)}</span> <span>${e.vendor} ${shortName(e.operation)}</span>
      <time datetime=${e.time} title=${e.time}>${clockTime(e.time, true)}</time>
      ${e.channel ? html`<a href=${linkTo({ view: "conversation", of: e.channel })} onClick=${follow({ view: "conversation", of: e.channel })} title="This channel's conversation">channel ${e.channel}</a>` : null}
      ${e.delivery ? html`<a href=${linkTo({ view: "deliveries", item: e.delivery, ex: "" })} onClick=${follow({ view: "deliveries", item: e.delivery, ex: "" })}>${e.delivery}, attempt ${e.attempt}</a>` : null}
      ${e.check ? (server.features.includes("run") ? html`<a href=${linkTo({ view: "report", item: e.check, ex: "" })} onClick=${follow({ view: "report", item: e.check, ex: "" })}>check ${e.check}</a>` : html`<span>check ${e.check}</span>`) : null}</p>
    ${e.error ? html`<p class="failure"><span class="mark error" aria-hidden="true">✗</span> No answer: ${e.error}</p>` : null}
    <${Findings} e=${e} />
    <div class="tabs" role="tablist" aria-label="Parts of the exchange">${tabs.map((t) => html`<button key=${t} type="button" role="tab" id=${"tab-" + t} aria-selected=${t === tab ? "true" : "false"} aria-controls="tab-panel"
      onClick=${() => go({ tab: t }, { replace: true })}>${t}${marksOf(e, t)}</button>`)}</div>
    <div id="tab-panel" role="tabpanel" aria-labelledby=${"tab-" + tab} tabindex="0">
      ${tab === "request" ? html`<${Half} half=${e.request} part="request" e=${e} />` : null}
      ${tab === "answer" ? (e.response ? html`<${Half} half=${e.response} part="response" e=${e} />` : html`<${Empty} title="There was no answer"><p>${e.error || "The connection ended before one came."}</p><//>`) : null}
      ${tab === "why" ? html`<${Why} e=${e} />` : null}
      ${tab === "state" ? html`<${Changes} exchange=${e.id} time=${e.time} /><${Was} key=${e.id} e=${e} server=${server} />` : null}
      ${tab === "raw" ? html`<${Raw} e=${e} />` : null}
    </div>
    ${failure ? html`<${Failure} failure=${failure} retry=${reload} />` : null}
  </article>`;
}

const partOf = { request: "request", answer: "response" };

function marksOf(e, tab) {
  const count = (e.findings || []).filter((f) => partOf[tab] === (f.part || "request") && f.severity !== "info");
  if (!count.length) return null;
  const worst = ["harness_error", "error", "warn"].find((s) => count.some((f) => f.severity === s));
  return html` <${Mark} severity=${worst} count=${count.length} />`;
}

function Actions({ e, server }) {
  const [said, say] = useState("");
  const again = async () => say(await callAgain(e));
  const mock = server.features.includes("compose");
  useKeys((key) => { if (key === "r" && mock) again(); return false; });
  return html`<span class="menu"><${CopyButton} text=${() => asCurl(e)} label="curl" title="Copy as a curl line" />
    <${CopyButton} text=${() => asGoTest(e)} label="Go test" title="Copy as a Go test" />
    <${CopyButton} text=${() => asStep(e)} label="scenario" title="Copy as a step of a scenario" />
    ${mock ? html`<button type="button" class="small" onClick=${again} title="Send it again (r)">again</button>
    <a class="button small" href=${linkTo({ view: "act", of: e.vendor, item: e.operation, ex: e.id })} onClick=${follow({ view: "act", of: e.vendor, item: e.operation, ex: e.id })} title="Change it, then send it">edit</a>` : null}
    <span role="status" class="note">${said}</span></span>`;
}

function Half({ half, part, e }) {
  const own = (e.findings || []).filter((f) => (f.part || "request") === part);
  const atHeader = (name) => own.filter((f) => (f.pointer || "").toLowerCase() === "header:" + name.toLowerCase());
  const missing = own.filter((f) => /^header:/.test(f.pointer || "") && !Object.keys(half.header || {}).some((name) => "header:" + name.toLowerCase() === f.pointer.toLowerCase()));
  const elsewhere = own.filter((f) => /^(query|path|cookie|form):/.test(f.pointer || ""));
  const inBody = own.filter((f) => f.pointer !== undefined ? f.pointer === "" || f.pointer.startsWith("/") : f.line);
  return html`
    ${elsewhere.length ? html`<ul class="findings at">${elsewhere.map((f, i) => html`<li key=${i} class=${f.severity}><${Finding} f=${f} vendor=${e.vendor} short /></li>`)}</ul>` : null}
    <details class="headers" open=${missing.length > 0 || Object.keys(half.header || {}).some((n) => atHeader(n).length)}><summary>${plural(Object.keys(half.header || {}).length, "header")}</summary>
      <table><tbody>${Object.entries(half.header || {}).flatMap(([name, values]) => values.map((value, i) => html`<tr key=${name + i} class=${atHeader(name).length ? "marked" : ""}><th scope="row">${name}</th><td>${value}${i ? null : atHeader(name).map((f, n) => html`<div key=${n} class=${"here " + f.severity}><${Finding} f=${f} vendor=${e.vendor} short /></div>`)}</td></tr>`))}
      ${missing.map((f, n) => html`<tr key=${"missing" + n} class="marked"><th scope="row">${f.pointer.slice(7)}</th><td><i>missing</i><div class=${"here " + f.severity}><${Finding} f=${f} vendor=${e.vendor} short /></div></td></tr>`)}</tbody></table></details>
    <${Body} body=${half.body} header=${half.header || {}} findings=${inBody} vendor=${e.vendor} />`;
}

// Why says what decided the answer.
function Why({ e }) {
  const readings = useLoaded(() => readingsOf(e.vendor, e.operation), [e.vendor, e.operation]);
  const told = Object.entries((e.response && e.response.header) || {}).filter(([name]) => /^parley-/i.test(name));
  const refused = (e.findings || []).filter((f) => /^call\./.test(f.code));
  const why = [];
  if ((e.faults || []).length) why.push(html`<dt>Faults that acted</dt><dd>${e.faults.map((id) => html`<a key=${id} href=${linkTo({ view: "faults", item: id, ex: "" })} onClick=${follow({ view: "faults", item: id, ex: "" })}>⚡ ${id}</a> `)} they decided before the vendor did</dd>`);
  if ((e.request.header || {}).Prefer) why.push(html`<dt>The caller preferred</dt><dd><code>Prefer: ${e.request.header.Prefer.join(", ")}</code></dd>`);
  if (refused.length) why.push(html`<dt>The vendor's side</dt><dd>${refused.map((f, i) => html`<div key=${i}>${f.actual}</div>`)}</dd>`);
  if (!e.operation) why.push(html`<dt>No operation</dt><dd>Nothing of the contract matches <code>${e.request.method} ${e.request.url}</code>.</dd>`);
  if (told.length) why.push(html`<dt>Headers of the mock</dt><dd>${told.map(([name, values]) => html`<div key=${name}><code>${name}: ${values.join(", ")}</code></div>`)}</dd>`);
  const judged = (e.findings || []).filter((f) => f.severity === "error" && f.part === "request").length;
  why.push(html`<dt>Judged</dt><dd>${judged ? `The request breaks the contract in ${plural(judged, "place")}; where the contract documents an answer to that, it was given.` : "The request breaks nothing that can fail it."}</dd>`);
  return html`<dl class="why">${why}
    <dt>Readings in force</dt><dd>${readings.value && readings.value.length ? html`<ul>${readings.value.map((r) => html`<li key=${r.id}><a href=${linkTo({ view: "contract", of: e.vendor, item: r.id })} onClick=${follow({ view: "contract", of: e.vendor, item: r.id })}>${r.id}</a> <b>${r.chosen}</b> <span class="quiet">${r.question}</span></li>`)}</ul>` : html`<span class="quiet">None decides about this ${e.caller === "partner" ? "operation" : "event"}.</span>`}</dd></dl>`;
}

// Raw is the exchange as the journal has it.
function Raw({ e }) {
  const text = useMemo(() => JSON.stringify(e, null, 2), [e]);
  return html`<div class="raw"><${CopyButton} text=${text} /><pre tabindex="0">${text.length > 200_000 ? text.slice(0, 200_000) + "\n…" : text}</pre></div>`;
}
