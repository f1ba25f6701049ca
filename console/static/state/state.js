// What the vendors remember: each list as a table, each element whole, with its history.
import { html, useState, useMemo, useEffect, useRef, useLoaded, Failure, Empty, CopyButton, plural } from "../base/ui.js";
import { get } from "../base/api.js";
import { go, linkTo, follow } from "../base/place.js";
import { useRefreshed } from "../base/refresh.js";
import { read, lines } from "../base/json.js";
import { Tree } from "../exchanges/body.js";
import { Changes } from "../exchanges/changes.js";
import { At } from "./at.js";
import { StateEditor, example } from "./stateeditor.js";
import { listsOf, restOf, keyOf, has, idOf, chosenRow, columnsOf, valueAt, matches, wordsOf, itemOf, partsOf } from "./rows.js";
import { controlLine } from "../base/shell.js";

const page = 200; // rows that are shown at once

export function State({ server, here }) {
  return html`<div class="statewhen"><${At} at=${here.at} server=${server} />${here.at ? html`<${Then} server=${server} here=${here} />` : html`<${Now} server=${server} here=${here} />`}</div>`;
}

function Now({ server, here }) {
  return html`<${Lists} server=${server} here=${here} loaded=${useRefreshed((signal) => get("state", {}, signal), [])} />`;
}

// Then is the state after an exchange, which never changes. The one before stays until it
// is there, so that stepping from one to the next does not flicker.
function Then({ server, here }) {
  const loaded = useLoaded((signal) => get("state", { at: here.at }, signal).then((value) => ({ at: here.at, value })), [here.at]);
  const { at, value } = loaded.value || {};
  if (loaded.failure && at !== here.at) {
    return html`<${Empty} title=${`What was after ${here.at} is not known`}><p>${loaded.failure.message}</p><p><button type="button" class="small" onClick=${() => go({ at: "" })}>Live again</button></p><//>`;
  }
  return html`<${Lists} server=${server} here=${here} loaded=${{ ...loaded, value }} past />`;
}

function Lists({ server, here, loaded, past }) {
  const all = loaded.value;
  if (!all) return html`<div class="page">${loaded.failure ? html`<${Failure} failure=${loaded.failure} retry=${loaded.reload} />` : html`<p class="quiet">Asking what the vendors remember …</p>`}</div>`;
  const vendor = all[here.of] ? here.of : Object.keys(all).find((v) => listsOf(all[v]).some(([, rows]) => rows.length)) || Object.keys(all)[0];
  if (!vendor) return html`<${Empty} title="No vendor remembers anything"><p>This mock plays from samples alone. A contract whose document says <code>x-parley: {collection: …}</code> remembers what is created.</p><//>`;
  const state = all[vendor], lists = listsOf(state);
  const { list: asked, id } = partsOf(here.item);
  const rest = here.item === "/" || !lists.length;
  const list = rest ? "" : lists.some(([name]) => name === asked) ? asked : (lists.find(([, rows]) => rows.length) || lists[0])[0];
  return html`<div class="statepage">
    <${Sidebar} all=${all} vendor=${vendor} list=${list} reload=${loaded.reload} failure=${loaded.failure} />
    ${rest ? html`<${Rest} key=${vendor} vendor=${vendor} rest=${restOf(state)} reload=${loaded.reload} past=${past} />`
      : html`<${List} key=${vendor + " " + list} server=${server} here=${here} vendor=${vendor} list=${list} lists=${lists.map(([name]) => name)} rows=${state[list]} id=${list === asked ? id : ""} reload=${loaded.reload} past=${past} />`}
  </div>`;
}

// Sidebar lists the lists of all vendors with how much they have.
function Sidebar({ all, vendor, list, reload, failure }) {
  const to = (of, item) => ({ of, item, q: "", ex: "" });
  const entry = (of, name, label, count) => {
    const chosen = of === vendor && name === list;
    return html`<li key=${name}><a href=${linkTo(to(of, itemOf(name)))} onClick=${follow(to(of, itemOf(name)))} aria-current=${chosen ? "page" : null}><span>${label}</span> <span class="count">${count}</span></a></li>`;
  };
  return html`<nav class="statelists" aria-label="What is remembered">
    <div class="bar"><button type="button" class="small" onClick=${reload}>reload</button><${Failure} failure=${failure} /></div>
    ${Object.entries(all).map(([of, state]) => html`<div key=${of}><h2>${of}</h2><ul>${listsOf(state).map(([name, rows]) => entry(of, name, name, rows.length))}
      ${Object.keys(restOf(state)).length ? entry(of, "", "the rest", "{ }") : null}</ul></div>`)}</nav>`;
}

function List({ server, here, vendor, list, lists, rows, id, reload, past }) {
  const [from, turn] = useState(0);
  const [editing, edit] = useState(null); // {begin, title}
  const key = useMemo(() => keyOf(rows), [rows]);
  const columns = useMemo(() => columnsOf(rows), [rows]);
  const found = useMemo(() => rows.map((row, at) => ({ row, at })).filter(({ row }) => matches(row, wordsOf(here.q))), [rows, here.q]);
  const chosen = chosenRow(rows, key, id);
  useEffect(() => turn(0), [here.q]);
  useEffect(() => { // the page of the table that has the row
    const at = found.findIndex((f) => f.at === chosen);
    if (at >= 0) turn(at - at % page);
  }, [id]);
  const start = from < found.length ? from : 0;
  const done = (value) => { edit(null); reload(); if (key.length && has(value, key)) go({ of: vendor, item: itemOf(list, idOf(value, 0, key)) }); };
  return html`<div class=${"split" + (id ? " open" : "")}>
    <section class="list" aria-label=${`${list} of ${vendor}`}>
      <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}><label class="unseen" for="state-search">Search ${list}</label>
        <input id="state-search" type="search" spellcheck="false" autocomplete="off" placeholder=${`search ${list}: words anywhere in an element`} value=${here.q} onInput=${(event) => go({ q: event.target.value }, { replace: true })} />
        <span class="quiet" role="status">${here.q ? `${found.length} of ${plural(rows.length, "element")}` : plural(rows.length, "element")}</span>
        ${past ? null : html`<button type="button" class="small" onClick=${() => edit({ begin: example(rows, key), title: `Add to ${list}` })}>add</button>`}</form>
      <div class="statescroll">
        ${editing && !past ? html`<${StateEditor} key=${editing.title} vendor=${vendor} list=${list} begin=${editing.begin} title=${editing.title} done=${done} close=${() => edit(null)} />` : null}
        ${found.length ? html`<${Table} rows=${found.slice(start, start + page)} columns=${columns} rowKey=${key} vendor=${vendor} list=${list} chosen=${chosen} />` : html`<${Nothing} some=${rows.length > 0} vendor=${vendor} list=${list} />`}
        ${found.length > page ? html`<div class="bar pages" role="group" aria-label="Pages"><button type="button" class="small" disabled=${start === 0} onClick=${() => turn(start - page)}>← before</button>
          <span>${start + 1} to ${Math.min(start + page, found.length)} of ${found.length}</span><button type="button" class="small" disabled=${start + page >= found.length} onClick=${() => turn(start + page)}>after →</button></div>` : null}
      </div></section>
    ${id ? html`<section class="detail" aria-label="Element"><${Element} key=${id} server=${server} vendor=${vendor} list=${list} lists=${lists} rowKey=${key} id=${id} row=${chosen >= 0 ? rows[chosen] : undefined}
      replace=${past ? null : () => edit({ begin: rows[chosen], title: `Replace ${id}` })} /></section>` : null}
  </div>`;
}

function Table({ rows, columns, rowKey, vendor, list, chosen }) {
  const nameOf = (path) => path.join(".") || "value";
  return html`<div class="wide" tabindex="0" role="group" aria-label=${`Table of ${list}`}><table class="list"><thead><tr>${rowKey.length ? null : html`<th scope="col">#</th>`}${columns.map((path) => html`<th key=${nameOf(path)} scope="col">${nameOf(path)}</th>`)}</tr></thead>
    <tbody>${rows.map(({ row, at }) => {
      const to = { of: vendor, item: itemOf(list, idOf(row, at, rowKey)), ex: "" };
      const link = (content) => html`<a href=${linkTo(to)} onClick=${follow(to)}>${content}</a>`;
      return html`<tr key=${idOf(row, at, rowKey)} class=${at === chosen ? "chosen" : ""} aria-current=${at === chosen ? "true" : null} onClick=${(event) => event.target.closest("a") || String(getSelection()) || go(to)}>
        ${rowKey.length ? null : html`<th scope="row">${link(at)}</th>`}${columns.map((path, i) => html`<td key=${nameOf(path)} class="data">${!i && rowKey.length ? link(cell(valueAt(row, path))) : cell(valueAt(row, path))}</td>`)}</tr>`;
    })}</tbody></table></div>`;
}

// cell is a value in few words.
function cell(value) {
  if (value === undefined) return "";
  const many = value && typeof value === "object";
  const text = many ? JSON.stringify(value) : String(value);
  if (many && text.length > 40) return Array.isArray(value) ? `[${value.length}]` : `{${Object.keys(value).length}}`;
  return text.length > 60 ? text.slice(0, 57) + "…" : text;
}

function Nothing({ some, vendor, list }) {
  if (some) return html`<${Empty} title="No element has these words"><p><button type="button" class="small" onClick=${() => go({ q: "" })}>Clear the search</button></p><//>`;
  return html`<${Empty} title=${`${vendor} remembers no ${list} yet`} line=${controlLine("GET", "state?vendor=" + encodeURIComponent(vendor))}><p>What your integration calls, and what the vendor sends, fills it. The whole state, from a shell:</p><//>`;
}

function Element({ server, vendor, list, lists, rowKey, id, row, replace }) {
  const title = useRef();
  const close = () => go({ item: itemOf(list) });
  const text = row === undefined ? "" : JSON.stringify(row, null, 2);
  const tree = useMemo(() => (text ? lines(read(text)) : []), [text]);
  return html`<article class="exchange element"><div class="top"><button type="button" class="small back" onClick=${close} aria-label="Close the element">✕</button>
      <h2 tabindex="-1" ref=${title}><code>${id}</code> <span class="quiet">${vendor} ${list}</span></h2><span class="spring"></span>
      ${row === undefined ? null : html`<span class="menu"><${CopyButton} text=${text} /><${CopyButton} text=${() => controlLine("POST", "state", { vendor, state: { [list]: [row] } })} label="curl" title="Copy as a curl line that adds it" />${replace ? html`<button type="button" class="small" onClick=${replace}>replace</button>` : null}</span>`}</div>
    ${row === undefined ? html`<${Empty} title=${`${list} has no ${id}`}><p>It was removed, made room for newer ones, or the sandbox was reset.</p><//>` : html`<${Tree} list=${tree} findings=${[]} vendor=${vendor} label=${"Members of " + id} />`}
    ${server.features.includes("changes") ? html`<h3>What changed it</h3><${Changes} of=${{ vendor, list, lists, key: rowKey, id: row === undefined ? id : idOf(row, id, rowKey) }} />` : null}
  </article>`;
}

// Rest is what of a state is no list.
function Rest({ vendor, rest, reload, past }) {
  const [editing, edit] = useState(false);
  const text = JSON.stringify(rest, null, 2);
  const tree = useMemo(() => lines(read(text)), [text]);
  return html`<section class="page" aria-label=${`The rest of ${vendor}'s state`}><div class="bar"><h2>${vendor}</h2><span class="quiet">what is no list</span><span class="spring"></span><${CopyButton} text=${text} />${past ? null : html`<button type="button" class="small" onClick=${() => edit(true)}>change</button>`}</div>
    ${editing && !past ? html`<${StateEditor} vendor=${vendor} begin=${rest} title=${`Change ${vendor}'s state`} done=${() => { edit(false); reload(); }} close=${() => edit(false)} />` : null}
    <${Tree} list=${tree} findings=${[]} vendor=${vendor} label=${`The rest of ${vendor}'s state`} /></section>`;
}
