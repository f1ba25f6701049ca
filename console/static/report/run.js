// A judgment of a partner: how it stands, and, while it runs, how it goes on.
import { useEffect, useState } from "../base/ui.js";
import { get } from "../base/api.js";

// verdicts in the order in which one acts on them, with a sign and the words of a group.
export const verdicts = [
  ["fail", "✗", "bad", "Failed", "failed"], ["harness_error", "‼", "bad", "Defects of Parley", "defect of Parley"],
  ["could_not_run", "⊘", "warn", "Could not run", "could not run"], ["warn", "!", "warn", "Warnings", "warned"],
  ["undetermined", "?", "note", "Undetermined: the documents do not decide", "undetermined"], ["running", "⟳", "note", "Being judged", "being judged"],
  ["not_applicable", "–", "quiet", "Not applicable", "not applicable"], ["pass", "✓", "good", "Passed", "passed"], ["waiting", "·", "quiet", "Not judged yet", "not judged yet"],
].map(([id, sign, kind, title, word]) => ({ id, sign, kind, title, word }));

export const verdictOf = (id) => verdicts.find((v) => v.id === id) || { id, sign: "?", kind: "note", title: id, word: id };

// outcomes of a run, as signs.
export const outcomes = { passed: ["✓", "good"], failed: ["✗", "bad"], incomplete: ["?", "warn"], running: ["⟳", "note"] };

const pause = (ms, signal) => new Promise((done) => {
  const timer = setTimeout(done, ms);
  signal.addEventListener("abort", () => { clearTimeout(timer); done(); });
});

// useRun is the run, again with each result until it is done.
export function useRun() {
  const [state, set] = useState({});
  useEffect(() => {
    const stop = new AbortController();
    (async () => {
      let run = null;
      while (!stop.signal.aborted) {
        try {
          run = run ? await get("run/wait", { since: judged(run).length, timeout: "30s" }, stop.signal) : await get("run", {}, stop.signal);
          set({ run });
          if (run.state === "done") return;
        } catch (failure) {
          if (stop.signal.aborted) return;
          set((old) => ({ ...old, failure }));
          if (failure.status === 401) return;
          run = null;
          await pause(2000, stop.signal);
        }
      }
    })();
    return () => stop.abort();
  }, []);
  return state;
}

export const judged = (run) => (run.report && run.report.results) || [];

// checksOf are all checks of a run: those that were judged with their results, the others
// with what was planned.
export function checksOf(run) {
  const results = new Map(judged(run).map((r) => [r.id, r]));
  return run.planned.map((p) => results.get(p.id) || { ...p, verdict: run.running.includes(p.id) ? "running" : "waiting", requirements: [] });
}

export const checkWords = { verdict: "fail, warn, undetermined, could_not_run …", level: "MUST or SHOULD", evidence: "documented, agreed, observed or assumed", known: "failing, stale, expired or undecided" };

const members = { verdict: "verdict", level: "level", evidence: "evidence", known: "known_failing" };

// chosenBy reads the words that choose checks: {test, words}. Text that is no word is
// looked for in all that a check says.
export function chosenBy(text) {
  const words = {}, free = [];
  for (const part of (text || "").match(/"[^"]*"|\S+/g) || []) {
    const [, name, value] = /^(verdict|level|evidence|known):(.*)$/.exec(part) || [];
    if (!name) free.push(part.replace(/^"|"$/g, "").toLowerCase());
    else if (value) words[name] = value.toLowerCase();
  }
  return { words, empty: !Object.keys(words).length && !free.length, test: (c) =>
    Object.entries(words).every(([name, value]) => (c[members[name]] || "").toLowerCase() === value) && free.every((t) => textOf(c).includes(t)) };
}

const texts = new WeakMap();

function textOf(c) {
  if (!texts.has(c)) {
    texts.set(c, [c.id, c.title, c.expected, c.actual, c.hint, c.known_failing_reason, ...(c.notes || []), ...(c.exchanges || []),
      ...c.requirements.flatMap((r) => [r.id, r.text, r.quote]), ...(c.readings || []).flatMap((r) => [r.id, r.question, r.chosen])].filter(Boolean).join("\n").toLowerCase());
  }
  return texts.get(c);
}

// withWord is the text with one word changed or taken out.
export function withWord(text, name, value) {
  const others = ((text || "").match(/"[^"]*"|\S+/g) || []).filter((part) => !part.startsWith(name + ":"));
  return [...others, ...(value ? [name + ":" + value] : [])].join(" ");
}
