// The drawing of a conversation: a lane for each side, an arrow for each request, its
// answer beside the lane of who gave it.
import { html, useMemo, clockTime, duration, shortName, shortID, signs, words } from "../base/ui.js";
import { statusOf } from "../exchanges/filter.js";
import { twinsOf, subjectOf } from "./twins.js";

const step = 34;     // height of a step
const pauseRow = 22; // height of a pause that is written out
const longest = 220; // height of the longest pause, when they are to scale

export function Sequence({ width, steps, pending, chosen, then, scaled, vendor, open }) {
  const drawn = useMemo(() => laidOut(steps, pending, scaled), [steps, pending, scaled]);
  const narrow = width < 620;
  const size = { width: Math.min(width, 1040), narrow };
  size.left = narrow ? 46 : 190;
  size.right = size.width - (narrow ? 52 : 190);
  return html`<div class="lanes" style=${{ width: size.width + "px" }}><svg width=${size.width} height="34" aria-hidden="true">
      <text class="side" x=${size.left} y="22" text-anchor="middle">partner</text><text class="side" x=${size.right} y="22" text-anchor="middle">${narrow && vendor.length > 12 ? "vendor" : vendor}</text></svg></div>
    <svg width=${size.width} height=${drawn.height + 12} role="group" aria-label="Sequence of requests">
      <line class="lane" x1=${size.left} x2=${size.left} y1="0" y2=${drawn.height + 12} /><line class="lane" x1=${size.right} x2=${size.right} y1="0" y2=${drawn.height + 12} />
      ${drawn.rows.map((row) => (row.pause ? html`<text key=${"pause" + row.y} class="gap" x=${(size.left + size.right) / 2} y=${row.y + row.height / 2 + 4} text-anchor="middle">${row.pause}</text>` : null))}
      ${drawn.rows.map((row) => (row.e ? html`<${Step} key=${row.e.id} row=${row} size=${size} chosen=${row.e.id === chosen} when=${then === null ? "" : row.index > then ? "later" : row.index === then ? "now" : ""} open=${open} />` : null))}
      ${drawn.brackets.map((b) => html`<${Bracket} key=${b.delivery} bracket=${b} size=${size} columns=${Math.max(...drawn.brackets.map((o) => o.column)) + 1} />`)}
      ${drawn.rows.map((row) => (row.d ? html`<${Pending} key=${row.d.id} row=${row} size=${size} />` : null))}
    </svg>`;
}

// laidOut gives each step its height: pauses of more than a second are written out, or
// are as long as they took.
function laidOut(steps, pending, scaled) {
  const twins = twinsOf(steps);
  const rows = [], tries = new Map();
  let y = 6, before = 0;
  steps.forEach((e, index) => {
    const time = Date.parse(e.time), gap = before ? time - before : 0;
    const height = scaled ? Math.min(longest, gap / 12) : gap >= 1000 ? pauseRow : 0;
    if (height >= pauseRow) rows.push({ pause: pauseText(gap) + (scaled && gap / 12 > longest ? ", shortened" : ""), y, height });
    y += height;
    rows.push({ e, index, y, twin: twins.get(e), subject: subjectOf(e) });
    if (e.delivery) tries.set(e.delivery, [...(tries.get(e.delivery) || []), y + step / 2]);
    y += step;
    before = time + e.duration_ns / 1e6;
  });
  for (const d of pending) { rows.push({ d, y }); y += step; }
  return { rows, height: y, brackets: stacked([...tries].filter(([, ys]) => ys.length > 1).map(([delivery, ys]) => ({ delivery, ys }))) };
}

const pauseText = (ms) => (ms < 10_000 ? (ms / 1000).toFixed(1) + " s" : ms < 600_000 ? Math.round(ms / 1000) + " s" : ms < 36_000_000 ? Math.round(ms / 60_000) + " min" : Math.round(ms / 3_600_000) + " h");

// stacked gives brackets that overlap columns of their own.
function stacked(brackets) {
  const ends = [];
  for (const b of brackets) {
    let column = ends.findIndex((end) => end < b.ys[0]);
    if (column < 0) column = ends.length;
    ends[column] = b.ys[b.ys.length - 1];
    b.column = column % 4;
  }
  return brackets;
}

// Bracket ties the attempts of one delivery together, on the side of who tries.
function Bracket({ bracket, size, columns }) {
  const { ys, column, delivery } = bracket;
  const x = size.right + (size.narrow ? 10 : 14) + column * 7, top = ys[0], end = ys[ys.length - 1];
  return html`<g class="attempts"><path class="bracket" d=${`M${size.right + 4} ${top} H${x} V${end} H${size.right + 4}` + ys.slice(1, -1).map((y) => ` M${x} ${y} H${size.right + 4}`).join("")} />
    ${size.narrow ? null : html`<text class="quiet" x=${size.right + 14 + columns * 7} y=${top + 4}>${delivery}: ${ys.length} attempts</text>`}</g>`;
}

function Step({ row, size, chosen, when, open }) {
  const { e, y } = row;
  const out = e.caller === "vendor", status = statusOf(e), middle = y + step / 2;
  const from = out ? size.right - 5 : size.left + 5, to = out ? size.left + 7 : size.right - 7, tip = out ? 6 : -6;
  const name = shortName(e.operation) || e.request.method;
  const label = said(e, status, row);
  const press = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(e.id); } };
  const room = (size.right - size.left) / 7.2 - 4; // characters that fit on the arrow
  const subject = row.subject && room > name.length + 8 ? clipped(row.subject, Math.floor(room - name.length - 2)) : "";
  const text = name + (subject ? "  " + subject : "");
  return html`<g class=${`step ${e.caller} ${status >= 400 || !status ? "bad" : ""} ${when} ${chosen ? "chosen" : ""}`} onClick=${() => open(e.id)}>
    <rect class="ground" x="0" y=${y} width=${size.width} height=${step} rx="4" />
    <g aria-hidden="true">${size.narrow ? null : html`<text class="quiet mono" x="8" y=${middle + 8}>${clockTime(e.time)}</text>`}
    <line class=${"arrow" + (status ? "" : " lost")} x1=${from} x2=${to} y1=${middle + 4} y2=${middle + 4} />
    ${status ? html`<path class="tip" d=${`M${to + tip} ${middle - 1} L${to} ${middle + 4} L${to + tip} ${middle + 9}`} />` : html`<text class="bad" x=${to + 2 * tip} y=${middle + 8} text-anchor="middle">✗</text>`}
    <text x=${(from + to) / 2} y=${middle - 4} text-anchor="middle">${name}${subject ? html`<tspan class="subject" dx="8">${subject}</tspan>` : null}${e.attempt > 1 ? html`<tspan class="again" dx="8">⟳${e.attempt}</tspan>` : null}${row.twin ? html`<tspan class="twin" dx="8">≡${row.twin}</tspan>` : null}</text>
    <${OnTheArrow} e=${e} x=${out ? from - 34 : from + 34} y=${middle + 4} out=${out} />
    <${Answer} e=${e} status=${status} x=${out ? size.left - 8 : size.right + 8} y=${middle + 8} anchor=${out ? "end" : "start"} narrow=${size.narrow} /></g>
    <rect class="hit" x="1" y=${y + 1} width=${size.width - 2} height=${step - 2} rx="4" role="button" tabindex="0" aria-label=${label} aria-pressed=${chosen ? "true" : "false"} onKeyDown=${press}><title>${label}</title></rect>
  </g>`;
}

// OnTheArrow are findings and faults, as marks that sit on the arrow.
function OnTheArrow({ e, x, y, out }) {
  const marks = [];
  for (const severity of ["harness_error", "error", "warn"]) {
    const count = (e.findings || []).filter((f) => f.severity === severity).length;
    if (count) marks.push({ text: signs[severity] + (count > 1 ? count : ""), kind: severity === "warn" ? "warn" : "bad" });
  }
  if ((e.faults || []).length) marks.push({ text: "⚡", kind: "fault" });
  return marks.map((m, i) => {
    const at = x + (out ? -1 : 1) * i * 30;
    return html`<g key=${i}><rect class="plate" x=${at - 12} y=${y - 8} width="24" height="16" rx="8" /><text class=${m.kind} x=${at} y=${y + 4} text-anchor="middle">${m.text}</text></g>`;
  });
}

function Answer({ e, status, x, y, anchor, narrow }) {
  return html`<text class=${"status " + (status && status < 400 ? "fine" : "bad")} x=${x} y=${y} text-anchor=${anchor}>${status || "none"}${narrow ? null : html`<tspan class="took" dx="6">${duration(e.duration_ns)}</tspan>`}</text>`;
}

function Pending({ row, size }) {
  const { d, y } = row;
  const middle = y + step / 2;
  return html`<g class="vendor pending"><line class="arrow lost" x1=${size.right - 5} x2=${size.left + 7} y1=${middle + 4} y2=${middle + 4} />
    <text class="quiet" x=${(size.left + size.right) / 2} y=${middle - 3} text-anchor="middle">${d.event}, ${d.state}${d.attempts && d.attempts.length ? ` after ${d.attempts.length} attempts` : ""} (${d.id})</text></g>`;
}

const clipped = (text, most) => (text.length > most ? text.slice(0, Math.max(most - 1, 1)) + "…" : text);

// said is a step in words, for those who do not see the drawing.
function said(e, status, row) {
  const counts = ["harness_error", "error", "warn"].map((s) => [s, (e.findings || []).filter((f) => f.severity === s).length]).filter(([, n]) => n);
  return [
    `${clockTime(e.time)}, ${e.caller === "partner" ? "the partner calls" : "the vendor sends"} ${shortName(e.operation) || e.request.method + " " + e.request.url}`,
    row.subject, status ? `answered ${status}` : `no answer${e.error ? ": " + e.error : ""}`,
    e.attempt > 1 ? `attempt ${e.attempt} of ${e.delivery}` : "", row.twin ? `the same body as others marked ${row.twin}` : "",
    ...counts.map(([s, n]) => `${n} × ${words[s]}`), (e.faults || []).length ? `fault ${e.faults.join(", ")}` : "", shortID(e.id),
  ].filter(Boolean).join(", ");
}
