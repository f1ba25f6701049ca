// A fault in words, as a rule and as a command, and the ways to begin one.
import { shortName } from "../base/ui.js";
import { parleyLine } from "../base/shell.js";

// given are the members that the mock gives a fault.
const given = ["id", "matched", "acted"];

// groups are the members of a fault by what they say, as its form has them. What the
// API knows beyond these, the form has after them.
export const groups = [
  { name: "What it concerns", members: ["vendor", "operation", "event", "channel", "where"] },
  { name: "When it acts", members: ["nth", "from", "times", "probability", "for"] },
  { name: "What becomes of an answer", side: "operation", members: ["status", "undocumented", "answer", "contentType", "drip", "taken", "delay"] },
  { name: "What becomes of an event", side: "event", members: ["delay", "lose", "set", "copies", "together", "reorder", "window"] },
];

export const others = (all) => all.filter((name) => !given.includes(name) && !groups.some((g) => g.members.includes(name)));

const ofEvents = groups[3].members.filter((name) => name !== "delay");

export const sideOf = (rule) => (rule.event || ofEvents.some((name) => rule[name]) ? "event" : "operation");

// presets are the beginnings of faults, by their names.
export const presets = {
  "500 once": { side: "operation", rule: { status: 500, undocumented: true, times: 1 } },
  slow: { side: "operation", rule: { delay: "2s" } },
  "connection reset": { side: "operation", rule: { answer: "reset", times: 1 } },
  "event twice": { side: "event", rule: { copies: 1, times: 1 } },
  "event lost": { side: "event", rule: { lose: true, times: 1 } },
  "out of order": { side: "event", rule: { reorder: 2 } },
};

// pairsOf are settings as lines path=value; settingsOf reads such lines. A value that is
// JSON is that, any other is a text.
export const pairsOf = (settings) => Object.entries(settings || {}).map(([path, value]) => path + "=" + written(value));

function written(value) {
  if (typeof value !== "string") return JSON.stringify(value);
  try { JSON.parse(value); return JSON.stringify(value); } catch { return value; }
}

export function settingsOf(text) {
  const settings = [];
  for (const line of text.split("\n").filter((l) => l.trim())) {
    const at = line.indexOf("=");
    if (at < 1) throw new Error(`“${line.trim()}” is no setting; write path.to.field=value, one a line`);
    let value = line.slice(at + 1);
    try { value = JSON.parse(value); } catch { /* a text */ }
    settings.push([line.slice(0, at).trim(), value]);
  }
  return Object.fromEntries(settings); // whatever the paths are called
}

// commandOf is the command that puts the same fault in force.
export function commandOf(rule) {
  const words = ["fault", "add"];
  for (const [name, value] of Object.entries(rule)) {
    const flag = "--" + name.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase());
    if (value === true) words.push(flag);
    else if (typeof value === "object") pairsOf(value).forEach((pair) => words.push(flag, pair));
    else words.push(flag, String(value));
  }
  return parleyLine(words);
}

// plainRule is a fault without what the mock gave it.
export const plainRule = (rule) => Object.fromEntries(Object.entries(rule).filter(([name]) => !given.includes(name)));

// isDone reports that a fault acts no more, by its counters.
export const isDone = (rule) => (rule.times > 0 && rule.acted >= rule.times) || (rule.nth > 0 && rule.matched >= rule.nth);

// sentence says what a fault does: the next 2 calls of message are answered 500.
export function sentence(rule) {
  const left = rule.times ? Math.max(rule.times - (rule.acted || 0), 0) || rule.times : 0;
  const one = rule.nth ? true : rule.times ? left === 1 : true;
  const whom = who(rule, left);
  const when = [
    rule.probability ? `with a probability of ${+(rule.probability * 100).toFixed(2)} %` : "",
    rule.for ? `for ${rule.for} from when it was made` : "",
  ].filter(Boolean);
  const what = deeds(rule, one);
  const rest = others(Object.keys(rule)).map((name) => `${name} ${JSON.stringify(rule[name])}`);
  return [whom + " " + (what.length ? listed(what) : one ? "is as it is" : "are as they are"), ...when, ...rest].join(", ");
}

const listed = (parts) => (parts.length < 2 ? parts.join("") : parts.slice(0, -1).join(", ") + " and " + parts[parts.length - 1]);

function who(rule, left) {
  const events = sideOf(rule) === "event";
  const [noun, nouns] = events ? ["delivery", "deliveries"] : ["call", "calls"];
  const name = shortName(events ? rule.event : rule.operation);
  const of = name && name !== "*" ? `${rule.vendor ? rule.vendor + "'s " : ""}${name}` : `any ${events ? "event" : "operation"}${rule.vendor ? " of " + rule.vendor : ""}`;
  const which = rule.nth ? `${noun} ${rule.nth} of ${of}`
    : rule.times ? (left === 1 ? `the next ${noun} of ${of}` : `the next ${left} ${nouns} of ${of}`)
      : `every ${noun} of ${of}`;
  return (rule.from ? `from ${noun} ${rule.from} on, ` : "") + which + (rule.channel ? ` on channel ${rule.channel}` : "") +
    (rule.where ? ` whose body has ${listed(pairsOf(rule.where))}` : "");
}

function deeds(rule, one) {
  const is = one ? "is" : "are", gets = one ? "gets" : "get";
  const list = [];
  if (rule.status) list.push(`${is} answered ${rule.status}`);
  if (rule.answer) list.push({
    reset: `${is} cut off by a reset of the connection`, empty: `${is} cut off without a byte`,
    truncated: `${gets} half of the answer's body`, malformed: `${gets} a body that is no JSON`,
  }[rule.answer] || `${gets} an answer that is ${rule.answer}`);
  if (rule.contentType) list.push(`${is} answered as ${rule.contentType}`);
  if (rule.drip) list.push(`${gets} the body over ${rule.drip}`);
  if (rule.delay) list.push(`${is} ${sideOf(rule) === "event" ? "sent" : "answered"} ${lateness(rule.delay)}`);
  if (rule.taken) list.push("all the same the vendor does what was asked");
  if (rule.lose) list.push(`${is} never sent`);
  if (rule.set) list.push(`${is} sent with ${listed(pairsOf(rule.set))}`);
  if (rule.copies) list.push(`${is} sent ${rule.copies === 1 ? "twice" : rule.copies + 1 + " times"}${rule.together ? " at the same time" : ""}`);
  if (rule.reorder) list.push(`${is} held until there are ${rule.reorder} for a channel, or ${rule.window || "5s"} have passed, and sent last first`);
  return list;
}

function lateness(text) {
  const [kind, a, b] = text.split(":");
  if (kind === "uniform") return `${a} to ${b} late`;
  if (kind === "normal") return `${a} ± ${b} late`;
  if (kind === "lognormal") return `about ${a} late, now and then far more`;
  return text + " late";
}
