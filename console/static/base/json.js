// JSON as it was sent, laid out in lines, with what was found at its place. The text of
// numbers and strings stays as it came.

// read parses JSON into nodes {kind, pointer, from, to, text, children}, members with
// their key as it is written, its name and keyFrom, where it begins; it throws
// {at, message} where the text is none.
export function read(text) {
  let at = 0;
  const fail = (message) => { throw { at, message }; };
  const space = () => { while (at < text.length && " \t\n\r".includes(text[at])) at++; };
  const escaped = (key) => "/" + key.replace(/~/g, "~0").replace(/\//g, "~1");

  function string() {
    const from = at++;
    while (at < text.length && text[at] !== '"') {
      if (text[at] === "\\") at++;
      else if (text[at] < " ") fail("a control character in a string");
      at++;
    }
    if (at >= text.length) fail("the string does not end");
    return text.slice(from, ++at);
  }

  function value(pointer, depth) {
    if (depth > 200) fail("nested deeper than 200");
    space();
    const from = at;
    const node = { pointer, from };
    if (text[at] === "{") {
      Object.assign(node, { kind: "object", children: [] });
      members(node, "}", () => {
        space();
        if (text[at] !== '"') fail("a key was expected");
        const keyFrom = at, raw = string();
        let key;
        try { key = JSON.parse(raw); } catch { fail("a key is no JSON string"); }
        space();
        if (text[at++] !== ":") { at--; fail('":" was expected'); }
        const child = value(pointer + escaped(key), depth + 1);
        child.key = raw;
        child.keyFrom = keyFrom;
        child.name = key;
        return child;
      });
    } else if (text[at] === "[") {
      Object.assign(node, { kind: "array", children: [] });
      members(node, "]", () => value(pointer + "/" + node.children.length, depth + 1));
    } else if (text[at] === '"') {
      Object.assign(node, { kind: "string", text: string() });
    } else {
      const match = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(text.slice(at, at + 400));
      if (!match) fail(at < text.length ? "a value was expected" : "the text ends too early");
      at += match[0].length;
      Object.assign(node, { kind: /^[-\d]/.test(match[0]) ? "number" : "word", text: match[0] });
    }
    node.to = at;
    return node;
  }

  function members(node, close, member) {
    at++;
    space();
    if (text[at] === close) { at++; return; }
    for (;;) {
      node.children.push(member());
      space();
      if (text[at] === close) { at++; return; }
      if (text[at] !== ",") fail(at < text.length ? `"," or "${close}" was expected` : "the text ends too early");
      at++;
    }
  }

  const node = value("", 0);
  space();
  if (at < text.length) fail("something stands after the value");
  return node;
}

// lines lays a node out, one {depth, key, text, kind, pointers, comma} per line.
export function lines(node) {
  const list = [];
  (function add(n, depth, comma) {
    const line = { depth, key: n.key, kind: n.kind, pointer: n.pointer, comma };
    if (!n.children) { list.push({ ...line, text: n.text }); return; }
    const [open, close] = n.kind === "object" ? "{}" : "[]";
    if (!n.children.length) { list.push({ ...line, text: open + close }); return; }
    list.push({ ...line, text: open, comma: false });
    n.children.forEach((child, i) => add(child, depth + 1, i < n.children.length - 1));
    list.push({ depth, kind: n.kind, text: close, comma, closes: n.pointer });
  })(node, 0, false);
  return list;
}

// placed puts findings to the lines that they are about: at the value, or, when it is
// missing, at the end of the nearest thing that should have it.
export function placed(list, findings) {
  const byPointer = new Map(), ends = new Map();
  list.forEach((line, i) => {
    if (line.pointer !== undefined && !byPointer.has(line.pointer)) byPointer.set(line.pointer, i);
    if (line.closes !== undefined) ends.set(line.closes, i);
  });
  const at = new Map();
  for (const finding of findings) {
    let pointer = finding.pointer || "";
    let index = byPointer.get(pointer);
    if (index === undefined) {
      while (index === undefined && pointer) {
        pointer = pointer.slice(0, pointer.lastIndexOf("/"));
        index = ends.get(pointer) ?? byPointer.get(pointer);
      }
      if (index !== undefined && ends.get(pointer) === index) index--; // before the bracket that ends it
    }
    if (index === undefined) index = 0;
    at.set(index, [...(at.get(index) || []), finding]);
  }
  return at;
}

// hex is a body that is no text, sixteen bytes a line.
export function hex(data, limit = 4096) {
  const rows = [];
  for (let i = 0; i < Math.min(data.length, limit); i += 16) {
    const part = [...data.slice(i, i + 16)];
    rows.push(i.toString(16).padStart(8, "0") + "  " + part.map((b) => b.toString(16).padStart(2, "0")).join(" ").padEnd(48) +
      " " + part.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : "·")).join(""));
  }
  if (data.length > limit) rows.push(`… ${data.length - limit} more bytes`);
  return rows.join("\n");
}
