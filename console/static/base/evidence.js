// What says so: the class of an evidence, and its quote with a link to the page.
import { html } from "./ui.js";
import { linkTo, follow } from "./place.js";

export function Class({ name }) {
  return html`<span class=${"evidence " + (name || "")}>${name || "unmarked"}</span>`;
}

// Page is the page that a source names.
export function Page({ evidence }) {
  const name = evidence.title || evidence.source;
  if (!name) return null;
  const place = evidence.title && evidence.source ? html` <code class="quiet">${evidence.source}</code>` : null;
  return html`<span class="source">${evidence.url ? html`<a href=${evidence.url} rel="noreferrer noopener" target="_blank">${name}</a>` : name}${place}</span>`;
}

// Evidence in full: the sentence of the page.
export function Evidence({ evidence }) {
  return html`<div class="said"><${Class} name=${evidence.class} /> ${evidence.quote ? html`<blockquote>“${evidence.quote}” <${Page} evidence=${evidence} /></blockquote>` : html`<${Page} evidence=${evidence} />`}</div>`;
}

// Because is the evidence in a word, which opens its sentence.
export function Because({ evidence }) {
  if (!evidence.quote && !evidence.source) return html`<${Class} name=${evidence.class} />`;
  return html`<details class="because"><summary><${Class} name=${evidence.class} /></summary>${evidence.quote ? html`<blockquote>“${evidence.quote}”</blockquote>` : null}<${Page} evidence=${evidence} /></details>`;
}

// Item is a link to a part of a contract.
export function Item({ vendor, id, children }) {
  const to = { view: "contract", of: vendor, item: id, ex: "" };
  return html`<a href=${linkTo(to)} onClick=${follow(to)}>${children || id}</a>`;
}
