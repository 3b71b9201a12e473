// `npm test`: sets up what is missing and runs every test; `npm test -- --help` says what else it can.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { run as runTests } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";

import { buildPage, dist } from "./build.mjs";
import { root, run, windows } from "./process.mjs";
import { programPath } from "./program.mjs";
import { python } from "./python.mjs";
import { forBuilding, forTesting } from "./setup.mjs";
import { reportSize } from "./size.mjs";
import { testSupply } from "./supply.mjs";

const WASM = ["--target", "wasm32-unknown-unknown"];
const DENY = ["--", "-D", "warnings"];

/** In this order; each goes on whether or not those before it failed, unless it needs them. */
const STEPS = {
  format: { run: () => run("cargo", ["fmt", "--check"]) },
  lint: { run: lint },
  "lint-wasm": {
    run: () =>
      run("cargo", ["clippy", "--locked", ...WASM, "--lib", "--bins", ...DENY], {
        env: { CLIPPY_CONF_DIR: join(root, "tools", "clippy-wasm") },
      }),
  },
  docs: {
    run: () => run("cargo", ["doc", "--locked", "--no-deps", "--lib"], { env: { RUSTDOCFLAGS: "-D warnings" } }),
  },
  supply: { run: testSupply },
  native: { run: () => run("cargo", ["test", "--locked", "--no-fail-fast"]) },
  wasm: {
    run: () =>
      run("cargo", ["test", "--locked", ...WASM, "--test", "everywhere"], { env: { WASM_TESTS_EXPECTED: "1" } }),
  },
  cli: { run: () => run("cargo", ["build", "--locked", "--release", "--bin", "stayfresh"]) },
  beyond: { needs: ["cli"], run: testBeyond },
  build: { run: buildPage },
  size: { needs: ["build"], run: () => reportSize(dist) },
  page: { needs: ["cli", "build"], run: testPage },
};

/** Files whose tests measure time: nothing else runs meanwhile. */
const TIMED = ["live.test.mjs", "runs.test.mjs"];

/** Of the page tests: said last of all. */
let counts;

try {
  const { chosen, update } = options();
  if (update) process.env.STAYFRESH_UPDATE = "1";
  const since = performance.now();
  await forBuilding();
  await forTesting(chosen);
  const results = [["set-up", "ok", performance.now() - since]];
  for (const name of chosen) results.push([name, ...(await once(name, results))]);
  report(results);
  process.exitCode = results.every(([, state]) => state === "ok") ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { update: { type: "boolean", default: false }, help: { type: "boolean", short: "h", default: false } },
  });
  const all = Object.keys(STEPS);
  if (values.help) {
    console.log(`npm test                  every step: ${all.join(", ")}
npm test -- native page   some of them, with what they need
npm test -- --update      also rewrites what is made by running: the README's screenshot and example`);
    process.exit(0);
  }
  const wrong = positionals.find((name) => !all.includes(name));
  if (wrong !== undefined) throw new Error(`${wrong}: expected some of ${all.join(", ")}`);
  const wanted = new Set(positionals.flatMap((name) => [...(STEPS[name].needs ?? []), name]));
  return { chosen: all.filter((name) => wanted.size === 0 || wanted.has(name)), ...values };
}

async function once(name, results) {
  const { needs = [], run } = STEPS[name];
  const since = performance.now();
  console.log(`\n== ${name}`);
  if (results.some(([other, state]) => needs.includes(other) && state !== "ok")) {
    console.error(`skipped: it needs ${needs.join(" and ")}`);
    return ["SKIPPED", 0];
  }
  try {
    await run();
    return ["ok", performance.now() - since];
  } catch (error) {
    console.error(error.message);
    return ["FAILED", performance.now() - since];
  }
}

function report(results) {
  console.log("\n== summary");
  for (const [name, state, time] of results) {
    console.log(`${name.padEnd(10)} ${state.padEnd(8)} ${(time / 1000).toFixed(1).padStart(7)} s`);
  }
  if (counts !== undefined) console.log(`\npage tests:\n${counts.passed} passed, ${counts.failed} failed`);
}

/** The program, its tests and benchmarks; and the fuzzers, which are a package of their own. */
async function lint() {
  await run("cargo", ["clippy", "--locked", "--all-targets", ...DENY]);
  // The fuzzer itself does not come to Windows.
  if (!windows) await run("cargo", ["clippy", "--locked", "--manifest-path", join("fuzz", "Cargo.toml"), "--bins", ...DENY]);
}

/** Sweeps over several machines: workers of a cluster, pods of a job. */
async function testBeyond() {
  const { program } = await python();
  const env = { STAYFRESH: await programPath(), PYTHONDONTWRITEBYTECODE: "1" };
  await run(program, ["-m", "unittest", "discover", "--verbose", "--start-directory", join(root, "tests", "beyond")], { env });
}

async function testPage() {
  const folder = join(root, "tests", "page");
  const all = (await readdir(folder)).filter((name) => name.endsWith(".test.mjs")).sort();
  const isTimed = (name) => TIMED.includes(name);
  counts = { passed: 0, failed: 0 };
  await testFiles(all.filter((name) => !isTimed(name)), 2);
  await testFiles(all.filter(isTimed), 1);
  if (counts.failed > 0 || counts.passed === 0) throw new Error("page tests failed");

  async function testFiles(names, concurrency) {
    const tests = runTests({ files: names.map((name) => join(folder, name)), concurrency });
    const count = (state) => (test) => {
      if (test.details.type !== "suite" && !test.skip) counts[state] += 1;
    };
    tests.on("test:pass", count("passed")).on("test:fail", count("failed"));
    await pipeline(tests.compose(new spec()), process.stdout, { end: false });
  }
}
