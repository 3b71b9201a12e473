// What is being done, how long it took, and whether all of it worked.

const steps = [];

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** Says what is already there. */
export function have(name) {
  console.log(`have  ${name}`);
}

/**
 * Does one step: says so, times it, notes a failure and goes on. Steps named in `needs` that failed or were
 * skipped make this one skipped. Returns what `work` returns, or undefined.
 */
export async function step(name, work, { needs = [] } = {}) {
  const missing = needs.filter((need) => steps.find((done) => done.name === need && done.state !== "ok"));
  if (missing.length > 0) {
    steps.push({ name, state: "skipped", note: `needs ${missing.join(", ")}` });
    return undefined;
  }
  console.log(`\n== ${name}`);
  const since = performance.now();
  try {
    const result = await work();
    steps.push({ name, state: "ok", note: seconds(since) });
    return result;
  } catch (error) {
    console.error(`\n${name}: ${error.message}`);
    steps.push({ name, state: "FAILED", note: seconds(since) });
    return undefined;
  }
}

/** Prints all steps; true if every one worked. */
export function summary() {
  const width = Math.max(...steps.map(({ name }) => name.length));
  console.log("\n== summary");
  for (const { name, state, note } of steps) {
    console.log(`${name.padEnd(width)}  ${state.padEnd(7)}  ${note}`);
  }
  return steps.every(({ state }) => state === "ok");
}
