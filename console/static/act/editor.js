// JSON as text, judged while somebody types: each finding with its line and column.
import { html, useState, useEffect, useRef, Failure, plural, words } from "../base/ui.js";
import { post } from "../base/api.js";
import { formatted, placeOf, readOrNot } from "./edits.js";
import { Finding } from "../exchanges/finding.js";
import { worstMark } from "./inputs.js";

// useJudged asks the validator about a body, 150 ms after the last key. An answer about
// an earlier text never takes the place of a later one.
export function useJudged(question) {
  const [state, set] = useState({ findings: [] });
  const key = JSON.stringify(question);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      post("judge", question, stop.signal).then(
        ({ findings }) => stop.signal.aborted || set({ findings, of: key }),
        (failure) => stop.signal.aborted || set({ findings: [], failure, of: key }),
      );
    }, 150);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [key]);
  return { ...state, current: state.of === key };
}

export function Editor({ text, edit, undo, judged, vendor, json, encoded }) {
  const box = useRef(), gutter = useRef();
  const count = text.split("\n").length;
  const marked = new Map();
  if (!encoded) for (const f of judged.findings) if (f.line) marked.set(f.line, [...(marked.get(f.line) || []), f]);
  const show = (finding) => {
    const [from, to] = placeOf(text, finding);
    const area = box.current;
    area.focus();
    area.setSelectionRange(from, to);
    const line = text.slice(0, from).split("\n").length - 1;
    area.scrollTop = Math.max(0, line * lineHeight(area) - area.clientHeight / 3);
    area.scrollLeft = 0;
  };
  return html`<div class="editor">
    <div class="options"><span class="quiet">${json ? "JSON" : "text"}, ${plural(count, "line")}</span><span class="spring"></span>
      ${undo ? html`<button type="button" class="small" onClick=${undo} title="Undo the last step of the form">undo</button>` : null}
      ${json ? html`<button type="button" class="small" disabled=${!readOrNot(text).tree} onClick=${() => edit(formatted(text), true)}>format</button>` : null}</div>
    <div class="sheet"><div class="gutter" aria-hidden="true"><div ref=${gutter}>${Array.from({ length: count }, (_, i) => html`<div key=${i}>${marked.has(i + 1) ? worstMark(marked.get(i + 1)) : null} ${i + 1}</div>`)}</div></div>
      <textarea ref=${box} aria-label=${json ? "Body as JSON" : "Body as text"} aria-describedby="judged" spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" rows=${Math.min(34, Math.max(10, count + 1))} value=${text}
        onInput=${(event) => edit(event.target.value)} onScroll=${() => { gutter.current.style.transform = `translateY(${-box.current.scrollTop}px)`; }}></textarea></div>
    <p id="judged" class="judged" role="status">${sentence(judged)}</p>
    <${Failure} failure=${judged.failure} />
    ${judged.findings.length ? html`<ul class="findings at">${judged.findings.map((f, i) => html`<li key=${i} class=${f.severity}>${placed(f, encoded) ? html`<button type="button" class="small place" onClick=${() => show(f)} title="Go to it in the text">${f.line && !encoded ? `${f.line}:${f.column}` : "show"}<span class="unseen"> line and column of ${f.code}${f.pointer ? " at " + f.pointer : ""}</span></button> ` : null}<${Finding} f=${f} vendor=${vendor} short /></li>`)}</ul>` : null}
  </div>`;
}

const placed = (f, encoded) => (f.pointer !== undefined ? f.pointer.startsWith("/") : f.line && !encoded) || (f.line && !encoded);

const lineHeight = (area) => parseFloat(getComputedStyle(area).lineHeight) || 18;

// sentence is what a screen reader is told when the findings have changed.
function sentence(judged) {
  if (judged.failure || !judged.of) return "";
  if (!judged.findings.length) return html`<span class="mark good" aria-hidden="true">✓</span> The validator finds nothing.`;
  const counts = ["harness_error", "error", "warn", "info"].map((s) => [judged.findings.filter((f) => f.severity === s).length, words[s]]).filter(([n]) => n);
  return "The validator finds " + counts.map(([n, word]) => plural(n, word)).join(", ") + ".";
}
