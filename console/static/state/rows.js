// Lists of a state as tables: which members are columns, which row is meant, and what
// of a row is looked for.

const most = 7;          // columns
const scalar = (value) => value === null || typeof value !== "object";
const names = /^_?id$/i; // members that name a row by themselves

// listsOf are the lists of one vendor's state, by their names; restOf is what else it has.
export const listsOf = (state) => Object.entries(state).filter(([, value]) => Array.isArray(value));
export const restOf = (state) => Object.fromEntries(Object.entries(state).filter(([, value]) => !Array.isArray(value)));

// keyOf are the members that tell the rows of a list apart: an ID, or an ID and another,
// as of a chat that has its ID within a channel; none where there are no such members.
export function keyOf(rows) {
  const some = rows.find((row) => row && typeof row === "object");
  if (!some) return [];
  const fits = (key) => {
    const seen = new Set(rows.filter((row) => has(row, key)).map((row) => idOf(row, 0, key)));
    return seen.size === rows.length;
  };
  const all = Object.keys(some).filter((name) => typeof some[name] === "string");
  const ids = [...all.filter((n) => names.test(n)), ...all.filter((n) => !names.test(n) && /(id|key|number|code|name)$/i.test(n))];
  const keys = [...ids.map((n) => [n]), ...ids.flatMap((n) => all.filter((other) => other !== n).map((other) => [other, n]))];
  return keys.find(fits) || [];
}

export const has = (row, key) => row !== null && typeof row === "object" && key.every((name) => row[name] !== undefined && row[name] !== "");

export const idOf = (row, at, key) => (key.length ? key.map((name) => String(row[name])).join("/") : String(at));

// chosenRow is the place of the row that a URL means, by its ID or its number; -1 for none.
export function chosenRow(rows, key, given) {
  if (given === "") return -1;
  const at = key.length ? rows.findIndex((row) => idOf(row, 0, key) === given) : -1;
  return at >= 0 ? at : /^\d+$/.test(given) && Number(given) < rows.length ? Number(given) : -1;
}

export function valueAt(row, path) {
  return path.reduce((value, name) => (value && typeof value === "object" ? value[name] : undefined), row);
}

// columnsOf are paths to what most of the rows have, IDs first, then other scalars, then
// scalars one floor down, then the rest.
export function columnsOf(rows) {
  const found = new Map(); // path as JSON -> {path, count, order}
  const see = (path, value) => {
    const name = JSON.stringify(path);
    const c = found.get(name) || { path, count: 0, scalars: 0 };
    c.count++;
    if (scalar(value)) c.scalars++;
    found.set(name, c);
  };
  for (const row of rows.slice(0, 500)) {
    if (scalar(row) || Array.isArray(row)) { see([], row); continue; }
    for (const [name, value] of Object.entries(row)) {
      see([name], value);
      if (!scalar(value) && !Array.isArray(value)) Object.entries(value).forEach(([inner, v]) => scalar(v) && see([name, inner], v));
    }
  }
  const counted = Math.min(rows.length, 500);
  const rank = (c) => {
    if (c.path.length === 2) return 3;
    if (c.scalars < c.count) return 4;
    return c.path.length && names.test(c.path[0]) ? 0 : c.path.length && /id$/i.test(c.path[0]) ? 1 : 2;
  };
  return [...found.values()].filter((c) => c.count * 2 > counted).sort((a, b) => rank(a) - rank(b)).slice(0, most).map((c) => c.path);
}

const texts = new WeakMap();

// matches reports whether a row has every word somewhere in its text.
export function matches(row, words) {
  if (!words.length) return true;
  let text = row && typeof row === "object" ? texts.get(row) : String(row).toLowerCase();
  if (text === undefined) {
    text = JSON.stringify(row).toLowerCase();
    texts.set(row, text);
  }
  return words.every((word) => text.includes(word));
}

export const wordsOf = (q) => q.toLowerCase().split(/\s+/).filter(Boolean);

// The place of a row in the page's address: /messages/ID, escaped as in a JSON pointer.
const escaped = (name) => name.replace(/~/g, "~0").replace(/\//g, "~1");
const unescaped = (name) => name.replace(/~1/g, "/").replace(/~0/g, "~");

export const itemOf = (list, id) => "/" + escaped(list) + (id === undefined ? "" : "/" + escaped(id));

export function partsOf(item) {
  const [, list = "", id = ""] = item.split("/");
  return { list: unescaped(list), id: unescaped(id) };
}
