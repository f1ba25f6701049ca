// The list of exchanges as they happen, and the one that is open beside it.
import { html, useState, useLayoutEffect, useRef, useMemo, useStore, Empty, clockTime, duration, shortName, shortID, plural, download } from "../base/ui.js";
import { useKeys } from "../base/keys.js";
import { base, text as loadText } from "../base/api.js";
import { go } from "../base/place.js";
import { parsed } from "./filter.js";
import { FilterBar } from "./filterbar.js";
import { Status, Marks } from "./status.js";
import { exchanges, most } from "./exchanges.js";
import { Exchange } from "./exchange.js";

export function Live({ server, here }) {
  const all = useStore(exchanges);
  const [held, hold] = useState(null); // the list as it was when the reader paused
  const filter = useMemo(() => parsed(here.q), [here.q]);
  const source = held || all.list;
  const matching = useMemo(() => (filter.empty ? source : source.filter(filter.test)), [source, filter]);
  const rows = useMemo(() => arranged(matching, here.order === "oldest", here.group === "channel"), [matching, here.order, here.group]);
  const newer = held ? countAfter(all.list, held) : 0;
  const pause = () => hold((now) => (now ? null : all.list));
  useKeys((key, field, event) => pressed(key, field, event, { rows, here, pause }));

  return html`
    <${FilterBar} here=${here} filter=${filter} server=${server}>
      <button type="button" class="small" aria-pressed=${held ? "true" : "false"} onClick=${pause}>${held ? "go on" : "pause"}</button>
      ${held && newer ? html`<span class="note">${newer} new</span>` : null}
      ${all.missed ? html`<span class="note" title="They came too fast for the page; the journal may still have them">${all.missed} missed</span>` : null}
    <//>
    <div class=${"split" + (here.ex ? " open" : "")}>
      <section class="list" aria-label="Exchanges">
        <${Options} here=${here} shown=${matching.length} of=${all.list.length} filter=${filter} />
        ${rows.length ? html`<${Rows} rows=${rows} here=${here} newestFirst=${here.order !== "oldest"} held=${held} />` : html`<${Nothing} filter=${filter} some=${all.list.length > 0} server=${server} />`}
      </section>
      ${here.ex ? html`<section class="detail" aria-label=${"Exchange " + here.ex}><${Exchange} key=${here.ex} id=${here.ex} here=${here} server=${server} /></section>` : null}
    </div>`;
}

function countAfter(list, held) {
  if (!held.length) return list.length;
  const last = held[held.length - 1];
  let n = 0;
  for (let i = list.length - 1; i >= 0 && list[i] !== last; i--) n++;
  return n;
}

// arranged puts exchanges into the order of their rows, grouped with a head per channel.
function arranged(list, oldestFirst, byChannel) {
  const ordered = oldestFirst ? list : list.slice().reverse();
  if (!byChannel) return ordered;
  const groups = new Map();
  for (const e of ordered) {
    const key = e.channel || "";
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(e);
  }
  return [...groups].flatMap(([channel, members]) => [{ head: channel || "no channel", count: members.length, channel }, ...members]);
}

function Options({ here, shown, of, filter }) {
  return html`<div class="options">
    <span class="quiet" aria-live="off">${filter.empty ? plural(of, "exchange") : `${shown} of ${plural(of, "exchange")}`}${of >= most ? ", the newest" : ""}</span>
    <span class="spring"></span>
    <button type="button" class="small" onClick=${() => go({ order: here.order === "oldest" ? "" : "oldest" })}>${here.order === "oldest" ? "oldest first ↓" : "newest first ↑"}</button>
    <button type="button" class="small" aria-pressed=${here.group === "channel" ? "true" : "false"} onClick=${() => go({ group: here.group ? "" : "channel" })}>by channel</button>
    <${Export} filter=${filter} />
  </div>`;
}

// Export hands out what the words of the journal choose.
function Export({ filter }) {
  const [failure, fail] = useState("");
  const w = filter.words;
  const query = {
    vendor: w.vendor, operation: w.op, status: w.status, caller: w.caller, channel: w.channel, text: filter.text.join(" "),
    findings: { findings: "warn", errors: "error" }[w.has],
  };
  const save = async (path, name, kind) => {
    fail("");
    try { download(name, kind, await loadText(path, query)); } catch (problem) { fail(problem.message); }
  };
  return html`<span class="menu"><button type="button" class="small" onClick=${() => save("journal.har", "parley.har", "application/json")}>HAR</button
    ><button type="button" class="small" onClick=${() => save("journal.ndjson", "parley.ndjson", "application/x-ndjson")}>NDJSON</button>
    ${failure ? html`<span class="failure" role="alert">${failure}</span>` : null}</span>`;
}

function Nothing({ filter, some, server }) {
  if (some) {
    return html`<${Empty} title="No exchange matches the filter"><p>${filter.text.length ? "Other words than those of the filter are looked for in URLs and bodies." : "Take a word out, or wait for what matches."}</p>
      <p><button type="button" class="small" onClick=${() => go({ q: "" })}>Clear the filter</button></p><//>`;
  }
  return html`<${Empty} title="Nothing has crossed the wire yet" line=${`curl -sS -i ${base.href}`}>
    <p>What your integration calls, and what ${server.vendors.map((v) => v.name).join(", ")} ${server.vendors.length > 1 ? "send" : "sends"} it, appears here. ${server.kind === "proxy" ? "Send a call through the proxy." : html`Call the mock, or <a href="?view=act">act for either side</a>.`}</p><//>`;
}

// rowHeight must be that of .row in style.css, which may differ by the width.
const rowHeight = () => (matchMedia("(max-width: 640px)").matches ? 44 : 26);

// Rows draws those that can be seen, and a few more.
function Rows({ rows, here, newestFirst, held }) {
  const box = useRef(), seen = useRef(new Set());
  const [view, look] = useState({ top: 0, height: 800 });
  const height = rowHeight();
  const first = Math.max(0, Math.floor(view.top / height) - 8);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / height) + 8);

  useLayoutEffect(() => {
    const measure = () => box.current && look({ top: box.current.scrollTop, height: box.current.clientHeight });
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  // Who reads further down stays at what he reads while new ones come above.
  const count = useRef(rows.length);
  useLayoutEffect(() => {
    const grown = rows.length - count.current;
    count.current = rows.length;
    if (!box.current || grown <= 0) return;
    if (newestFirst && box.current.scrollTop > height) box.current.scrollTop += grown * height;
    if (!newestFirst && box.current.scrollTop + box.current.clientHeight >= box.current.scrollHeight - (grown + 2) * height) box.current.scrollTop = box.current.scrollHeight;
  }, [rows]);
  // The chosen one is brought into view.
  useLayoutEffect(() => {
    const at = rows.findIndex((r) => r.id === here.ex);
    if (at < 0 || !box.current) return;
    const top = at * height, b = box.current;
    if (top < b.scrollTop) b.scrollTop = top;
    if (top + height > b.scrollTop + b.clientHeight) b.scrollTop = top + height - b.clientHeight;
  }, [here.ex]);

  return html`<div class="rows" ref=${box} tabindex="0" role="listbox" aria-label="Exchanges" aria-activedescendant=${here.ex && rows.some((r) => r.id === here.ex) ? "row-" + here.ex : null}
      onScroll=${() => look({ top: box.current.scrollTop, height: box.current.clientHeight })}>
    <div class="all" role="presentation" style=${{ height: rows.length * height + "px" }}>
      ${rows.slice(first, last).map((row, i) => html`<${Row} key=${row.id || "head " + row.head} row=${row} top=${(first + i) * height} chosen=${row.id === here.ex} at=${first + i + 1} of=${rows.length} />`)}
    </div></div>`;
}

function Row({ row, top, chosen, at, of }) {
  const style = { transform: `translateY(${top}px)` };
  if (row.head) return html`<div class="row head" role="presentation" style=${style}><b>${row.head}</b> <span class="quiet">${plural(row.count, "exchange")}</span></div>`;
  const e = row;
  return html`<div class=${"row" + (chosen ? " chosen" : "")} id=${"row-" + e.id} role="option" aria-selected=${chosen ? "true" : "false"} aria-posinset=${at} aria-setsize=${of} style=${style} onClick=${() => go({ ex: e.id, tab: "" }, { replace: Boolean(chosen) })}>
    <span class="time">${clockTime(e.time)}</span>
    <span class=${"way from-" + e.caller} title=${e.caller === "partner" ? "partner → vendor" : "vendor → partner"}>${e.caller === "partner" ? "→" : "←"}</span>
    <${Status} e=${e} />
    <span class="name">${shortName(e.operation) || e.request.method + " " + e.request.url}</span>
    <span class="marks"><${Marks} e=${e} /></span>
    <span class="vendor">${e.vendor || "?"}</span>
    <span class="channel" title=${e.channel}>${shortID(e.channel)}</span>
    <span class="took">${duration(e.duration_ns)}</span>
  </div>`;
}

// pressed does what a key asks of the list, and is true where it does something.
function pressed(key, field, event, { rows, here, pause }) {
  if (field) {
    if (field.id === "filter") field.blur();
    return false;
  }
  const list = rows.filter((r) => r.id);
  const at = list.findIndex((r) => r.id === here.ex);
  switch (key) {
    case "j": if (list.length) go({ ex: list[Math.min(at + 1, list.length - 1)].id }, { replace: at >= 0 }); return true;
    case "k": if (list.length) go({ ex: list[Math.max(at < 0 ? 0 : at - 1, 0)].id }, { replace: at >= 0 }); return true;
    case "Enter": {
      const detail = document.querySelector(".detail h2");
      if (!here.ex && list.length) go({ ex: list[0].id });
      else if (detail && event.target.closest && !event.target.closest("button, a, .detail")) detail.focus();
      else return false;
      return true;
    }
    case "Escape": if (here.ex && !document.querySelector("dialog[open]")) go({ ex: "" }); return false;
    case "p": pause(); return true;
    case "/": document.getElementById("filter").focus(); return true;
  }
  return false;
}
