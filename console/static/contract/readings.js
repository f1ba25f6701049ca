// The readings that decide about something, in short.
import { html } from "../base/ui.js";
import { Item } from "../base/evidence.js";

export function Readings({ ids, contract, title }) {
  const list = ids.map((id) => contract.readings.find((r) => r.id === id)).filter(Boolean);
  if (!list.length) return null;
  return html`<h3>${title}</h3><ul class="demands">${list.map((r) => html`<li key=${r.id}><${Item} vendor=${contract.id} id=${r.id} /> ${r.chosen ? html`<b>${r.chosen}</b>` : null} <span class="quiet">${r.question}</span></li>`)}</ul>`;
}
