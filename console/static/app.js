// The page: its head, the way between its views, and what belongs to all of them.
import { html, render, useState, useEffect, useStore, useLoaded, Failure, typing } from "./base/ui.js";
import { get, onTokenAsked, setToken, sandbox } from "./base/api.js";
import { place, linkTo, follow as followLink } from "./base/place.js";
import { exchanges, follow } from "./exchanges/exchanges.js";
import { Live } from "./exchanges/live.js";
import { Conversation } from "./conversation/conversation.js";
import { Act } from "./act/act.js";
import { Deliveries } from "./deliveries/deliveries.js";
import { Faults } from "./faults/faults.js";
import { State } from "./state/state.js";
import { Sandboxes } from "./sandboxes/sandboxes.js";
import { ClockButton } from "./sandboxes/clock.js";
import { Contract } from "./contract/contract.js";
import { Report } from "./report/report.js";
import { Help } from "./help.js";

// views in the order of their tabs; a server that lacks what a view needs does not show it.
const views = [
  { id: "live", name: "Live", needs: "journal", show: Live },
  { id: "conversation", name: "Conversation", needs: "journal", show: Conversation },
  { id: "act", name: "Act", needs: "compose", show: Act },
  { id: "deliveries", name: "Deliveries", needs: "deliveries", show: Deliveries },
  { id: "faults", name: "Faults", needs: "faults", show: Faults },
  { id: "state", name: "State", needs: "state", show: State },
  { id: "sandboxes", name: "Sandboxes", needs: "sandboxes", show: Sandboxes },
  { id: "contract", name: "Contract", needs: "contracts", show: Contract },
  { id: "report", name: "Report", needs: "run", show: Report },
];

function App() {
  const here = useStore(place);
  const [asked, ask] = useState(false);
  const [turn, again] = useState(0);
  const [help, showHelp] = useState(false);
  const server = useLoaded((signal) => get("version", {}, signal), [turn]);

  useEffect(() => onTokenAsked(() => ask(true)), []);
  useEffect(() => { // what is changed is recorded from the first question on
    if (server.value && server.value.features.includes("changes")) get("changes", { limit: 1 }).catch(() => {});
  }, [server.value]);
  useEffect(() => {
    const stop = new AbortController();
    follow(stop.signal);
    return () => stop.abort();
  }, [turn]);
  useEffect(() => {
    const press = (event) => {
      if (event.key === "?" && !typing(event.target)) { event.preventDefault(); showHelp((shown) => !shown); }
      if (event.key === "Escape") showHelp(false);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);

  if (asked) {
    return html`<${TokenForm} given=${(text) => { setToken(text); ask(false); again((n) => n + 1); }} />`;
  }
  if (!server.value) {
    return html`<main class="alone">${server.failure ? html`<${Failure} failure=${server.failure} retry=${server.reload} />` : html`<p class="quiet">Asking the mock what it is …</p>`}</main>`;
  }
  const shown = views.filter((v) => server.value.features.includes(v.needs));
  const view = shown.find((v) => v.id === here.view) || shown.find((v) => v.id === (server.value.features.includes("run") ? "report" : "live")) || shown[0];
  return html`
    <${Head} server=${server.value} views=${shown} view=${view} help=${() => showHelp(true)} />
    <main id="main" class=${"view view-" + view.id} tabindex="-1"><${view.show} server=${server.value} here=${here} /></main>
    ${help ? html`<${Help} close=${() => showHelp(false)} />` : null}`;
}

function Head({ server, views: shown, view, help }) {
  const state = useStore(exchanges).state;
  useEffect(() => {
    document.title = `${view.name} · Parley ${server.vendors.map((v) => v.id).join(" ")}`;
    document.querySelector("header nav [aria-current]").scrollIntoView({ block: "nearest", inline: "nearest" }); // on a narrow page
  }, [view]);
  return html`<header>
    <a class="skip" href="#main">Skip to the content</a>
    <h1>Parley</h1>
    <span class="vendors">${server.vendors.map((v) => html`<span title=${v.name}>${v.id}</span> `)}</span>
    <span class="spring"></span>
    <${Connection} state=${state} />
    ${server.features.includes("sandboxes") ? html`<a class="plain" href=${linkTo({ view: "sandboxes" })} onClick=${followLink({ view: "sandboxes" })}>sandbox <b>${sandbox}</b></a>` : null}
    ${server.features.includes("clock") ? html`<${ClockButton} />` : null}
    <button type="button" class="small" onClick=${help} title="Keys and words (?)" aria-label="Keys and words">?</button>
    <nav aria-label="Views"><ul>${shown.map((v) => html`<li key=${v.id}><a href=${linkTo({ view: v.id, of: "", item: "", at: "" })} aria-current=${v === view ? "page" : null}
      onClick=${followLink({ view: v.id, of: "", item: "", at: "" })}>${v.name}</a></li>`)}</ul></nav>
  </header>`;
}

// Connection says, in a live region, whether the page sees what happens.
function Connection({ state }) {
  const text = { connecting: "connecting …", live: "live", lost: "connection lost, trying again …", token: "token needed" }[state];
  return html`<span class=${"connection " + state} role="status">${state === "live" ? "● " : "○ "}${text}</span>`;
}

function TokenForm({ given }) {
  const [text, set] = useState("");
  return html`<main class="alone"><form class="token" onSubmit=${(event) => { event.preventDefault(); given(text.trim()); }}>
    <h1>Parley</h1>
    <p>This mock demands its control token. It stands where the mock was started, after <code>Authorization: Bearer</code>, or in what <code>--control-token</code> was given. The page keeps it until this tab is closed.</p>
    <label>Control token <input type="password" autocomplete="off" value=${text} onInput=${(event) => set(event.target.value)} autofocus required /></label>
    <button type="submit" class="main">Open</button>
  </form></main>`;
}

const page = document.getElementById("page");
page.replaceChildren(); // what stood there until now
render(html`<${App} />`, page);
