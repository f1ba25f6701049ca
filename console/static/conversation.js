import { html } from "./ui.js";
export function Conversation() { return html`<p>not yet</p>`; }
