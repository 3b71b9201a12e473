// Where in a scenario a position is: the path to it, and what stands there.

import { syntaxTree } from "@codemirror/language";

const VALUES = new Set(["Object", "Array", "String", "Number", "True", "False", "Null", "Word"]);
const isComment = ({ name }) => name === "LineComment" || name === "BlockComment";

/**
 * What stands at a position: `role` ("key" or "value"), `path` (to the object, for a key), `node` (the name or value
 * that is there, if one is), `within` (the object or array), and for what may be put there, where a comma is missing:
 * `comma` (before it) and `more` (after it). Undefined where nothing can stand.
 */
export function placeAt(state, pos) {
  const node = syntaxTree(state).resolveInner(pos, -1);
  if (isComment(node)) return undefined;
  if (node.name === "PropertyName") {
    const within = node.parent.parent;
    return { role: "key", path: pathOf(state, within), node, within, ...commas(within, node.parent, node.parent) };
  }
  if (VALUES.has(node.name) && node.name !== "Object" && node.name !== "Array") {
    const within = node.parent;
    return { role: "value", path: pathOf(state, node), node, within, ...(within.name === "Array" && commas(within, node, node)) };
  }
  let within = node;
  while (within && within.name !== "Object" && within.name !== "Array" && within.name !== "Property") within = within.parent;
  if (within?.name === "Property") {
    return within.getChild(":") ? { role: "value", path: pathOf(state, within, true), within } : undefined;
  }
  // After its last bracket one is no longer within it.
  if (!within || (pos >= within.to && /[\]}]/.test(state.sliceDoc(within.to - 1, within.to)))) return undefined;
  const before = last(within, pos);
  if (before?.name === "Property" && before.getChild(":") && !valueOf(before)) {
    return { role: "value", path: pathOf(state, before, true), within: before };
  }
  const role = within.name === "Object" ? "key" : "value";
  const path = pathOf(state, within);
  if (role === "value") path.push(items(within).filter(({ to }) => to <= pos).length);
  return { role, path, within, ...commas(within, before, undefined, pos) };
}

/** The names in an object, each with its property. */
export function propertiesOf(state, object) {
  return object.getChildren("Property").map((property) => [nameOf(state, property), property]);
}

/** The value of a property. */
export const valueOf = (property) => (VALUES.has(property.lastChild?.name) ? property.lastChild : undefined);

/** The values in an array. */
export const items = (array) => children(array).filter(({ name }) => VALUES.has(name));

/** The object or value at a path, from the top of the text. */
export function nodeAt(state, path) {
  let node = syntaxTree(state).topNode.getChild("Object");
  for (const step of path) {
    if (node?.name === "Array") node = items(node)[step];
    else if (node?.name === "Object") {
      const found = propertiesOf(state, node).find(([name]) => name === step);
      node = found && valueOf(found[1]);
    } else return undefined;
  }
  return node;
}

/** A text that stands in the scenario, without its quotes. */
export function textOf(state, node) {
  const written = state.sliceDoc(node.from, node.to);
  try {
    return String(JSON.parse(written));
  } catch {
    return written.replace(/^"|"$/g, "");
  }
}

function nameOf(state, property) {
  const name = property.getChild("PropertyName");
  return name ? textOf(state, name) : "";
}

/** The path to a node; to its value, for a property, if one asks for that. */
function pathOf(state, node, inside = false) {
  const path = [];
  if (inside) path.unshift(nameOf(state, node));
  for (let at = node; at.parent; at = at.parent) {
    if (at.parent.name === "Property" && at.name !== "PropertyName") path.unshift(nameOf(state, at.parent));
    if (at.parent.name === "Array") path.unshift(items(at.parent).findIndex(({ from }) => from === at.from));
  }
  return path;
}

function children(node) {
  const found = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (!isComment(child)) found.push(child);
  return found;
}

const last = (within, pos) => children(within).findLast(({ to, type }) => to <= pos && !type.isError);

/** Where a comma is missing before and after what stands, or is to stand, in an object or array. */
function commas(within, at, self, pos) {
  const all = children(within).filter(({ type }) => !type.isError);
  const isPart = (node) => node !== undefined && (node.name === "Property" || VALUES.has(node.name));
  const index = all.findIndex((one) => at !== undefined && one.from === at.from && one.to === at.to);
  const before = self ? all[index - 1] : at;
  const after = self ? all[index + 1] : all.find(({ from }) => from >= pos);
  return { comma: isPart(before) ? before.to : undefined, more: isPart(after) };
}
