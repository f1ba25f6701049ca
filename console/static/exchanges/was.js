// What was around an exchange: the state after it, what it changed, and a sandbox that goes
// on from it.
import { html, useState, useRef, useEffect, Failure, Copied, plural } from "../base/ui.js";
import { get, post, sandbox } from "../base/api.js";
import { linkTo, follow } from "../base/place.js";
import { controlLine, addressOf } from "../base/shell.js";

// stateAfter is the place of the state as it was after an exchange.
export const stateAfter = (id, vendor) => ({ view: "state", at: id, of: vendor || "", item: "", ex: "", q: "", tab: "" });

// Was is asked for by a button: a mock that keeps nothing yet begins to, and its calls cost
// more from then on.
export function Was({ e, server }) {
  const [patch, set] = useState(null);
  const [failure, fail] = useState(null);
  const ask = async () => {
    fail(null);
    try {
      set((await get(`journal/${encodeURIComponent(e.id)}/diff`)).patch);
    } catch (problem) { fail(problem); }
  };
  const to = stateAfter(e.id, e.vendor);
  return html`<section class="was" aria-label="What was"><div class="bar"><h3>What was</h3>
      <a class="button small" href=${linkTo(to)} onClick=${follow(to)}>state after it</a>
      <button type="button" class="small" onClick=${ask}>difference</button>
      ${server.features.includes("sandboxes") ? html`<${Fork} id=${e.id} />` : null}</div>
    <${Failure} failure=${failure} />
    ${patch ? html`<${Patch} patch=${patch} id=${e.id} />` : null}</section>`;
}

const signs = { add: "+", remove: "−", replace: "±" };

// Patch is a JSON Patch (RFC 6902) as a table.
function Patch({ patch, id }) {
  if (!patch.length) return html`<p class="quiet" role="status">The state after ${id} is the one before.</p>`;
  return html`<p class="quiet" role="status">${plural(patch.length, "operation")} lead from the state before to the one after (JSON Patch):</p>
    <div class="wide" tabindex="0" role="group" aria-label="JSON Patch"><table class="difference"><thead><tr><th scope="col">do</th><th scope="col">where</th><th scope="col">value</th></tr></thead>
      <tbody>${patch.map((o, i) => html`<tr key=${i}><td class=${o.op === "remove" ? "before" : "after"}><span aria-hidden="true">${signs[o.op] || "•"} </span>${o.op}</td><th scope="row"><code>${o.path || "(all)"}</code></th><td>${o.value === undefined ? html`<span class="quiet">–</span>` : html`<code>${JSON.stringify(o.value)}</code>`}</td></tr>`)}</tbody></table></div>`;
}

// Fork makes a sandbox that goes on from an exchange.
export function Fork({ id }) {
  const [open, show] = useState(false);
  const [made, note] = useState(null);
  if (made) return html`<span role="status">Sandbox <a href=${addressOf(made) + "_parley/ui/?view=state"}>${made}</a> goes on from ${id}.</span>`;
  return open ? html`<${ForkForm} id=${id} done=${note} close=${() => show(false)} />`
    : html`<button type="button" class="small" onClick=${() => show(true)} title="A sandbox with the state, the clock and the next IDs of that moment">fork here</button>`;
}

function ForkForm({ id, done, close }) {
  const [name, set] = useState(`${sandbox === "default" ? "" : sandbox + "-"}${id}`.slice(0, 64));
  const [failure, fail] = useState(null);
  const box = useRef();
  useEffect(() => { box.current.focus(); box.current.select(); }, []);
  const body = { name: name.trim(), from: { sandbox, exchange: id } };
  const send = async (event) => {
    event.preventDefault();
    fail(null);
    try {
      done((await post("sandboxes", body)).name);
    } catch (problem) { fail(problem); }
  };
  return html`<form class="fork" onSubmit=${send} aria-label=${"Fork at " + id}><div class="bar">
      <label>Name of the sandbox <input ref=${box} required maxlength="64" autocomplete="off" spellcheck="false" value=${name} onInput=${(event) => set(event.target.value)} /></label>
      <button type="submit" class="main">Make it</button><button type="button" onClick=${close}>Cancel</button></div>
    <p class="quiet">It has the state, channels, faults, clock and next IDs of that moment; what had not been delivered is cancelled in it.</p>
    <${Failure} failure=${failure} />
    <details><summary>The same from a shell</summary><${Copied} text=${controlLine("POST", "sandboxes", body)} /></details></form>`;
}
