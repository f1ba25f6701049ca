// What every view uses: the library, and the small parts that look the same everywhere.
import { html, render, useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback } from "../vendor/htm-preact.js";

export { html, render, useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback };

// Store holds a value that views follow.
export class Store {
  constructor(value) {
    this.value = value;
    this.followers = new Set();
  }
  set(value) {
    this.value = value;
    this.followers.forEach((tell) => tell(value));
  }
  update(part) { this.set({ ...this.value, ...part }); }
}

export function useStore(store) {
  const [value, follow] = useState(store.value);
  useEffect(() => {
    const tell = (now) => follow(() => now);
    tell(store.value);
    store.followers.add(tell);
    return () => store.followers.delete(tell);
  }, [store]);
  return value;
}

// useLoaded loads something and again whenever what it depends on changes: its value,
// the failure, and a function that loads it again.
export function useLoaded(load, depends) {
  const [state, set] = useState({});
  const [turn, again] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    load(stop.signal).then(
      (value) => stop.signal.aborted || set({ value }),
      (failure) => stop.signal.aborted || set((old) => ({ ...old, failure })),
    );
    return () => stop.abort();
  }, [...depends, turn]);
  return { ...state, reload: useCallback(() => again((n) => n + 1), []) };
}

// severities, as signs: no meaning is in a colour alone.
export const signs = { harness_error: "‼", error: "✗", warn: "!", info: "i" };
export const words = { harness_error: "defect of the mock", error: "error", warn: "warning", info: "note" };

export function Mark({ severity, count }) {
  return html`<span class=${"mark " + severity} title=${(count > 1 ? count + " × " : "") + words[severity]}
    ><span aria-hidden="true">${signs[severity]}${count > 1 ? count : ""}</span><span class="unseen">${count > 1 ? count + " " : ""}${words[severity]}</span></span>`;
}

export function Empty({ title, children, line }) {
  return html`<div class="empty"><p><b>${title}</b></p>${children}${line ? html`<${Copied} text=${line} />` : null}</div>`;
}

// Copied shows a text that one click copies.
export function Copied({ text }) {
  return html`<div class="copied"><pre tabindex="0">${text}</pre><${CopyButton} text=${text} /></div>`;
}

export function CopyButton({ text, label = "Copy", title }) {
  const [said, say] = useState("");
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => say(""), 1600);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    const value = typeof text === "function" ? await text() : text;
    say(await copyText(value) ? "Copied" : "Copying is not allowed here");
  };
  return html`<button type="button" class="small" title=${title || null} onClick=${copy}>${said || label}</button>`;
}

export async function copyText(value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch { // no permission, or no secure context
    const area = document.createElement("textarea");
    area.value = value;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export function Failure({ failure, retry }) {
  if (!failure) return null;
  return html`<p class="failure" role="alert"><span class="mark error" aria-hidden="true">✗</span> ${failure.message}${retry ? html` <button type="button" class="small" onClick=${retry}>Try again</button>` : null}</p>`;
}

export const two = (n) => String(n).padStart(2, "0");

export function clockTime(iso, fraction) {
  const t = new Date(iso);
  const text = `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
  return fraction ? text + "." + String(t.getMilliseconds()).padStart(3, "0") : text;
}

// duration of nanoseconds, in three digits at most.
export function duration(ns) {
  for (const [unit, size] of [["s", 1e9], ["ms", 1e6], ["µs", 1e3]]) {
    if (ns >= size) {
      const n = ns / size;
      return (n < 10 ? n.toFixed(1) : Math.round(n)) + " " + unit;
    }
  }
  return ns + " ns";
}

export const plural = (n, word, more = word + "s") => `${n} ${n === 1 ? word : more}`;

export function bytes(n) {
  if (n < 1024) return plural(n, "byte");
  return n < 1 << 20 ? (n / 1024).toFixed(1) + " KiB" : (n / (1 << 20)).toFixed(1) + " MiB";
}

// shortName is an operation's or event's ID without the list that it stands in.
export const shortName = (operation) => (operation || "").replace(/^(operations|events)\//, "");

// shortID leaves of a long ID what tells it apart.
export const shortID = (id) => (id && id.length > 14 ? id.slice(0, 8) + "…" : id || "");

// download hands a text to the browser as a file.
export function download(name, kind, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: kind }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// typing reports whether keys go into a field.
export const typing = (target) => /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
