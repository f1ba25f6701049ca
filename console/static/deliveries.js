import { html } from "./ui.js";
export function Deliveries() { return html`<p>not yet</p>`; }
