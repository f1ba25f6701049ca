// How an exchange ended, and what was wrong with it, in signs.
import { html, Mark } from "../base/ui.js";
import { statusOf } from "./filter.js";

export function Status({ e }) {
  const status = statusOf(e);
  const kind = status === 0 ? "none" : status < 300 ? "fine" : status < 400 ? "moved" : "bad";
  return html`<span class=${"status " + kind} title=${status === 0 ? e.error || "no answer" : null}>${status || "–––"}</span>`;
}

export function Marks({ e }) {
  const counts = {};
  for (const f of e.findings || []) counts[f.severity] = (counts[f.severity] || 0) + 1;
  return html`${["harness_error", "error", "warn"].map((s) => (counts[s] ? html`<${Mark} key=${s} severity=${s} count=${counts[s]} />` : null))}
    ${(e.faults || []).length ? html`<span class="mark fault" title=${"faults acted: " + e.faults.join(", ")}>⚡<span class="unseen">fault</span></span>` : null}
    ${e.attempt > 1 ? html`<span class="mark again" title=${`attempt ${e.attempt} of ${e.delivery}`}>⟳${e.attempt}</span>` : null}`;
}
