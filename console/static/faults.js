import { html } from "./ui.js";
export function Faults() { return html`<p>not yet</p>`; }
