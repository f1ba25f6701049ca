// What cannot be taken back is asked about first, in the page.
import { html, useState, useEffect, useRef } from "./ui.js";

// Confirmed is a button that asks its question before it acts. What act throws is told
// to fail.
export function Confirmed({ label, question, yes, act, fail, small = true, name }) {
  const [asking, ask] = useState(false);
  const first = useRef(), opener = useRef();
  const before = useRef(false);
  useEffect(() => {
    if (asking) first.current.focus();
    else if (before.current && opener.current) opener.current.focus();
    before.current = asking;
  }, [asking]);
  const size = small ? "small " : "";
  if (!asking) return html`<button type="button" ref=${opener} class=${size + "danger"} aria-label=${name || null} onClick=${() => ask(true)}>${label}</button>`;
  const go = async () => {
    ask(false);
    try { await act(); } catch (failure) { fail(failure); }
  };
  return html`<span class="menu confirm" role="group" aria-label=${question} onKeyDown=${(event) => event.key === "Escape" && ask(false)}>
    <span>${question}</span>
    <button type="button" class=${size + "danger"} onClick=${go}>${yes}</button>
    <button type="button" ref=${first} class=${size} onClick=${() => ask(false)}>No</button></span>`;
}
