import { html } from "./ui.js";
export function Report() { return html`<p>not yet</p>`; }
