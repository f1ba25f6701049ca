// Where the reader is: all of the view is in the URL, so that it can be bookmarked,
// sent to a colleague, and gone back from.
import { Store } from "./ui.js";

const names = ["view", "q", "ex", "tab", "order", "group", "of", "item", "find", "at"];

function read() {
  const given = new URLSearchParams(location.search);
  const place = {};
  for (const name of names) place[name] = given.get(name) || "";
  return place;
}

export const place = new Store(read());

// go changes a part of the place. A step that the reader would go back from is kept in
// the history, typing is not.
export function go(part, { replace } = {}) {
  const next = { ...place.value, ...part };
  const query = new URLSearchParams();
  for (const name of names) if (next[name]) query.set(name, next[name]);
  const text = query.toString();
  const url = location.pathname + (text ? "?" + text : "");
  if (url !== location.pathname + location.search) history[replace ? "replaceState" : "pushState"](null, "", url);
  place.set(next);
}

// linkTo is the URL of the place with a part of it changed.
export function linkTo(part) {
  const query = new URLSearchParams();
  const next = { ...place.value, ...part };
  for (const name of names) if (next[name]) query.set(name, next[name]);
  return "?" + query.toString();
}

addEventListener("popstate", () => place.set(read()));

// follow makes a link go within the page, and leaves it a link for a new tab.
export function follow(part) {
  return (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(part);
  };
}
