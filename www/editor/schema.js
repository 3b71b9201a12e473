// What the program's schema says of a place in a scenario.

import { nodeAt, propertiesOf } from "./place.js";

const NOTES = new Set(["note", "basis"]);
const DURATION = "(us|ms|s|m|h|d|w)";

export class Schema {
  constructor(json) {
    this.root = json;
  }

  /** What may stand at a path: every alternative by itself. */
  at(state, path) {
    let found = this.alternatives(this.root, keys(state, []));
    path.forEach((step, index) => {
      const here = keys(state, path.slice(0, index + 1));
      found = found.flatMap((one) => {
        const next = typeof step === "number" ? one.items : one.properties?.[step] ?? open(one);
        return next ? this.alternatives(next, here) : [];
      });
    });
    return found;
  }

  /** What is said of the property at a path, not of its value. */
  property(state, path) {
    const name = path.at(-1);
    const owners = this.at(state, path.slice(0, -1)).filter((one) => one.properties?.[name]);
    return owners.map((one) => this.resolved(one.properties[name]))[0];
  }

  /** A schema without references; what is said beside a reference goes before what it refers to. */
  resolved(schema) {
    if (schema?.$ref === undefined) return schema;
    const { $ref, ...beside } = schema;
    return { ...this.resolved(this.root.$defs[$ref.split("/").at(-1)]), ...beside };
  }

  /** The alternatives that a schema offers, for an object that has these keys. */
  alternatives(schema, keys = new Set()) {
    const { anyOf, oneOf, if: condition, then, else: otherwise, ...one } = this.resolved(schema);
    if (condition) {
      const holds = condition.required.every((key) => keys.has(key));
      const chosen = this.alternatives(holds ? then : otherwise, keys);
      if (holds) return chosen;
      // What would make it the other stays on offer.
      const other = this.resolved(then).properties;
      const offered = Object.fromEntries(condition.required.map((key) => [key, other[key]]));
      return chosen.map((each) => ({ ...each, properties: { ...each.properties, ...offered } }));
    }
    const within = anyOf ?? oneOf;
    if (!within) return [one];
    const { default: given } = one;
    return within
      .flatMap((each) => this.alternatives(each, keys))
      .map((each) => ({ ...(given !== undefined && { default: given }), ...each, about: each.description ?? one.description }));
  }

  /** The properties that an object at a place may still get. */
  open(alternatives, keys) {
    const has = [...keys].filter((key) => !NOTES.has(key));
    const found = new Map();
    for (const one of alternatives) {
      const choice = choiceOf(one);
      // One of a choice rules out the others.
      if (choice && has.length > 0 && alternatives.some((other) => has.includes(choiceOf(other)))) {
        if (!keys.has(choice)) continue;
      }
      for (const [name, property] of Object.entries(one.properties ?? {})) {
        if (keys.has(name) || found.has(name)) continue;
        const resolved = this.resolved(property);
        const description = name === choice ? one.description ?? resolved.description : resolved.description;
        found.set(name, { schema: property, description, required: one.required?.includes(name), resolved });
      }
    }
    return found;
  }

  /** A value to begin with, as a snippet: the default, or the least that is needed. */
  start(schema, depth = 0) {
    const resolved = this.resolved(schema);
    const { default: given } = resolved;
    const all = this.alternatives(resolved).filter(({ type }) => type !== "null");
    // A choice is left to choose.
    if (all.length !== 1) return "${}";
    if (typeof given === "string") return `"\${${given}}"`;
    if (typeof given === "number" || typeof given === "boolean") return `\${${given}}`;
    const [one] = all;
    if (one.const !== undefined) return JSON.stringify(one.const);
    const type = [one.type].flat()[0];
    if (type === "object") return depth > 2 ? "{ ${} }" : this.object(one, depth);
    if (type === "array") return "[${}]";
    if (type === "string") return isDuration(one) ? '"${1h}"' : '"${}"';
    if (type === "boolean") return "${true}";
    if (type === "integer" || type === "number") return `\${${Math.max(one.minimum ?? 0, 0)}}`;
    return "${}";
  }

  /** An object with what it needs. */
  object(one, depth = 0) {
    const needed = (one.required ?? []).map((name) => `"${name}": ${this.start(one.properties[name], depth + 1)}`);
    if (needed.length === 0) return "{ ${} }";
    return needed.length < 3 ? `{ ${needed.join(", ")} }` : `{\n\t${needed.join(",\n\t")}\n}`;
  }

  /** What kind of value it is, in a few words. */
  kind(schema) {
    const all = this.alternatives(schema).filter(({ type }) => type !== "null");
    return [...new Set(all.map(kindOf))].join(" or ");
  }
}

/** What a map takes under any name. */
const open = ({ additionalProperties: any }) => (any !== null && typeof any === "object" ? any : undefined);

/** The name of a choice that is written as an object, if it is one. */
export function choiceOf({ properties, required }) {
  const names = Object.keys(properties ?? {}).filter((name) => !NOTES.has(name));
  return required?.length === 1 && names.length === 1 ? names[0] : undefined;
}

export const isDuration = ({ pattern }) => pattern?.includes(DURATION) ?? false;

function kindOf(one) {
  if (one.const !== undefined) return JSON.stringify(one.const);
  const choice = choiceOf(one);
  if (choice) return `{ "${choice}": … }`;
  if (isDuration(one)) return "duration";
  const type = [one.type].flat()[0];
  const named = { integer: "whole number", string: "text", boolean: "true or false" }[type] ?? type ?? "any value";
  const { minimum: least, maximum: most } = one;
  if (least !== undefined && most !== undefined && most < 1e9) return `${named} from ${least} to ${most}`;
  if (least !== undefined) return `${named}, at least ${least}`;
  return named;
}

/** The names in the object at a path. */
function keys(state, path) {
  const node = nodeAt(state, path);
  return new Set(node?.name === "Object" ? propertiesOf(state, node).map(([name]) => name) : []);
}
