// The bar above a list: the words that choose exchanges.
import { html, useRef } from "../base/ui.js";
import { go } from "../base/place.js";

// FilterBar has the words that choose exchanges. Typing changes the page's address in
// place, so that going back leaves the view and not one letter.
export function FilterBar({ here, filter, server, children }) {
  const box = useRef();
  const type = (event) => go({ q: event.target.value }, { replace: true });
  return html`<form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
    <label class="unseen" for="filter">Filter</label>
    <input id="filter" ref=${box} type="search" spellcheck="false" autocomplete="off" list="filter-words" value=${here.q} onInput=${type}
      placeholder="filter: vendor:… op:… status:4xx has:findings, or any text  ( / )" aria-invalid=${filter.problem ? "true" : null} aria-describedby="filter-problem" />
    <datalist id="filter-words">${suggestions(server).map((s) => html`<option key=${s} value=${s}></option>`)}</datalist>
    ${children}
    <span id="filter-problem" class="failure" role="status">${filter.problem}</span>
  </form>`;
}

const suggestions = (server) => [
  ...server.vendors.map((v) => "vendor:" + v.id), "has:findings", "has:errors", "has:faults", "has:retries",
  "caller:partner", "caller:vendor", "status:4xx", "status:5xx", "status:0",
];
