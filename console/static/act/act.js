// Acting for either side: an event of the vendor's, or a call of the partner's, from a
// form and as JSON, judged while it is written.
import { html, useState, useEffect, useRef, useStore, useLoaded, Failure, CopyButton, Empty, shortName } from "../base/ui.js";
import { postText } from "../base/api.js";
import { go } from "../base/place.js";
import { contractList } from "../base/contracts.js";
import { begun, hidden, isEvent, payloadName, sampled, samplesOf, valuesOf } from "./draft.js";
import { address, encoded, exchangeLike, isEncoded, order, requestOf } from "./request.js";
import { asCurl, asGoTest, asOrder, asStep, controlCurl } from "../exchanges/copies.js";
import { call } from "../exchanges/call.js";
import { Form } from "./form.js";
import { Editor, useJudged } from "./editor.js";
import { Parameters, Credentials, OtherHeaders } from "./parameters.js";
import { Outcome } from "./outcome.js";
import { Source } from "./inputs.js";

export function Act({ here }) {
  const { of, item, ex } = here;
  const contracts = useLoaded(contractList, []);
  const loaded = useLoaded(() => begun({ of, item, ex }), [of, item, ex]);
  const made = loaded.failure ? null : loaded.value;
  // What was chosen for the reader is in the address, too.
  useEffect(() => {
    if (made && (!of || !item)) go({ of: made.contract.id, item: made.operation.name }, { replace: true });
  }, [made]);
  const shown = made ? { vendor: made.contract.id, name: made.operation.name } : { vendor: of, name: item };
  return html`<div class="page act">
    <h2>Act for ${isEvent(shown.name) ? "the vendor" : "the partner"}</h2>
    ${contracts.value ? html`<${Choice} contracts=${contracts.value} contract=${made && made.contract} shown=${shown} />` : null}
    <${Failure} failure=${contracts.failure || loaded.failure} retry=${contracts.failure ? contracts.reload : loaded.reload} />
    ${made ? html`<${Draft} key=${made.key} made=${made} ex=${ex} />` : loaded.failure ? null : html`<p class="quiet">Asking for the contract …</p>`}</div>`;
}

// Choice is of the vendor, the side and what it does.
function Choice({ contracts, contract, shown }) {
  const event = isEvent(shown.name);
  const to = (vendor, item) => go({ of: vendor, item, ex: "", tab: "" });
  const list = contract ? (event ? contract.events : contract.operations) : [];
  return html`<div class="bar">
    <label>Vendor <select value=${shown.vendor} onChange=${(event) => to(event.target.value, "")}>${contracts.map((c) => html`<option key=${c.id} value=${c.id}>${c.name}</option>`)}</select></label>
    ${contract ? html`<span class="menu" role="group" aria-label="Side">
      <button type="button" aria-pressed=${event ? "true" : "false"} disabled=${!contract.events.length} title=${contract.events.length ? null : contract.name + " sends no events"} onClick=${() => event || to(contract.id, contract.events[0].name)}>the vendor sends</button
      ><button type="button" aria-pressed=${event ? "false" : "true"} disabled=${!contract.operations.length} onClick=${() => event && to(contract.id, contract.operations[0].name)}>the partner calls</button></span>
    <label>${event ? "Event" : "Operation"} <select value=${shown.name} onChange=${(event) => to(contract.id, event.target.value)}>${list.map((o) => html`<option key=${o.name} value=${o.name}>${shortName(o.name)}${o.summary ? " – " + o.summary : ""}</option>`)}</select></label>` : null}
  </div>`;
}

function Draft({ made, ex }) {
  const { contract, operation, draft } = made;
  const d = useStore(draft);
  const event = isEvent(operation.name), vendor = contract.id;
  const [side, turn] = useState("form"); // of the two, on a narrow page
  const set = (part) => draft.update(part);
  const edit = (text, step) => set({ text, undo: step ? [...d.undo.slice(-49), d.text] : d.undo });
  const undo = d.undo.length ? () => set({ text: d.undo[d.undo.length - 1], undo: d.undo.slice(0, -1) }) : null;
  const payload = payloadName(operation, d.contentType);
  const takesBody = Boolean(payload) || operation.contentTypes.length > 0 || d.text !== "";
  const judged = useJudged({ vendor, operation: operation.name, text: encoded(d), contentType: d.contentType && encoded(d) ? d.contentType : undefined });
  const json = !d.contentType || /json/.test(d.contentType) || isEncoded(d);

  return html`
    <div class="about"><p>${operation.description || operation.summary}</p><${Source} evidence=${operation.evidence} requirement=${(operation.requirements || [])[0]} vendor=${vendor} what=${operation.name} /></div>
    ${ex ? html`<p class="note">Begun from ${ex}.</p>` : null}${d.note ? html`<p class="note">${d.note}</p>` : null}
    <${Target} made=${made} d=${d} set=${set} edit=${edit} />
    <${Actions} made=${made} d=${d} set=${set} judged=${judged} />
    <div class="call"><${Parameters} operation=${operation} vendor=${vendor} values=${d.values} set=${(values) => set({ values })} />
      ${event ? null : html`<${Credentials} operation=${operation} secrets=${d.secrets} set=${(secrets) => set({ secrets })} />`}</div>
    ${event ? null : html`<${OtherHeaders} text=${d.other} set=${(other) => set({ other })} />`}
    ${takesBody ? html`<div class="bodyhead"><h3>Body</h3>${operation.contentTypes.length > 1 ? html`<label>Content type <select value=${d.contentType} onChange=${(event) => set({ contentType: event.target.value })}>${operation.contentTypes.map((t) => html`<option key=${t} value=${t} disabled=${/^multipart\//.test(t)}>${t}</option>`)}</select></label>` : html`<span class="quiet">${d.contentType}${isEncoded(d) ? ", written here as JSON" : ""}</span>`}
        <span class="menu narrow" role="group" aria-label="How to edit"><button type="button" class="small" aria-pressed=${side === "form" ? "true" : "false"} onClick=${() => turn("form")}>form</button><button type="button" class="small" aria-pressed=${side === "text" ? "true" : "false"} onClick=${() => turn("text")}>JSON</button></span></div>
      ${d.text.includes(JSON.stringify(hidden)) ? html`<p class="note"><code>${hidden}</code> stands for a secret${event ? ": the mock puts its own in when the event is sent." : (d.channels.find((c) => c.id === d.channel) || {}).token ? ": the channel's token is put in when the call is made." : " that this page does not know. Write it in its place."}</p>` : null}
      ${operation.contentTypes.some((t) => /^multipart\//.test(t)) ? html`<p class="note">Forms with files (multipart) are not made here; use curl with <code>-F</code>.</p>` : null}
      <div class=${"two show-" + side}><section class="half form-half" aria-label="Form">${json ? html`<${Form} text=${d.text} vendor=${vendor} payload=${payload} edit=${edit} findings=${judged.findings} />` : html`<${Empty} title="No form"><p>This content type has no form; write it as text.</p><//>`}</section>
        <section class="half text-half" aria-label="Text"><${Editor} text=${d.text} edit=${edit} undo=${undo} judged=${judged} vendor=${vendor} json=${json} encoded=${isEncoded(d)} /></section></div>` : html`<p class="quiet">It has no body.</p>`}`;
}

// Target is where it goes: the channel and, for an event, another URL.
function Target({ made, d, set, edit }) {
  const { contract, operation } = made;
  const event = isEvent(operation.name);
  const samples = samplesOf(contract, operation);
  const [failure, fail] = useState(null);
  const take = async (part) => {
    fail(null);
    try { set({ ...part, ...await sampled(contract, operation, { ...d, ...part }), undo: [...d.undo, d.text] }); } catch (problem) { fail(problem); }
  };
  const channel = (id) => {
    const chosen = d.channels.find((c) => c.id === id);
    set({ channel: id, values: event || !chosen ? d.values : { ...d.values, ...valuesOf(operation, chosen.address) } });
  };
  return html`<div class="bar">
    ${samples.length ? html`<label>Sample <select value=${d.sample} onChange=${(event) => event.target.value && take({ sample: event.target.value })}>${d.sample ? null : html`<option value="">none</option>`}${samples.map((s) => html`<option key=${s} value=${s}>${s}</option>`)}</select></label>` : null}
    ${d.channels.length ? html`<label>${event ? "Channel" : "As the partner of"} <select value=${d.channel} onChange=${(event) => channel(event.target.value)}>${event ? null : html`<option value="">no channel</option>`}${d.channels.map((c) => html`<option key=${c.id} value=${c.id}>${c.name || c.id}${c.url ? " → " + c.url : ", no URL"}</option>`)}</select></label>` : null}
    ${event ? html`<label class="other">Other target <input type="url" spellcheck="false" value=${d.to} placeholder="http://127.0.0.1:3000/webhook" onInput=${(event) => set({ to: event.target.value.trim() })} /></label>
      <label class="check"><input type="checkbox" checked=${d.broken} onChange=${(event) => set({ broken: event.target.checked })} /> send even if broken</label>` : null}
    <${Failure} failure=${failure} /></div>
    ${event && !d.channels.length ? html`<${Empty} title="No channel is open" line=${controlCurl("POST", "channels", JSON.stringify({ vendor: contract.id, url: "http://127.0.0.1:3000/webhook" }))}><p>${contract.name} has nowhere to send to. Open a channel to your webhook, then come back.</p><//>` : null}`;
}

// Actions tell where it goes, send it, and show what came of it.
function Actions({ made, d, set, judged }) {
  const { contract, operation } = made;
  const event = isEvent(operation.name);
  const [outcome, tell] = useState(null);
  const [busy, work] = useState("");
  const stop = useRef(null);
  const run = async (what, action) => {
    stop.current = new AbortController();
    work(what);
    tell(null);
    try { tell(await action(stop.current.signal)); }
    catch (failure) { tell(failure.name === "AbortError" ? { failure: new Error("You stopped waiting; what was sent goes on.") } : { failure }); }
    work("");
  };
  const dry = () => run("Composing …", async (signal) => ({ draft: await postText("compose", order(contract, operation, d), signal) }));
  const send = () => (event
    ? run("Sending …", async (signal) => ({ delivery: await postText("send", order(contract, operation, d, { wait: true }), signal) }))
    : run("Calling …", async (signal) => ({ answer: await call({ ...await requestOf(operation, d), signal }) })));
  const like = () => exchangeLike(contract, operation, d);
  const where = address(operation, d);
  const errors = judged.findings.some((f) => f.severity === "error");
  return html`<div class="order"><p class="line"><code class="method">${operation.method}</code> <code class="url">${where || "this channel has no URL; give another target"}</code></p>
    <div class="menu">
      <button type="button" class="main" disabled=${Boolean(busy)} onClick=${send}>${event ? "Send" : "Call"}</button>
      ${event ? html`<button type="button" disabled=${Boolean(busy)} onClick=${dry}>Dry run</button>` : null}
      ${busy ? html`<span role="status" class="note">${busy}</span><button type="button" class="small" onClick=${() => stop.current.abort()}>stop waiting</button>` : null}
      ${event && errors && !d.broken ? html`<span class="note">It breaks the contract: mend it, or tick “send even if broken”.</span>` : null}
      <span class="spring"></span>
      <${CopyButton} text=${() => (event ? asOrder(order(contract, operation, d)) : asCurl(like()))} label="curl" title="Copy as a curl line" />
      <${CopyButton} text=${() => asGoTest(like())} label="Go test" title="Copy as a Go test" />
      <${CopyButton} text=${() => asStep(like())} label="scenario" title="Copy as a step of a scenario" /></div>
    <${Outcome} outcome=${outcome} /></div>`;
}
