// The outline of a contract: all that it has, by its kind, with words to find it by.
import { html, useState, useMemo, useEffect, useRef, shortName } from "../base/ui.js";
import { linkTo, follow } from "../base/place.js";
import { Seen, seenOf, wholly } from "./touched.js";

const page = 80; // entries of a kind that are shown at once

// entriesOf lists a contract's parts by kind: {id, name, text, words}. A payload that has
// the name of an operation or an event is shown there.
export function entriesOf(contract) {
  const call = (o) => ({ id: o.name, name: shortName(o.name), text: o.summary, words: [o.name, o.method, o.path, o.summary, o.description] });
  const calls = new Set([...contract.operations, ...contract.events].map((o) => o.name));
  const kinds = [
    { kind: "operations", title: "Operations", list: contract.operations.map(call) },
    { kind: "events", title: "Events", list: contract.events.map(call) },
    { kind: "requirements", title: "Requirements", list: contract.requirements.map((r) => ({ id: r.id, name: r.id, text: r.text, words: [r.id, r.level, r.text, r.evidence.quote] })) },
    { kind: "readings", title: "Readings", list: contract.readings.map((r) => ({ id: r.id, name: r.id, text: r.question, words: [r.id, r.question, r.chosen, ...r.quotes, ...r.options.flatMap((o) => [o.id, o.text])] })) },
    { kind: "payloads", title: "Payloads", list: contract.payloads.filter((p) => !calls.has(p.name)).map((p) => ({ id: p.name, name: p.name, text: p.title, words: [p.name, p.title] })) },
  ];
  for (const { list } of kinds) for (const e of list) e.words = e.words.filter(Boolean).join("\n").toLowerCase();
  return kinds.filter((k) => k.list.length);
}

export function Outline({ contract, here, touched, untouched }) {
  const kinds = useMemo(() => entriesOf(contract), [contract]);
  const words = here.find.trim().toLowerCase();
  const shown = useMemo(() => kinds.map((k) => ({ ...k, found: k.list.filter((e) => {
    if (words && !e.words.includes(words)) return false;
    return !untouched || !wholly(seenOf(touched, k.kind, e.id));
  }) })).filter((k) => k.found.length), [kinds, words, untouched && touched]);
  const about = !here.item || here.item === "about";
  return html`<nav class="outline" aria-label="Outline of the contract">
    <ul><li><a class=${"entry" + (about ? " chosen" : "")} aria-current=${about ? "true" : null} href=${linkTo({ item: "about" })} onClick=${follow({ item: "about" })}><span class="name">${contract.name}</span> <span class="text quiet">sources, what is not judged</span></a></li></ul>
    ${shown.map((k) => html`<${Kind} key=${k.kind} of=${k} here=${here} touched=${touched} words=${words} />`)}
    ${shown.length ? null : html`<p class="quiet" role="status">${words ? html`Nothing here has “${here.find.trim()}” in its name, ID or text${untouched ? " and is untouched" : ""}.` : "Everything that traffic can show was seen."}</p>`}
  </nav>`;
}

function Kind({ of, here, touched, words }) {
  const [most, more] = useState(page);
  useEffect(() => more(page), [words]);
  const chosen = of.found.findIndex((e) => e.id === here.item);
  const until = Math.max(most, chosen + 1);
  return html`<section aria-label=${of.title}><h2>${of.title} <span class="quiet">${of.found.length < of.list.length ? `${of.found.length} of ${of.list.length}` : of.list.length}</span></h2>
    <ul>${of.found.slice(0, until).map((e) => html`<${Entry} key=${e.id} e=${e} chosen=${e.id === here.item} painted=${touched && of.kind !== "readings"} seen=${seenOf(touched, of.kind, e.id)} />`)}</ul>
    ${of.found.length > until ? html`<p><button type="button" class="small" onClick=${() => more(until + 5 * page)}>${of.found.length - until} more ${of.title.toLowerCase()}</button></p>` : null}</section>`;
}

function Entry({ e, chosen, painted, seen }) {
  const at = useRef();
  useEffect(() => { if (chosen && at.current) at.current.scrollIntoView({ block: "nearest" }); }, [chosen]);
  return html`<li><a ref=${at} class=${"entry" + (chosen ? " chosen" : "")} aria-current=${chosen ? "true" : null} href=${linkTo({ item: e.id })} onClick=${follow({ item: e.id })} title=${e.text}
    >${seen ? html`<${Seen} ...${seen} />` : painted ? html`<span class="seen"></span>` : null}<span class="name">${e.name}</span> <span class="text quiet">${e.text}</span>${seen && !seen.once && seen.of > 1 ? html`<span class="part quiet" title=${`${seen.some} of ${seen.of} documented`}>${seen.some}/${seen.of}</span>` : null}</a></li>`;
}
