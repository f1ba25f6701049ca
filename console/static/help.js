// Keys and words of the page.
import { html, useEffect, useRef } from "./base/ui.js";
import { filterWords } from "./exchanges/filter.js";

const keys = [
  ["j  k", "next, previous exchange or check"], ["Enter", "open it"], ["Escape", "close what is open"],
  ["/", "go to the filter"], ["p", "pause and go on"], ["r", "send the open exchange's call again"], ["?", "this"],
];

export function Help({ close }) {
  const box = useRef();
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before && before.focus && before.focus();
  }, []);
  return html`<dialog ref=${box} class="help" aria-label="Keys and words" onClose=${close}>
    <h2>Keys</h2>
    <dl>${keys.map(([key, what]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
    <h2>Words of the filter</h2>
    <dl>${Object.entries(filterWords).map(([word, what]) => html`<div key=${word}><dt><code>${word}:</code></dt><dd>${what}</dd></div>`)}</dl>
    <p class="quiet">Other words are looked for in URLs and bodies; words in quotes stay together. The filter is part of the page's address.</p>
    <form method="dialog"><button class="main" autofocus>Close</button></form>
  </dialog>`;
}
