// What a vendor knows is added to, or replaced, in the form in which it shows it.
import { html, useState, useRef, useEffect, Failure, Copied } from "../base/ui.js";
import { post } from "../base/api.js";
import { read } from "../base/json.js";
import { controlLine } from "../base/shell.js";

// parsed is {value} or {problem}, a sentence with line and column.
function parsed(text) {
  try {
    read(text); // says where, JSON.parse does not everywhere
    return { value: JSON.parse(text) };
  } catch (wrong) {
    const before = text.slice(0, wrong.at || 0).split("\n");
    return { problem: `This is no JSON: ${wrong.message} in line ${before.length}, column ${before[before.length - 1].length + 1}.` };
  }
}

// example is one to begin with: a row as it is, under a name of its own.
export function example(rows, key) {
  if (!rows.length) return {};
  const row = rows[rows.length - 1];
  return key.length ? { ...row, [key[key.length - 1]]: "new-" + (rows.length + 1) } : row;
}

// StateEditor sends one element of a list, or with no list whole members of the state.
export function StateEditor({ vendor, list, begin, title, done, close }) {
  const [text, set] = useState(() => JSON.stringify(begin, null, 2));
  const [failure, fail] = useState(null);
  const box = useRef();
  useEffect(() => box.current.focus(), []);
  const { value, problem } = parsed(text);
  const body = { vendor, state: list ? { [list]: [value] } : value };
  const send = async (event) => {
    event.preventDefault();
    if (problem) return fail(new Error(problem));
    try {
      await post("state", body);
      done(value);
    } catch (refused) { fail(refused); }
    return undefined;
  };
  return html`<form class="stateeditor" onSubmit=${send} aria-label=${title}><h3>${title}</h3>
    <label>JSON ${list ? `of one element of ${list}` : "of the state"} <textarea ref=${box} rows=${Math.min(28, Math.max(6, text.split("\n").length + 1))} spellcheck="false" value=${text} onInput=${(event) => { set(event.target.value); fail(null); }}
      onKeyDown=${(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && send(event)} aria-invalid=${problem ? "true" : null} aria-describedby="editor-note"></textarea></label>
    <p id="editor-note" class="note">${problem || (list ? "An element with the ID of one that is there takes its place; any other is added." : "What the vendor lets be set is its own affair; it says what it refuses.")}${text.includes("[redacted]") ? " [redacted] stands for a secret that this page does not see; as it stands here it would be stored." : ""}</p>
    <${Failure} failure=${failure} />
    <div class="bar"><button type="submit" class="main" disabled=${Boolean(problem)}>Send</button><button type="button" onClick=${close}>Cancel</button></div>
    ${problem ? null : html`<details><summary>The same from a shell</summary><${Copied} text=${controlLine("POST", "state", body)} /></details>`}
  </form>`;
}
