import { html } from "./ui.js";
export function State() { return html`<p>not yet</p>`; }
