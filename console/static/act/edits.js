// Changes of a JSON text that leave all else in it as it is: the order of keys, numbers
// as they are written, and members that no schema knows.
import { read, lines } from "../base/json.js";

export const replaced = (text, node, value) => text.slice(0, node.from) + value + text.slice(node.to);

const start = (child) => child.keyFrom ?? child.from;

// indentAt is what the line of a place begins with.
function indentAt(text, at) {
  const line = text.lastIndexOf("\n", at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, at))[0];
}

// added puts a value at the end of an object or, without a name, of a list.
export function added(text, node, name, value) {
  const last = node.children[node.children.length - 1];
  const spread = last ? text.slice(node.from, start(last)).includes("\n") : node.pointer === "" || text.includes("\n");
  const outer = indentAt(text, node.keyFrom ?? node.from);
  const inner = last && spread ? indentAt(text, start(last)) : outer + "  ";
  const written = spread ? JSON.stringify(value, null, 2).replace(/\n/g, "\n" + inner) : JSON.stringify(value);
  const member = (name === undefined ? "" : JSON.stringify(name) + ": ") + written;
  if (last) return text.slice(0, last.to) + (spread ? ",\n" + inner : ", ") + member + text.slice(last.to);
  const [open, close] = node.kind === "object" ? "{}" : "[]";
  return replaced(text, node, spread ? `${open}\n${inner}${member}\n${outer}${close}` : open + member + close);
}

// removed takes one of an object's or a list's children out.
export function removed(text, node, child) {
  const i = node.children.indexOf(child);
  if (node.children.length === 1) return replaced(text, node, node.kind === "object" ? "{}" : "[]");
  if (i === 0) return text.slice(0, start(child)) + text.slice(start(node.children[1]));
  return text.slice(0, node.children[i - 1].to) + text.slice(child.to);
}

// valueText writes a value that takes the place of a node.
export const valueText = (text, node, value) => JSON.stringify(value, null, 2).replace(/\n/g, "\n" + indentAt(text, node.keyFrom ?? node.from));

export const formatted = (text) => lines(read(text))
  .map((line) => "  ".repeat(line.depth) + (line.key === undefined ? "" : line.key + ": ") + line.text + (line.comma ? "," : "")).join("\n");

// readOrNot is the tree of a text, or {problem} with the place where it stops to be JSON.
export function readOrNot(text) {
  try { return { tree: read(text) }; } catch (problem) { return { problem }; }
}

// leaves calls a function with every value of a tree that holds no other, and its parent.
export function leaves(node, tell, parent) {
  if (!node.children) tell(node, parent);
  else for (const child of node.children) leaves(child, tell, node);
}

export function nodeAt(tree, pointer) {
  if (!tree || tree.pointer === pointer) return tree;
  for (const child of tree.children || []) {
    if (pointer === child.pointer || pointer.startsWith(child.pointer + "/")) return nodeAt(child, pointer);
  }
  return undefined;
}

// offsetOf is the place of a line and a column, which counts characters as the validator
// does: an emoji is one.
export function offsetOf(text, line, column) {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  for (let n = 1; n < column && at < text.length; n++) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

// placeOf is what of a text a finding is about, from and to.
export function placeOf(text, finding) {
  const { tree } = readOrNot(text);
  const node = tree && finding.pointer !== undefined && nodeAt(tree, finding.pointer);
  if (node && node.pointer !== "") return [start(node), node.to];
  if (!finding.line) return [0, 0];
  const from = offsetOf(text, finding.line, finding.column || 1);
  const token = /^(?:"(?:[^"\\\n]|\\.)*"?|[^\s,\]}]+|.)/.exec(text.slice(from, from + 4000));
  return [from, from + (token ? token[0].length : 0)];
}
