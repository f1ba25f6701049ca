// The report of a judgment, while it runs and after it: those checks first that one has to
// act on.
import { html, useState, useEffect, useMemo, useRef, Failure, Empty, plural } from "../base/ui.js";
import { useKeys } from "../base/keys.js";
import { go, linkTo, follow } from "../base/place.js";
import { useRun, checksOf, judged, chosenBy, checkWords, withWord, verdicts, outcomes } from "./run.js";
import { Check, Verdict } from "./check.js";
import { Overview } from "./overview.js";
import { Class } from "../base/evidence.js";

const page = 150; // checks of a group that are shown at once

export function Report({ server, here }) {
  const { run, failure } = useRun();
  const checks = useMemo(() => (run ? checksOf(run) : []), [run]);
  const filter = useMemo(() => chosenBy(here.find), [here.find]);
  const groups = useMemo(() => verdicts.map((v) => ({ ...v, checks: checks.filter((c) => c.verdict === v.id && filter.test(c)) })).filter((g) => g.checks.length), [checks, filter]);
  useKeys((key, field) => pressed(key, field, groups, here));
  if (!run) return failure ? html`<div class="page"><${Failure} failure=${failure} /></div>` : html`<p class="quiet page" role="status">Asking for the run …</p>`;
  const chosen = checks.find((c) => c.id === here.item);
  return html`
    <${Standing} run=${run} checks=${checks} here=${here} filter=${filter} />
    ${failure ? html`<div class="options"><${Failure} failure=${failure} /></div>` : null}
    <form class="filter" role="search" onSubmit=${(event) => event.preventDefault()}>
      <label class="unseen" for="find">Filter checks</label>
      <input id="find" type="search" spellcheck="false" autocomplete="off" list="check-words" value=${here.find} placeholder="filter: verdict:fail level:MUST evidence:documented, or any text  ( / )" onInput=${(event) => go({ find: event.target.value }, { replace: true })} />
      <datalist id="check-words">${["verdict:fail", "verdict:warn", "verdict:undetermined", "verdict:could_not_run", "level:MUST", "level:SHOULD", "evidence:documented", "evidence:agreed", "evidence:observed", "evidence:assumed", "known:failing", "known:stale"].map((w) => html`<option key=${w} value=${w}></option>`)}</datalist>
      ${filter.empty ? null : html`<button type="button" class="small" onClick=${() => go({ find: "" }, { replace: true })}>clear</button>`}
    </form>
    <div class=${"split open contract report" + (here.item ? " has-item" : "")}>
      <div class="list"><nav class="outline" aria-label="Checks">
        <ul><li><a class=${"entry" + (here.item && here.item !== "about" ? "" : " chosen")} href=${linkTo({ item: "about" })} onClick=${follow({ item: "about" })}><span class="name">The run</span> <span class="text quiet">readings, what it touched and what not</span></a></li></ul>
        ${groups.map((g) => html`<${Group} key=${g.id} group=${g} here=${here} />`)}
        ${groups.length ? null : html`<${Empty} title="No check matches the filter"><p>${Object.entries(checkWords).map(([w, what]) => html`<code>${w}:</code> ${what}<br />`)}Other words are looked for in all that a check says.</p><//>`}
      </nav></div>
      <section class="detail" aria-label=${chosen ? chosen.title : "The run"}>${chosen ? html`<${Check} key=${chosen.id} c=${chosen} server=${server} vendor=${run.report && run.report.contract.id} />`
        : here.item && here.item !== "about" ? html`<${Empty} title=${`The run has no check ${here.item}`}><p><button type="button" class="small" onClick=${() => go({ item: "" })}>Close</button></p><//>`
        : html`<${Overview} run=${run} checks=${checks} server=${server} />`}</section>
    </div>`;
}

// Standing is the outcome with its reasons, or how far the run is, and counts of verdicts
// that choose by them.
function Standing({ run, checks, here, filter }) {
  const report = run.report, running = run.state === "running";
  const [sign, kind] = outcomes[running ? "running" : report.outcome] || ["?", "note"];
  const done = judged(run).length, now = checks.find((c) => c.verdict === "running");
  const counts = verdicts.map((v) => [v, checks.filter((c) => c.verdict === v.id).length]).filter(([, n]) => n);
  return html`<div class="standing">
    <h2><span class=${"mark " + kind} aria-hidden="true">${sign}</span> <span class=${"word " + kind}>${running ? "running" : report.outcome}</span> <span class="quiet">${report ? report.contract.title : ""}</span></h2>
    <p role="status" class="far">${running ? html`<progress max=${run.planned.length} value=${done} aria-label="Checks judged"></progress> ${done} of ${plural(run.planned.length, "check")} judged` : html`<span class="unseen">The run is done: ${report.outcome}</span>`}</p>
    ${running && now ? html`<p class="quiet now">Now: ${now.title}</p>` : null}
    ${!running && report.reasons ? html`<ul class="reasons">${report.reasons.map((r) => html`<li key=${r}>${r}</li>`)}</ul>` : null}
    <div class="tally" role="group" aria-label="Choose by verdict">${counts.map(([v, n]) => { const on = filter.words.verdict === v.id; return html`<button key=${v.id} type="button" class="small" aria-pressed=${on ? "true" : "false"} onClick=${() => go({ find: withWord(here.find, "verdict", on ? "" : v.id) }, { replace: true })}><span class=${"mark " + v.kind} aria-hidden="true">${v.sign}</span> ${n} ${v.word}</button>`; })}</div>
  </div>`;
}

function Group({ group, here }) {
  const [most, more] = useState(page);
  const chosen = group.checks.findIndex((c) => c.id === here.item);
  const until = Math.max(most, chosen + 1);
  return html`<section aria-label=${group.title}><h2>${group.title} <span class="quiet">${group.checks.length}</span></h2>
    <ul>${group.checks.slice(0, until).map((c) => html`<${Row} key=${c.id} c=${c} chosen=${c.id === here.item} />`)}</ul>
    ${group.checks.length > until ? html`<p><button type="button" class="small" onClick=${() => more(until + 5 * page)}>${group.checks.length - until} more</button></p>` : null}</section>`;
}

function Row({ c, chosen }) {
  const at = useRef();
  useEffect(() => { if (chosen && at.current) at.current.scrollIntoView({ block: "nearest" }); }, [chosen]);
  return html`<li><a ref=${at} class=${"entry check" + (chosen ? " chosen" : "")} aria-current=${chosen ? "true" : null} href=${linkTo({ item: c.id })} onClick=${follow({ item: c.id })}>
    <${Verdict} id=${c.verdict} /><span class="title">${c.title}${c.known_failing ? html` <span class="level">known: ${c.known_failing}</span>` : null}</span><span class="level">${c.level}</span>${c.evidence ? html`<${Class} name=${c.evidence} />` : null}</a></li>`;
}

// pressed does what a key asks of the checks, and is true where it does something.
function pressed(key, field, groups, here) {
  if (field) {
    if (field.id === "find") field.blur();
    return false;
  }
  const list = groups.flatMap((g) => g.checks), at = list.findIndex((c) => c.id === here.item);
  const to = (i) => list.length && go({ item: list[Math.max(0, Math.min(i, list.length - 1))].id }, { replace: at >= 0 });
  switch (key) {
    case "j": to(at + 1); return true;
    case "k": to(at < 0 ? 0 : at - 1); return true;
    case "/": document.getElementById("find").focus(); return true;
    case "Escape": if (!here.item || document.querySelector("dialog[open]")) return false; go({ item: "" }); return true;
  }
  return false;
}
