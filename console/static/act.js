import { html } from "./ui.js";
export function Act() { return html`<p>not yet</p>`; }
