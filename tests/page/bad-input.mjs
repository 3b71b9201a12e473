// Texts that are no scenario, made from one that is. Each names what the message must speak of.

/** A way to break a scenario: `change` gets it parsed and may edit it, or returns a text instead. */
const WAYS = [
  { name: "nothing at all", says: /empty|expected/i, change: () => "" },
  { name: "a text cut short", says: /line \d+|:\d+:\d+/i, change: (_, text) => text.slice(0, text.length / 2) },
  { name: "a wrong key", says: /replicats.*replicates/s, change: (s) => { s.run = { ...s.run, replicats: 8 }; } },
  { name: "a wrong type", says: /seed/, change: (s) => { s.seed = "forty-two"; } },
  { name: "a negative rate", says: /-3/, change: (s) => { setRate(s.world, -3); } },
  { name: "an impossible duration", says: /fortnight/, change: (s) => { s.run = { ...s.run, length: "1 fortnight" }; } },
  { name: "a negative duration", says: /-1d/, change: (s) => { s.run = { ...s.run, length: "-1d" }; } },
  { name: "a design name twice", says: /twice|already|same name|duplicate/i, change: (s) => { s.designs.push(s.designs[0]); } },
  { name: "a source that cannot be pushed", says: /inventory.*push|push.*inventory/is, change: (s) => {
    s.designs[0].feeds = [{ name: "f", source: "inventory", delivery: { push: {} } }];
  } },
  { name: "not a number", says: /NaN/, change: (_, text) => text.replace(/"seed":\s*\d+/, '"seed": NaN') },
  { name: "a hundred levels of nesting", says: /./, change: (s) => {
    s.world = JSON.parse("[".repeat(100) + "]".repeat(100));
  } },
];

/** The texts, each with a name and a pattern that the message must match. */
export function badInputs(text) {
  return WAYS.map(({ name, says, change }) => {
    const scenario = JSON.parse(text);
    return { name, says, text: change(scenario, text) ?? JSON.stringify(scenario, null, 2) };
  });
}

/** Sets the first rate of a world, whatever it is called. */
function setRate(node, rate) {
  for (const [key, value] of Object.entries(node)) {
    if (key.endsWith("per_day") && typeof value === "number") {
      node[key] = rate;
      return true;
    }
    if (value !== null && typeof value === "object" && setRate(value, rate)) return true;
  }
  return false;
}
