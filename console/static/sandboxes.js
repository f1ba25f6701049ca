import { html } from "./ui.js";
export function Sandboxes() { return html`<p>not yet</p>`; }
export function ClockButton() { return null; }
