// A contract: what can be called and sent, what is demanded, how it is read and what says
// so; and, painted onto it, what was seen of it so far.
import { html, useLoaded, useMemo, Failure, Empty, plural } from "../base/ui.js";
import { useKeys } from "../base/keys.js";
import { go, linkTo, follow } from "../base/place.js";
import { contractOf } from "../base/contracts.js";
import { Outline } from "./outline.js";
import { Operation } from "./operation.js";
import { Payload } from "./payload.js";
import { RequirementItem, ReadingItem } from "./rules.js";
import { Page, Evidence } from "../base/evidence.js";
import { useTouched, Totals } from "./touched.js";

export function Contract({ server, here }) {
  if (!server.vendors.length) return html`<${Empty} title="There is no contract here"><p>This server was not given one.</p><//>`;
  return html`<${One} server=${server} here=${here} />`;
}

function One({ server, here }) {
  const vendor = server.vendors.some((v) => v.id === here.of) ? here.of : server.vendors[0].id;
  const loaded = useLoaded(() => contractOf(vendor), [vendor]);
  const contract = loaded.value && loaded.value.id === vendor ? loaded.value : null;
  const paints = server.features.includes("coverage");
  const { touched, failure, reload } = useTouched(vendor, paints);
  const untouched = paints && here.group === "untouched";
  useKeys((key, field) => pressed(key, field, here));
  return html`
    <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
      ${server.vendors.length > 1 ? html`<label class="unseen" for="contract-of">Contract</label><select id="contract-of" value=${vendor} onChange=${(event) => go({ of: event.target.value, item: "" })}>${server.vendors.map((v) => html`<option key=${v.id} value=${v.id} selected=${v.id === vendor}>${v.id}</option>`)}</select>` : null}
      <label class="unseen" for="find">Find in the contract</label>
      <input id="find" type="search" spellcheck="false" autocomplete="off" value=${here.find} placeholder="find by name, ID or text  ( / )" onInput=${(event) => go({ find: event.target.value }, { replace: true })} />
      ${paints ? html`<button type="button" class="small" aria-pressed=${untouched ? "true" : "false"} onClick=${() => go({ group: untouched ? "" : "untouched" }, { replace: true })}>show only untouched</button>` : null}
    </form>
    ${touched ? html`<${Totals} touched=${touched} />` : null}
    ${failure || loaded.failure ? html`<div class="options"><${Failure} failure=${failure} retry=${reload} /><${Failure} failure=${loaded.failure} retry=${loaded.reload} /></div>` : null}
    ${contract ? html`<div class=${"split open contract" + (here.item ? " has-item" : "")}>
      <div class="list"><${Outline} contract=${contract} here=${here} touched=${touched} untouched=${untouched} /></div>
      <section class="detail" aria-label=${here.item || contract.name}>${here.item ? html`<${Item} key=${vendor + here.item} contract=${contract} here=${here} touched=${touched} server=${server} />` : html`<${About} contract=${contract} />`}</section>
    </div>` : loaded.failure ? null : html`<p class="quiet page" role="status">Reading the contract …</p>`}`;
}

// Item is the part of the contract that the page's address names.
function Item({ contract, here, touched, server }) {
  const id = here.item, named = (list, key) => list.find((one) => one[key] === id);
  const found = useMemo(() => {
    let of;
    if ((of = named(contract.operations, "name") || named(contract.events, "name"))) return { show: Operation, of };
    if ((of = named(contract.payloads, "name"))) return { show: PayloadItem, of };
    if ((of = named(contract.requirements, "id"))) return { show: RequirementItem, of };
    if ((of = named(contract.readings, "id"))) return { show: ReadingItem, of };
    return null;
  }, [contract, id]);
  const close = html`<button type="button" class="small back" onClick=${() => go({ item: "" })} aria-label="Back to the outline">✕</button>`;
  if (id === "about") return html`<${About} contract=${contract} close=${close} />`;
  if (!found) {
    return html`<${Empty} title=${`${contract.name} has no ${id}`}><p>It may be another contract’s, or be called otherwise: find it by a part of its name.</p>${close}<//>`;
  }
  return html`<article class="exchange item"><${found.show} of=${found.of} contract=${contract} touched=${touched} server=${server} close=${close} /></article>`;
}

function PayloadItem({ of, contract, touched, close }) {
  const uses = [...contract.operations, ...contract.events].filter((o) => [o, ...o.responses].some((b) => b.payload === of.name || Object.values(b.bodies || {}).includes(of.name)));
  const to = (o) => ({ item: o.name });
  return html`<div class="top">${close}<h2 tabindex="-1"><code>${of.name}</code> <span class="quiet">payload</span></h2></div>
    ${uses.length ? html`<p>Body of ${uses.map((o, i) => html`${i ? ", " : ""}<a href=${linkTo(to(o))} onClick=${follow(to(o))}>${o.name}</a>`)}</p>` : null}
    <${Payload} contract=${contract} name=${of.name} touched=${touched} />`;
}

// About is what belongs to the contract as a whole.
function About({ contract, close }) {
  const sources = Object.entries(contract.sources);
  return html`<article class="exchange item"><div class="top">${close}<h2 tabindex="-1">${contract.title}</h2></div>
    <p>${plural(contract.operations.length, "operation")}, ${plural(contract.events.length, "event")}, ${plural(contract.requirements.length, "requirement")}, ${plural(contract.readings.length, "reading")}, ${plural(contract.payloads.length, "payload")}.
      Everything is <i>documented</i>, <i>observed</i> in a sample or <i>assumed</i>; what is assumed can only warn.</p>
    ${contract.signature ? html`<h3>Signature of events</h3><p>${contract.signature.text}, in the header <code>${contract.signature.header}</code></p><${Evidence} evidence=${contract.signature.evidence} />` : null}
    <h3>Not judged</h3>
    ${contract.notJudged.length ? html`<ul>${contract.notJudged.map((text) => html`<li key=${text}>${text}</li>`)}</ul>` : html`<p class="quiet">Nothing of the documents is left out.</p>`}
    <h3>Sources</h3>
    ${sources.length ? html`<ul>${sources.map(([key, page]) => html`<li key=${key}><${Page} evidence=${{ title: page.title || key, url: page.url, source: page.title ? key : "" }} /></li>`)}</ul>` : html`<p class="quiet">None is named.</p>`}
  </article>`;
}

// pressed does what a key asks of the contract, and is true where it does something.
function pressed(key, field, here) {
  if (field) {
    if (field.id !== "find") return false;
    field.blur();
  } else if (key === "/") document.getElementById("find").focus();
  else if (key === "Escape" && here.item && !document.querySelector("dialog[open]")) go({ item: "" });
  else return false;
  return true;
}
