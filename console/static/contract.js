import { html } from "./ui.js";
export function Contract() { return html`<p>not yet</p>`; }
