// Completion and help, both from the program's schema.

import { snippet, startCompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";

import { items, nodeAt, placeAt, propertiesOf, textOf } from "./place.js";
import { choiceOf, isDuration } from "./schema.js";

/** Completes names and values. */
export const completer = (knows) => (context) => {
  const { state, pos, explicit } = context;
  const place = placeAt(state, pos);
  if (!place) return null;
  const { node } = place;
  // Behind a closing quote nothing is to be completed, and who only moves on is left alone.
  const isClosed = node && pos === node.to && /^".*"$/.test(state.sliceDoc(node.from, node.to));
  if (isClosed || (!node && !explicit && !/[:[{]\s?$/.test(state.sliceDoc(Math.max(0, pos - 2), pos)))) return null;
  const options = place.role === "key" ? names(state, place, knows()) : values(state, place, knows());
  if (options.length === 0) return null;
  return { from: node?.from ?? pos, options, validFor: /^"?[\w ,./-]*$/ };
};

function names(state, { path, node, within, comma, more }, { schema }) {
  const all = propertiesOf(state, within);
  const own = node?.parent;
  const keys = new Set(all.filter(([, property]) => property.from !== own?.from).map(([name]) => name));
  const hasValue = own?.getChild(":") != null;
  return [...schema.open(schema.at(state, path), keys)].map(([name, { schema: property, description, required, resolved }]) => {
    const start = schema.start(property);
    const put = hasValue ? `"${name}"` : `"${name}": ${start}${more ? "," : ""}`;
    return {
      label: `"${name}"`,
      displayLabel: name,
      detail: required ? "needed" : brief(resolved.default),
      info: () => about(name, schema.kind(property), description, resolved.default),
      type: "property",
      boost: required ? 2 : name === "note" || name === "basis" || name === "$schema" ? -2 : 0,
      apply: (view, completion, from, to) => {
        const shift = separate(view, comma, from);
        snippet(numbered(put))(view, completion, from + shift, end(view, to + shift));
        if (!hasValue && start.includes("${}")) startCompletion(view);
      },
    };
  });
}

function values(state, place, { schema, metrics }) {
  const { path, comma, more } = place;
  const found = new Map();
  const add = (label, put, info, { boost = 0, type = "enum" } = {}) => {
    if (found.has(label)) return;
    found.set(label, {
      label,
      info: info ? () => about(label, "", info) : undefined,
      type,
      boost,
      apply: (view, completion, from, to) => {
        const shift = separate(view, comma, from);
        snippet(numbered(put + (more ? "," : "")))(view, completion, from + shift, end(view, to + shift));
        if (put.includes("${}")) startCompletion(view);
      },
    });
  };
  for (const [text, info] of namesMeant(state, path, metrics)) add(JSON.stringify(text), JSON.stringify(text), info, { boost: 3, type: "variable" });
  for (const one of schema.at(state, path)) {
    const info = one.about ?? one.description;
    const choice = choiceOf(one);
    const type = [one.type].flat();
    if (one.const !== undefined) add(JSON.stringify(one.const), JSON.stringify(one.const), info, { boost: 2 });
    else if (choice) add(`{ "${choice}": … }`, schema.object(one), info, { boost: 1, type: "class" });
    else if (type.includes("boolean")) for (const word of ["true", "false"]) add(word, word, info);
    else if (type.includes("object")) add("{ … }", schema.object(one), info, { type: "class" });
    else if (type.includes("array")) add("[ … ]", "[${}]", info, { type: "class" });
    else if (isDuration(one)) for (const text of ["30s", "5m", "1h", "6h", "1d"]) add(`"${text}"`, `"\${${text}}"`, info, { boost: -1 });
    const given = one.default;
    if (given !== undefined && (given === null || typeof given !== "object")) {
      add(JSON.stringify(given), JSON.stringify(given), `${info ?? ""} This is the default.`.trim(), { boost: 2 });
    }
  }
  return [...found.values()];
}

/** What a text refers to: designs, feeds and audiences of this scenario, metrics of the program. */
function namesMeant(state, path, metrics) {
  const key = typeof path.at(-1) === "number" ? path.at(-2) : path.at(-1);
  const named = (at) => {
    const list = nodeAt(state, at);
    const of = (item) => (item.name === "Object" ? propertiesOf(state, item).find(([name]) => name === "name") : undefined);
    const found = list?.name === "Array" ? items(list).map(of) : [];
    return found.map((one) => (one?.[1].lastChild ? textOf(state, one[1].lastChild) : ""));
  };
  const designs = named(["designs"]);
  const listed = (names) => [...new Set(names)].filter(Boolean).map((name) => [name]);
  switch (key) {
    case "like": {
      const own = path[0] === "designs" ? designs[path[1]] : undefined;
      return listed(designs.filter((name) => name !== own));
    }
    case "design":
    case "versus":
      return listed(designs);
    case "feed": {
      const beside = nodeAt(state, [...path.slice(0, -1), "design"]);
      const chosen = beside ? [designs.indexOf(textOf(state, beside))] : designs.keys();
      return listed([...chosen].flatMap((index) => named(["designs", index, "feeds"])));
    }
    case "audience":
      return listed(named(["audiences"]));
    case "metric":
    case "metrics":
      return metrics;
    default:
      return [];
  }
}

/** Puts a missing comma; how far that moves what comes after. */
function separate(view, comma, from) {
  if (comma === undefined || comma > from) return 0;
  view.dispatch({ changes: { from: comma, insert: "," }, userEvent: "input.complete" });
  return 1;
}

/** A snippet whose fields are each their own: those of one name would change together. */
function numbered(put) {
  let number = 0;
  return put.replace(/\$\{([^{}]*)\}/g, (_, text) => `\${${(number += 1)}:${text}}`);
}

/** Where the name or value ends that is being replaced. */
const end = (view, to) => Math.max(to, placeAt(view.state, to)?.node?.to ?? to);

/** Says what a name or value means, when it is pointed at. */
export const pointer = (knows) =>
  hoverTooltip((view, pos, side) => {
    const place = placeAt(view.state, side < 0 ? pos : pos + 1);
    const { node, role } = place ?? {};
    if (!node || pos < node.from || pos > node.to) return null;
    const { schema } = knows();
    const path = role === "key" ? [...place.path, textOf(view.state, node)] : place.path;
    const property = schema.property(view.state, path) ?? schema.at(view.state, path)[0];
    if (!property) return null;
    const name = path.findLast((step) => typeof step === "string") ?? "";
    const written = role === "value" ? textOf(view.state, node) : undefined;
    const chosen = schema.at(view.state, path).find((one) => one.const !== undefined && one.const === written);
    const description = [property.description, chosen && `${JSON.stringify(written)}: ${chosen.description ?? ""}`].filter(Boolean).join("\n");
    return { pos: node.from, end: node.to, above: true, create: () => ({ dom: about(name, schema.kind(property), description, property.default) }) };
  });

const brief = (value) => {
  const text = value === undefined ? "" : JSON.stringify(value);
  return text.length > 24 ? "" : text;
};

/** A note on a name: of what kind, what it is, what it is without. */
function about(name, kind, description, given) {
  const dom = document.createElement("div");
  dom.className = "cm-about";
  const put = (tag, text) => {
    if (text) dom.appendChild(document.createElement(tag)).textContent = text;
  };
  put("code", name);
  put("small", kind);
  // Line ends in a description are those of the program's source.
  put("p", description?.replace(/([^\n.:])\n/g, "$1 "));
  if (given !== undefined) put("small", `Default: ${JSON.stringify(given)}`);
  return dom;
}
