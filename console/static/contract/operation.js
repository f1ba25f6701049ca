// An operation or an event in full.
import { html, useState } from "../base/ui.js";
import { linkTo, follow } from "../base/place.js";
import { Evidence, Because, Item } from "../base/evidence.js";
import { Payload, Must, keywords } from "./payload.js";
import { Readings } from "./readings.js";
import { Seen, seenOf } from "./touched.js";

export function Operation({ of: o, contract, touched, server, close }) {
  const event = o.name.startsWith("events/");
  const call = touched && touched.calls.get(o.name);
  return html`<div class="top">${close}<h2 tabindex="-1"><code>${o.name}</code> <span class="quiet">${o.summary}</span></h2><span class="spring"></span><${Ways} o=${o} vendor=${contract.id} server=${server} /></div>
    <p class="line"><code class="method">${o.method}</code> <code class="url">${o.path || "to the webhook of the partner’s channel"}</code>
      <span>${event ? `${contract.name} calls the partner` : `the partner calls ${contract.name}`}</span>${call ? html`<${Seen} count=${call.count} />` : null}</p>
    ${o.selector ? html`<p>Told apart from others there by <code>${o.selector.property}</code> = <code>${JSON.stringify(o.selector.value)}</code></p>` : null}
    ${o.description ? html`<p class="prose">${o.description}</p>` : null}
    <${Evidence} evidence=${o.evidence} />
    ${o.parameters.length ? html`<h3>Parameters</h3><${Parameters} list=${o.parameters} vendor=${contract.id} />` : null}
    <h3>Body</h3>
    <${Bodies} of=${o} contract=${contract} touched=${touched} required=${o.bodyRequired} open />
    <h3>Answers</h3>
    <${Answers} o=${o} contract=${contract} touched=${touched} call=${call} />
    <${Demands} o=${o} contract=${contract} touched=${touched} />
    <${Readings} ids=${o.readings} contract=${contract} title="Readings that decide about it" />`;
}

// Ways lead to where something can be done with it.
function Ways({ o, vendor, server }) {
  const list = [
    ["act", "compose", { view: "act", of: vendor, item: o.name, ex: "" }, "Send it, or call it"],
    ["exchanges", "journal", { view: "live", q: `vendor:${vendor} op:${o.name}`, of: "", item: "", ex: "" }, "Those of the journal"],
    ["fault", "faults", { view: "faults", of: vendor, item: o.name, ex: "" }, "Make it fail"],
  ];
  return html`<span class="menu">${list.filter(([, needs]) => server.features.includes(needs)).map(([name, , to, title]) => html`<a key=${name} class="button small" href=${linkTo(to)} onClick=${follow(to)} title=${title}>${name}</a>`)}</span>`;
}

function Parameters({ list, vendor }) {
  return html`<table class="fields"><thead><tr><th scope="col">parameter</th><th scope="col">in</th><th scope="col">type</th><th scope="col">evidence</th><th scope="col">meaning</th></tr></thead>
    <tbody>${list.map((p) => html`<tr key=${p.in + p.name}><th scope="row"><code>${p.name}</code>${p.required ? html`<${Must} />` : null}</th><td class="type">${p.in}</td><td class="type">${p.type}</td><td><${Because} evidence=${p.evidence} /></td>
      <td>${p.description} <span class="quiet">${keywords(p.schema, p.assumed)}</span>${p.requirement ? html` <${Item} vendor=${vendor} id=${p.requirement} />` : null}</td></tr>`)}</tbody></table>`;
}

// Bodies shows what a request or an answer carries, by content type where these differ.
function Bodies({ of, contract, touched, required, open }) {
  const byType = of.bodies && Object.keys(of.bodies).length ? Object.entries(of.bodies) : of.payload ? [[of.contentTypes.join(", "), of.payload]] : [];
  if (!byType.length) return html`<p class="quiet">${of.contentTypes.length ? of.contentTypes.join(", ") + ", of which nothing more is documented" : "None is documented."}</p>`;
  return byType.map(([type, name]) => html`<${Folded} key=${type} open=${open && byType.length === 1} title=${html`<code>${type || "any content type"}</code>${name ? html` <span class="quiet">${name}</span>` : ", no schema"}${required === false ? html` <span class="quiet">may be left out</span>` : null}`}>
    ${name ? () => html`<${Payload} contract=${contract} name=${name} touched=${touched} />` : null}<//>`);
}

// Folded makes what is inside when it is opened for the first time.
function Folded({ title, open, children }) {
  const [opened, set] = useState(Boolean(open));
  const make = [children].flat().find((child) => typeof child === "function");
  return html`<details class="folded" open=${Boolean(open)} onToggle=${(event) => event.target.open && set(true)}><summary>${title}</summary>${opened && make ? make() : null}</details>`;
}

function Answers({ o, contract, touched, call }) {
  const count = (status) => {
    const found = call && call.statuses.find((s) => (s.range || String(s.status)) === status);
    return found ? html`<${Seen} count=${found.count} />` : null;
  };
  return html`<ul class="answers">${o.responses.map((r) => html`<li key=${r.status}><p class="line"><b class="mono">${r.status === "default" ? "any other" : r.status}</b> ${count(r.status)} <span>${r.description}</span> <${Because} evidence=${r.evidence} /></p>
      ${r.echo ? html`<p class="quiet">The body repeats <code>${r.echo}</code> of the request.</p>` : null}
      ${r.headers.length ? html`<${Parameters} list=${r.headers} vendor=${contract.id} />` : null}
      ${r.payload || r.bodies || r.contentTypes.length ? html`<${Bodies} of=${r} contract=${contract} touched=${touched} />` : null}</li>`)}
    ${((call && call.undocumented) || []).map((s) => html`<li key=${"seen" + s.status}><p class="line"><b class="mono">${s.status}</b> <span class="mark warn"><span aria-hidden="true">!</span> ${s.count}</span> <span>seen, and not documented</span></p></li>`)}</ul>`;
}

function Demands({ o, contract, touched }) {
  const list = o.requirements.map((id) => contract.requirements.find((r) => r.id === id)).filter(Boolean);
  if (!list.length) return null;
  return html`<h3>Requirements</h3><ul class="demands">${list.map((r) => { const seen = seenOf(touched, "requirements", r.id); return html`<li key=${r.id}>${seen ? html`<${Seen} ...${seen} /> ` : null}<${Item} vendor=${contract.id} id=${r.id} /> <span class="level">${r.level}</span> <span class="quiet">${r.binds}</span> ${r.text}</li>`; })}</ul>`;
}
