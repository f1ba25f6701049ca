// Faults: what goes wrong on purpose, how often it did, and where.
import { html, useState, useEffect, useMemo, useRef, useStore, Failure, Empty, CopyButton, clockTime, shortName, plural } from "../base/ui.js";
import { get, remove } from "../base/api.js";
import { go, linkTo, follow } from "../base/place.js";
import { exchanges } from "../exchanges/exchanges.js";
import { Status } from "../exchanges/status.js";
import { useRefreshed } from "../base/refresh.js";
import { Confirmed } from "../base/confirm.js";
import { FaultForm } from "./faultform.js";
import { sentence, isDone, sideOf, plainRule, commandOf } from "./faultwords.js";
import { controlLine } from "../base/shell.js";

const often = 5000; // a lost event, and a fault that somebody else adds, make no exchange

export function Faults({ server, here }) {
  const loaded = useRefreshed((signal) => get("faults", {}, signal), [], often);
  const [failure, fail] = useState(null);
  const [draft, begin] = useState(null); // {rule, side}: what the form begins with
  const wished = useMemo(() => wishOf(here), [here.of, here.item]);
  useEffect(() => { if (wished) begin(wished); }, [wished]);
  const list = loaded.value ? loaded.value.faults.slice().reverse() : [];
  const chosen = /^ft-/.test(here.item) ? here.item : "";
  const act = async (path) => {
    fail(null);
    try { await remove(path); } catch (problem) { fail(problem); }
    loaded.reload();
  };
  const close = () => { begin(null); if (wished) go({ of: "", item: "" }, { replace: true }); };

  return html`<div class="page faults">
    <div class="bar"><h2>Faults</h2><span class="quiet">${loaded.value ? plural(list.length, "fault") : ""}</span><span class="spring"></span>
      ${draft ? null : html`<button type="button" class="main" onClick=${() => begin({ rule: {} })}>Make a fault</button>`}
      ${list.length > 1 ? html`<${Confirmed} label="Remove all" question=${`Remove ${plural(list.length, "fault")}?`} yes="Remove them" small=${false} act=${() => act("faults")} fail=${fail} />` : null}</div>
    ${draft ? html`<${FaultForm} server=${server} rule=${draft.rule} side=${draft.side} close=${close}
      made=${(made) => { begin(null); loaded.reload(); go({ of: "", item: made.id }, { replace: Boolean(wished) }); }} />` : null}
    <${Failure} failure=${failure || loaded.failure} retry=${failure ? null : loaded.reload} />
    ${chosen && loaded.value && !list.some((f) => f.id === chosen) ? html`<section class="faultrow chosen"><p><b>${chosen}</b> is no longer there: it was removed, or the sandbox was reset.</p><${Deeds} id=${chosen} /></section>` : null}
    ${loaded.value && !list.length && !draft ? html`<${Empty} title="Nothing goes wrong on purpose" line=${controlLine("POST", "faults", { operation: "*", status: 500, undocumented: true, times: 1 })}><p>A fault makes the vendor fail: an answer, or an event on its way. Make one here, or from a shell:</p><//>` : null}
    <ol class="plainlist" aria-label="Faults, the newest first">${list.map((f) => html`<${Fault} key=${f.id} fault=${f} chosen=${f.id === chosen} remove=${() => act("faults/" + f.id)} like=${() => { begin({ rule: plainRule(f) }); scrollTo(0, 0); }} />`)}</ol>
  </div>`;
}

// wishOf is the fault that the place of the page asks for: one of an operation or event.
function wishOf(here) {
  if (/^ft-/.test(here.item) || (!here.of && !here.item)) return null;
  const side = here.item.startsWith("events/") ? "event" : "operation";
  const rule = {};
  if (here.of) rule.vendor = here.of;
  if (here.item) rule[side] = shortName(here.item);
  return { rule, side };
}

function Fault({ fault: f, chosen, remove: end, like }) {
  const row = useRef();
  useEffect(() => { if (chosen) row.current.scrollIntoView({ block: "nearest" }); }, [chosen]);
  const to = { item: chosen ? "" : f.id, of: "" };
  return html`<li ref=${row} class=${"faultrow" + (chosen ? " chosen" : "")} aria-current=${chosen ? "true" : null}>
    <div class="line"><a class="id" href=${linkTo(to)} onClick=${follow(to)} aria-expanded=${chosen ? "true" : "false"}><span class="mark fault" aria-hidden="true">⚡</span> ${f.id}</a>
      <span class="says">${sentence(f)}${isDone(f) ? html` <span class="level">✓ done</span>` : null}</span>
      <span class="count">${f.matched ? html`acted <b>${f.acted}</b> on ${plural(f.matched, "match", "matches")}` : html`<span class="quiet">nothing matched yet</span>`}</span>
      <span class="menu"><button type="button" class="small" onClick=${like} aria-label=${"Make a fault like this: " + f.id}>like this</button>
        <button type="button" class="small danger" onClick=${end} aria-label=${"Remove " + f.id}>remove</button></span></div>
    ${chosen ? html`<${Deeds} id=${f.id} fault=${f} />` : null}</li>`;
}

// Deeds are the exchanges on which a fault acted, of those that the page has.
function Deeds({ id, fault }) {
  const all = useStore(exchanges);
  const list = useMemo(() => all.list.filter((e) => (e.faults || []).includes(id)).reverse(), [all.list, id]);
  const lost = fault && fault.acted > list.length;
  return html`<div class="deeds">
    <h3>What it did</h3>
    ${list.length ? html`<ul class="plainlist">${list.slice(0, 200).map((e) => {
      const to = { view: "live", ex: e.id, of: "", item: "", tab: "why", q: "" };
      return html`<li key=${e.id}><a href=${linkTo(to)} onClick=${follow(to)}>${e.id}</a> <span class="quiet">${clockTime(e.time)}</span> <span class=${"way from-" + e.caller} title=${e.caller === "partner" ? "partner → vendor" : "vendor → partner"}>${e.caller === "partner" ? "→" : "←"}</span> ${shortName(e.operation) || e.request.url} <${Status} e=${e} /></li>`;
    })}</ul>` : html`<p class="quiet">${lost ? "" : "Nothing yet. "}Exchanges on which it acts are listed here.</p>`}
    ${lost ? html`<p class="note">It acted ${plural(fault.acted, "time")}. ${sideOf(fault) === "event" ? "An event that is lost, or still held, makes no exchange." : "The journal may have let older exchanges go."}</p>` : null}
    ${fault ? html`<p class="menu"><${CopyButton} text=${() => commandOf(plainRule(fault))} label="parley" title="Copy as a parley line" /><${CopyButton} text=${() => controlLine("POST", "faults", plainRule(fault))} label="curl" title="Copy as a curl line" /><${CopyButton} text=${() => JSON.stringify(fault, null, 2)} label="JSON" title="Copy as JSON" /></p>` : null}
  </div>`;
}
