// Sandboxes: isolated copies of all that the mock remembers, and this one's clock.
import { html, useState, Failure, Copied, clockTime } from "../base/ui.js";
import { post, remove, text as loadText, sandbox } from "../base/api.js";
import { forget } from "../exchanges/exchanges.js";
import { useRefreshed } from "../base/refresh.js";
import { Confirmed } from "../base/confirm.js";
import { ClockPanel, lookAtClock } from "./clock.js";
import { controlLine, addressOf } from "../base/shell.js";

const often = 10_000; // milliseconds; other people make sandboxes, too

// list reads the sandboxes. Their seeds stay texts: they may be larger than a number of
// JavaScript's.
const list = async () => JSON.parse((await loadText("sandboxes")).replace(/"seed":(\d+)/g, '"seed":"$1"'));

export function Sandboxes() {
  const loaded = useRefreshed(list, [], often);
  const [failure, fail] = useState(null);
  const [said, say] = useState("");
  const doing = async (act, done) => {
    fail(null); say("");
    try {
      const made = await act();
      say(typeof done === "function" ? done(made) : done);
      return true;
    } catch (problem) {
      fail(problem);
      return false;
    } finally { loaded.reload(); }
  };
  const reset = (name) => doing(async () => {
    await post(`sandboxes/${encodeURIComponent(name)}/reset`);
    if (name === sandbox) { forget(); await lookAtClock(); }
  }, `${name} is as when it was made.`);
  const drop = (name) => doing(() => remove("sandboxes/" + encodeURIComponent(name)), `${name} is gone.`);
  const made = loaded.value;
  return html`<div class="page sandboxes">
    <${ClockPanel} />
    <section aria-label="Sandboxes"><div class="bar"><h2>Sandboxes</h2><span class="quiet">${made ? `${made.sandboxes.length - 1} of at most ${made.limit} beside the default one` : ""}</span><span class="spring"></span><span role="status" class="note">${said}</span></div>
      <p class="quiet">Each has its own state, clock, IDs, faults, channels, deliveries and journal. Two tests, or two people, do not meet.</p>
      <${Failure} failure=${failure || loaded.failure} retry=${failure ? null : loaded.reload} />
      ${made ? html`<div class="wide" tabindex="0" role="group" aria-label="Table of sandboxes"><table class="list"><thead><tr>${["name", "clock", "exchanges", "channels", "seed", "used", "do"].map((n) => html`<th key=${n} scope="col">${n === "do" ? html`<span class="unseen">what can be done</span>` : n}</th>`)}</tr></thead>
        <tbody>${made.sandboxes.map((s) => html`<${Row} key=${s.name} s=${s} reset=${reset} drop=${drop} fail=${fail} />`)}</tbody></table></div>` : null}
      <${Make} make=${(body) => doing(() => post("sandboxes", body), (s) => `${s.name} is there.`)} />
    </section></div>`;
}

function Row({ s, reset, drop, fail }) {
  const own = s.name === sandbox;
  return html`<tr aria-current=${own ? "true" : null} class=${own ? "chosen" : ""}>
    <th scope="row"><a href=${addressOf(s.name) + "_parley/ui/"}>${s.name}</a>${own ? html` <span class="level">this page</span>` : null}<div><code class="quiet">${s.url}</code></div></th>
    <td class="data"><time datetime=${s.clock.now} title=${s.clock.now}>${clockTime(s.clock.now)}</time> ${s.clock.frozen ? "❚❚ stands" : "▸ runs"}</td>
    <td class="data">${s.exchanges}</td><td class="data">${s.channels}</td><td class="data">${s.seed}</td>
    <td>${s.used ? html`<time datetime=${s.used} title=${s.used}>${clockTime(s.used)}</time><div class="quiet">goes when idle for ${s.idle}</div>` : html`<span class="quiet">stays</span>`}</td>
    <td><span class="menu"><${Confirmed} label="reset" name=${"Reset " + s.name} question=${`Reset ${s.name}? Its state and journal are lost.`} yes="Reset it" act=${() => reset(s.name)} fail=${fail} />
      ${s.name === "default" ? null : own ? html`<span class="quiet">to remove it, open another sandbox's page</span>` : html`<${Confirmed} label="remove" name=${"Remove " + s.name} question=${`Remove ${s.name} and all that it has?`} yes="Remove it" act=${() => drop(s.name)} fail=${fail} />`}</span></td></tr>`;
}

const blank = { name: "", seed: "", idle: "", frozen: false };

// bodyOf is what the form asks for; it throws what the page cannot say.
function bodyOf(form) {
  const body = { name: form.name.trim() };
  if (form.seed) {
    body.seed = Number(form.seed);
    if (!Number.isSafeInteger(body.seed)) throw new Error(`seed is ${form.seed}; a page sends whole numbers up to ${Number.MAX_SAFE_INTEGER} exactly, larger ones go with curl`);
  }
  if (form.idle) body.idle = form.idle.trim();
  if (form.frozen) body.clock = { frozen: true };
  return body;
}

function Make({ make }) {
  const [form, set] = useState(blank);
  const write = (name) => (event) => set({ ...form, [name]: event.target.value });
  let body = null, wrong = null;
  try { body = bodyOf(form); } catch (problem) { wrong = problem; }
  const send = async (event) => {
    event.preventDefault();
    if (body && await make(body)) set(blank);
  };
  return html`<form class="make" onSubmit=${send} aria-label="Make a sandbox"><h3>Make a sandbox</h3>
    <div class="bar"><label>Name <input required maxlength="64" autocomplete="off" spellcheck="false" value=${form.name} onInput=${write("name")} aria-describedby="sandbox-name" /></label>
      <label>Seed <input inputmode="numeric" pattern="[0-9]*" autocomplete="off" placeholder="from its name" value=${form.seed} onInput=${write("seed")} /></label>
      <label>Remove it when idle for <input autocomplete="off" placeholder="the mock's own" value=${form.idle} onInput=${write("idle")} /></label>
      <label class="choice"><input type="checkbox" checked=${form.frozen} onChange=${(event) => set({ ...form, frozen: event.target.checked })} /> its clock stands</label>
      <button type="submit" class="main">Make it</button></div>
    <p class="quiet" id="sandbox-name">Of letters, digits, “-”, “_” and “.”. A sandbox is made on its first use as well: one call to <code>${addressOf("NAME")}</code> is enough.</p>
    <${Failure} failure=${wrong} />
    ${body && body.name ? html`<${Copied} text=${controlLine("POST", "sandboxes", body)} />` : null}</form>`;
}
