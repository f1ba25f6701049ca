// The exchanges that the page knows: those of the journal when it was opened, and then
// each as it happens, as many as fit.
import { get, openEvents } from "../base/api.js";
import { Store } from "../base/ui.js";

export const most = 5000; // exchanges that are kept
const rest = 80;          // milliseconds between two that are shown
const heavy = 8 << 10;    // bytes of a body beyond which only its beginning is kept here

export const exchanges = new Store({ list: [], missed: 0, dropped: 0, state: "connecting", version: 0 });

let list = [], waiting = [], frame = 0, flushed = 0, missed = 0, dropped = 0;
const known = new Map();

export const exchangeOf = (id) => known.get(id);

function publish(state) {
  exchanges.set({ list, missed, dropped, state: state || exchanges.value.state, version: exchanges.value.version + 1 });
}

// lightened leaves out what only a reader of the one exchange needs; that is fetched then.
function lightened(e) {
  for (const half of [e.request, e.response]) {
    const body = half && half.body;
    if (body && ((body.text || "").length > heavy || (body.base64 || "").length > heavy)) {
      half.body = { ...body, text: body.text && body.text.slice(0, heavy), base64: undefined };
      e.partial = true;
    }
  }
  return e;
}

// take adds to a list of its own: who holds the one before, as a reader who paused,
// keeps it as it was.
function take(batch) {
  const fresh = [];
  for (const e of batch) {
    const before = known.get(e.id);
    if (before && before.time === e.time) continue;
    if (before) { empty(); fresh.length = 0; } // IDs begin anew: the mock was reset
    known.set(e.id, lightened(e));
    fresh.push(e);
  }
  const all = list.concat(fresh), over = Math.max(0, all.length - most);
  for (const e of all.slice(0, over)) known.delete(e.id);
  dropped += over;
  list = over ? all.slice(over) : all;
}

// arrive lets one wait for the next frame. While many come, frames are left out: who
// reads needs no more than some in a second, and keys are answered between them.
function arrive(e) {
  waiting.push(e);
  if (waiting.length > 2 * most) waiting.splice(0, waiting.length - most); // a page in the background gets no frames
  if (frame) return;
  frame = setTimeout(() => requestAnimationFrame(flush), Math.max(0, rest - (performance.now() - flushed)));
}

function flush() {
  take(waiting.splice(0));
  publish();
  frame = 0;
  flushed = performance.now();
}

function empty() {
  list = [];
  known.clear();
  missed = dropped = 0;
}

// forget empties the page's list, as the journal was.
export function forget() {
  waiting = [];
  empty();
  publish();
}

const pause = (ms, signal) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  signal.addEventListener("abort", () => { clearTimeout(timer); done(); });
});

// A browser has six connections to a server, for all tabs together, and a stream holds
// one: a tab that nobody looks at lets go of its own, and reads what it missed when it is
// looked at again.
const seen = () => new Promise((done) => {
  const look = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", look);
    done();
  };
  document.addEventListener("visibilitychange", look);
  look();
});

// whileSeen is aborted with signal, and when the tab is hidden.
function whileSeen(signal) {
  const stop = new AbortController();
  const end = () => { if (signal.aborted || document.visibilityState === "hidden") stop.abort(); };
  signal.addEventListener("abort", end);
  document.addEventListener("visibilitychange", end);
  stop.signal.addEventListener("abort", () => { signal.removeEventListener("abort", end); document.removeEventListener("visibilitychange", end); });
  return stop;
}

// follow brings exchanges until signal aborts it. The stream is opened before the journal
// is read, so that nothing falls between them; what is in both is taken once.
export async function follow(signal) {
  for (let wait = 250; !signal.aborted; wait = Math.min(2 * wait, 8000)) {
    await seen();
    const stop = whileSeen(signal);
    try {
      const stream = await openEvents("journal/stream", {}, stop.signal);
      take(newestOf((await get("journal", { limit: most }, stop.signal)).exchanges));
      publish("live");
      wait = 250;
      for await (const event of stream) {
        if (event.event === "exchange") arrive(JSON.parse(event.data));
        if (event.event === "missed") { missed += JSON.parse(event.data).missed; publish(); }
      }
      publish("lost");
    } catch (failure) {
      if (signal.aborted) return;
      if (stop.signal.aborted) continue; // hidden
      publish(failure.status === 401 ? "token" : "lost");
      if (failure.status === 401) return;
    } finally { stop.abort(); }
    await pause(wait, signal);
  }
}

// newestOf are those of the journal, or all of them after the page's own were forgotten:
// a journal that does not go on from what the page has began anew.
function newestOf(kept) {
  if (list.length && !kept.some((e) => known.has(e.id) && known.get(e.id).time === e.time)) empty();
  return kept;
}
