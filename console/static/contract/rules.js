// A requirement and a reading in full.
import { html, Copied } from "../base/ui.js";
import { Evidence, Class, Item } from "../base/evidence.js";
import { Readings } from "./readings.js";
import { Seen, seenOf } from "./touched.js";

export function RequirementItem({ of: r, contract, touched, close }) {
  const seen = seenOf(touched, "requirements", r.id);
  return html`<div class="top">${close}<h2 tabindex="-1"><code>${r.id}</code> <span class="level">${r.level}</span> <span class="quiet">binds the ${r.binds}</span></h2></div>
    <p class="prose">${r.text}</p>
    ${seen ? html`<p><${Seen} ...${seen} /> ${seen.broken ? "It came by, and a finding says that it was broken." : seen.count ? "What it is about came by." : "What it is about did not come by yet."}</p>` : touched ? html`<p class="quiet">Traffic alone cannot show it.</p>` : null}
    <${Evidence} evidence=${r.evidence} />
    <h3>Decided by</h3><p>${r.check ? "A check can decide it." : html`No check decides it: ${r.excluded}`}</p>
    <${Links} title="Belongs to" ids=${r.belongsTo} contract=${contract} />
    <${Readings} ids=${r.readings} contract=${contract} title="Readings that decide about it" />`;
}

export function ReadingItem({ of: r, contract, close }) {
  const others = r.options.filter((o) => o.id !== r.chosen);
  return html`<div class="top">${close}<h2 tabindex="-1"><code>${r.id}</code> <span class="quiet">reading</span></h2></div>
    <p class="prose"><b>${r.question}</b></p>
    ${r.quotes.map((q) => html`<blockquote key=${q}>“${q}”</blockquote>`)}
    ${r.harmless ? html`<h3>Nothing depends on it</h3><p class="prose">${r.harmless}</p>` : null}
    ${r.options.length ? html`<h3>Options</h3><ul class="choices">${r.options.map((o) => html`<li key=${o.id} class=${o.id === r.chosen ? "chosen" : ""}>
      <p><span class="mark good" aria-hidden="true">${o.id === r.chosen ? "✓" : " "}</span> <b class="mono">${o.id}</b> ${o.id === r.chosen ? html`<span>in force</span> <${Class} name=${r.chosenClass} />` : null} ${o.id === r.default ? html`<span class="quiet">default</span>` : null}</p>
      <p class="prose">${o.text}</p>${o.binds.length ? html`<p>Demands ${o.binds.map((id, i) => html`${i ? ", " : ""}<${Item} vendor=${contract.id} id=${id} />`)}</p>` : null}</li>`)}</ul>` : null}
    ${others.length ? html`<h3>To choose another</h3><p class="quiet">Give it to serve, conform, proxy, validate or coverage. It then counts as agreed, and may fail a partner.</p>${others.map((o) => html`<${Copied} key=${o.id} text=${`--reading ${r.id}=${o.id}`} />`)}` : null}
    <${Links} title="It affects" ids=${r.affects} contract=${contract} />`;
}

function Links({ title, ids, contract }) {
  if (!ids.length) return null;
  const text = (id) => (contract.requirements.find((r) => r.id === id) || {}).text;
  return html`<h3>${title}</h3><ul class="demands">${ids.map((id) => html`<li key=${id}><${Item} vendor=${contract.id} id=${id} /> <span class="quiet">${text(id)}</span></li>`)}</ul>`;
}
