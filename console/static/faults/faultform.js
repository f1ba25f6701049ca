// The form of a fault: it has every member that the API takes, with the API's own help.
import { html, useState, useEffect, useLoaded, Copied, Failure, shortName } from "../base/ui.js";
import { get, post } from "../base/api.js";
import { contractOf, once } from "../base/contracts.js";
import { groups, others, presets, sideOf, sentence, pairsOf, settingsOf, commandOf } from "./faultwords.js";
import { controlLine } from "../base/shell.js";

// members of a fault as the control API's document describes them.
const membersOf = () => once("document fault", async () => (await get("openapi.json")).components.schemas["requests.fault"].properties);

// textsOf is a fault as the fields show it: texts, and true for what is ticked.
export function textsOf(rule, members) {
  const texts = {};
  for (const [name, value] of Object.entries(rule)) {
    const { type } = members[name] || {};
    texts[name] = type === "object" ? pairsOf(value).join("\n") : type === "boolean" ? value : String(value);
  }
  return texts;
}

// ruleOf is the fault that the fields say; it throws what cannot be read.
function ruleOf(texts, members, side) {
  const rule = {};
  const names = [...groups.filter((g) => !g.side || g.side === side).flatMap((g) => g.members), ...others(Object.keys(members))];
  for (const name of names) {
    const text = texts[name];
    if (!text || !members[name] || name === (side === "event" ? "operation" : "event")) continue;
    switch (members[name].type) {
      case "boolean": rule[name] = true; break;
      case "integer": case "number": {
        const number = Number(text.replace(",", "."));
        if (Number.isNaN(number)) throw new Error(`${name} is “${text}”; write a number`);
        if (number) rule[name] = number;
        break;
      }
      case "object": rule[name] = settingsOf(text); break;
      default: rule[name] = text.trim();
    }
  }
  const about = side === "event" ? "event" : "operation";
  if (texts[about]) rule[about] = shortName(texts[about]);
  return rule;
}

// FaultForm makes a fault. It begins with rule, which side says where rule does not.
export function FaultForm({ server, rule, side: given, made, close }) {
  const members = useLoaded(membersOf, []);
  const contracts = useLoaded(() => Promise.all(server.vendors.map((v) => contractOf(v.id))), []);
  const channels = useLoaded((signal) => get("channels", {}, signal), []);
  if (members.failure) return html`<${Failure} failure=${members.failure} retry=${members.reload} />`;
  if (!members.value || !contracts.value) return html`<p class="quiet">Asking what a fault can be …</p>`;
  const known = { members: members.value, contracts: contracts.value, channels: channels.value ? channels.value.channels : [] };
  return html`<${Fields} known=${known} rule=${rule} given=${given} made=${made} close=${close} />`;
}

function Fields({ known, rule: begin, given, made, close }) {
  const { members } = known;
  const [side, turn] = useState(given || sideOf(begin));
  const [texts, set] = useState(() => textsOf(begin, members));
  const [failure, fail] = useState(null);
  useEffect(() => { turn(given || sideOf(begin)); set(textsOf(begin, members)); fail(null); }, [begin]);
  let rule = {}, wrong = null;
  try { rule = ruleOf(texts, members, side); } catch (problem) { wrong = problem; }

  const change = (name, value) => { fail(null); set({ ...texts, [name]: value }); };
  const start = (preset) => {
    const kept = Object.fromEntries(groups[0].members.filter((name) => texts[name]).map((name) => [name, texts[name]]));
    const about = preset.side === "event" ? "event" : "operation";
    turn(preset.side);
    fail(null);
    set({ [about]: "*", ...kept, ...textsOf(preset.rule, members) });
  };
  const send = async (event) => {
    event.preventDefault();
    if (wrong) return fail(wrong);
    try { made(await post("faults", rule)); } catch (problem) { fail(problem); }
    return undefined;
  };
  const shown = groups.filter((g) => !g.side || g.side === side);
  const beyond = others(Object.keys(members));
  if (beyond.length) shown.push({ name: "Besides", members: beyond });
  const skip = side === "event" ? "operation" : "event";
  return html`<form class="faultform" onSubmit=${send} aria-label="Fault to add">
    <div class="bar" role="group" aria-label="Begin with"><span class="quiet">Begin with</span>${Object.entries(presets).map(([name, preset]) => html`<button key=${name} type="button" class="small" onClick=${() => start(preset)}>${name}</button>`)}</div>
    <div class="bar" role="radiogroup" aria-label="Whose it is">${[["operation", "what the vendor answers"], ["event", "what the vendor sends"]].map(([id, name]) => html`<label key=${id} class="choice"><input type="radio" name="side" checked=${side === id} onChange=${() => { turn(id); fail(null); }} /> ${name}</label>`)}</div>
    <div class="groups">${shown.map((g) => html`<fieldset key=${g.name}><legend>${g.name}</legend>
      ${g.members.filter((name) => name !== skip && members[name]).map((name) => html`<${Field} key=${name} name=${name} about=${members[name]} value=${texts[name] || ""} known=${known} texts=${texts} change=${change} />`)}</fieldset>`)}</div>
    <p class="says" aria-live="polite"><b>${wrong ? wrong.message : Object.keys(rule).length ? sentence(rule) : "Nothing is chosen yet."}</b></p>
    <${Failure} failure=${failure} />
    <div class="bar"><button type="submit" class="main">Add the fault</button><button type="button" onClick=${close}>Close</button></div>
    ${wrong ? null : html`<details><summary>The same from a shell</summary><${Copied} text=${commandOf(rule)} /><${Copied} text=${controlLine("POST", "faults", rule)} /></details>`}
  </form>`;
}

// Field is one member, as its type and what is known of it ask for.
function Field({ name, about, value, known, texts, change }) {
  const id = "fault-" + name, help = id + "-help";
  const choices = choicesOf(name, about, known, texts);
  const common = { id, "aria-describedby": help };
  const write = (event) => change(name, event.target.value);
  let input;
  if (about.type === "boolean") input = html`<input ...${common} type="checkbox" checked=${Boolean(value)} onChange=${(event) => change(name, event.target.checked)} />`;
  else if (choices) {
    const all = value && !choices.some((c) => c.value === value) ? [...choices, { value, text: value }] : choices;
    input = html`<select ...${common} value=${value} onChange=${write}><option value="">–</option>${all.map((c) => html`<option key=${c.value} value=${c.value}>${c.text}</option>`)}</select>`;
  } else if (about.type === "object") input = html`<textarea ...${common} rows="2" spellcheck="false" placeholder="path.to.field=value" value=${value} onInput=${write}></textarea>`;
  else if (about.type === "integer" || about.type === "number") {
    input = html`<input ...${common} type="number" min=${about.minimum} max=${about.maximum} step=${about.type === "number" ? "any" : "1"} value=${value} onInput=${write} list=${name === "status" ? "fault-statuses" : null} />`;
  } else input = html`<input ...${common} type="text" spellcheck="false" autocomplete="off" value=${value} onInput=${write} />`;
  return html`<div class=${"member" + (about.type === "boolean" ? " tick" : "")}><label for=${id}>${name}</label>${input}<small id=${help}>${about.description}</small>
    ${name === "status" ? html`<datalist id="fault-statuses">${statusesOf(known, texts).map((s) => html`<option key=${s} value=${s}></option>`)}</datalist>` : null}</div>`;
}

// meant are the contracts that a fault is for.
const meant = (known, texts) => known.contracts.filter((c) => !texts.vendor || c.id === texts.vendor);

function choicesOf(name, about, known, texts) {
  if (about.enum) return about.enum.map((value) => ({ value, text: value }));
  if (name === "vendor") return known.contracts.map((c) => ({ value: c.id, text: c.name }));
  if (name === "channel") return known.channels.filter((c) => !texts.vendor || c.vendor === texts.vendor).map((c) => ({ value: c.id, text: c.name ? `${c.id} · ${c.name}` : c.id }));
  if (name !== "operation" && name !== "event") return null;
  const list = meant(known, texts).flatMap((c) => c[name + "s"].map((o) => ({ value: shortName(o.name), text: shortName(o.name) + (o.summary ? " · " + o.summary : "") })));
  return [{ value: "*", text: "* (all)" }, ...list.filter((c, i) => list.findIndex((d) => d.value === c.value) === i)];
}

// statusesOf are those that the operation documents.
function statusesOf(known, texts) {
  const operations = meant(known, texts).flatMap((c) => c.operations).filter((o) => texts.operation === "*" || !texts.operation || shortName(o.name) === texts.operation);
  return [...new Set(operations.flatMap((o) => o.responses.map((r) => r.status)))].filter((s) => /^\d+$/.test(s)).sort();
}
