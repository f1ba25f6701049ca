// The sandbox's clock: what it shows, and how it is moved.
import { html, useState, useEffect, useStore, Store, Failure, clockTime, plural, shortName } from "../base/ui.js";
import { get, put, post } from "../base/api.js";
import { linkTo, follow } from "../base/place.js";
import { exchanges } from "../exchanges/exchanges.js";
import { Status } from "../exchanges/status.js";

const often = 5000; // milliseconds between two looks; in between the page counts itself

// clock is what the sandbox's clock showed at a time of the page's own; now is 0 until
// it was asked for.
const clock = new Store({ now: 0, frozen: false, at: 0 });

function take(shown) {
  clock.set({ now: Date.parse(shown.now), frozen: shown.frozen, at: performance.now() });
}

export const lookAtClock = async () => take(await get("clock"));

const current = (c) => (c.frozen ? c.now : c.now + performance.now() - c.at);

// useClock keeps the clock in step with the sandbox's, and ticks while it runs.
function useClock() {
  const shown = useStore(clock);
  const [, tick] = useState(0);
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && lookAtClock().catch(() => {}); // the head says that the mock is gone
    look();
    const looking = setInterval(look, often);
    document.addEventListener("visibilitychange", look);
    return () => { clearInterval(looking); document.removeEventListener("visibilitychange", look); };
  }, []);
  useEffect(() => {
    if (shown.frozen) return undefined;
    const ticking = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(ticking);
  }, [shown.frozen]);
  return shown;
}

// ClockButton stands in the head of the page.
export function ClockButton() {
  const c = useClock();
  if (!c.now) return null;
  const to = { view: "sandboxes", of: "", item: "", ex: "" };
  return html`<a class="plain clock" href=${linkTo(to)} onClick=${follow(to)} title=${new Date(current(c)).toISOString() + (c.frozen ? ": the sandbox's clock stands" : ": the sandbox's clock runs")}
    ><span aria-hidden="true">${c.frozen ? "❚❚" : "▸"}</span><span class="unseen">${c.frozen ? "clock stands at" : "clock runs"}</span> ${clockTime(current(c))}</a>`;
}

const steps = ["1s", "30s", "1m", "5m", "1h"];

// ClockPanel moves the clock, and says what came due.
export function ClockPanel() {
  const c = useStore(clock);
  const [, tick] = useState(0);
  const [busy, work] = useState("");
  const [failure, fail] = useState(null);
  const [due, tell] = useState(null); // {by, list}: what an advance brought
  const [by, setBy] = useState("");
  const [at, setAt] = useState("");
  useEffect(() => {
    const ticking = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(ticking);
  }, []);
  const doing = async (what, act) => {
    work(what); fail(null); tell(null);
    try { await act(); } catch (problem) { fail(problem); }
    work("");
  };
  const set = (body) => doing("set", async () => take(await put("clock", body)));
  const advance = (step) => doing(step, async () => {
    const last = exchanges.value.list[exchanges.value.list.length - 1];
    take(await post("clock", { advance: step }));
    const { exchanges: list } = await get("journal", { since: last && last.id, limit: 1000 });
    tell({ by: step, list });
  });
  if (!c.now) return html`<p class="quiet">Asking for the time …</p>`;
  const now = new Date(current(c));
  return html`<section class="clockpanel" aria-label="Clock">
    <h2>Clock of this sandbox</h2>
    <p class="time"><time datetime=${now.toISOString()}>${local(now).replace("T", " ")}</time> <span class="level">${c.frozen ? "❚❚ stands" : "▸ runs"}</span> <code class="quiet">${now.toISOString()}</code></p>
    <div class="bar">
      <button type="button" disabled=${busy !== ""} onClick=${() => set({ frozen: !c.frozen })}>${c.frozen ? "Let it run" : "Freeze"}</button>
      <form class="bar inline" onSubmit=${(event) => { event.preventDefault(); set({ now: new Date(at).toISOString() }); }}>
        <label>Set it to (your time zone) <input type="datetime-local" step="1" required value=${at || local(now)} onInput=${(event) => setAt(event.target.value)} onFocus=${() => at || setAt(local(now))} /></label>
        <button type="submit" disabled=${busy !== "" || !at}>Set</button></form>
    </div>
    <div class="bar" role="group" aria-label="Advance the clock"><span class="quiet">Advance by</span>
      ${steps.map((step) => html`<button key=${step} type="button" class="small" disabled=${busy !== ""} onClick=${() => advance(step)}>${step}</button>`)}
      <form class="bar inline" onSubmit=${(event) => { event.preventDefault(); advance(by.trim()); }}>
        <input aria-label="Any duration, as 90s or 2h30m" placeholder="2h30m" size="7" required value=${by} onInput=${(event) => setBy(event.target.value)} /><button type="submit" class="small" disabled=${busy !== ""}>go</button></form>
    </div>
    <div role="status">${busy ? html`<p class="quiet">${busy === "set" ? "Setting it …" : `Advancing by ${busy}: what comes due happens at its time …`}</p>` : null}
      ${due ? html`<${Due} due=${due} />` : null}</div>
    <${Failure} failure=${failure} />
  </section>`;
}

function Due({ due }) {
  if (!due.list.length) return html`<p>Advanced by ${due.by}: nothing was due.</p>`;
  return html`<p>Advanced by ${due.by}, which brought ${plural(due.list.length, "exchange")}:</p><ul class="plainlist">${due.list.slice(-50).map((e) => {
    const to = { view: "live", ex: e.id, of: "", item: "", tab: "", q: "" };
    return html`<li key=${e.id}><a href=${linkTo(to)} onClick=${follow(to)}>${e.id}</a> <span class="quiet">${clockTime(e.time)}</span> <span class=${"way from-" + e.caller}>${e.caller === "partner" ? "→" : "←"}</span> ${shortName(e.operation) || e.request.url} <${Status} e=${e} />${e.attempt > 1 ? html` <span class="quiet">attempt ${e.attempt} of ${e.delivery}</span>` : null}</li>`;
  })}</ul>`;
}

// local is a time as an input of type datetime-local has it.
const local = (t) => new Date(t.getTime() - t.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
