// How far a delivery is, as a sign and a word.
import { html } from "../base/ui.js";

const signs = { delivered: ["✓", "good"], failed: ["✗", "error"], queued: ["…", "info"], delivering: ["…", "info"], cancelled: ["–", "warn"], lost: ["–", "fault"] };

export const states = Object.keys(signs);

export const ended = (d) => d.state !== "queued" && d.state !== "delivering";

export function State({ state }) {
  const [sign, kind] = signs[state] || ["?", "info"];
  return html`<span class=${"state mark " + kind}><span aria-hidden="true">${sign}</span> ${state}</span>`;
}
