// `npm run profile`: the three places where a run of each preset spends most of its time, as rows of a table. It takes
// Linux's `perf`; one replicate, one thread, the program as it is released.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { output, run } from "./process.mjs";
import { programPath } from "./program.mjs";

const HOTTEST = 3;

if ((await output("perf", ["--version"])) === undefined) throw new Error("`perf` is not there: it comes with Linux's own tools");
await run("cargo", ["build", "--release", "--locked"]);
const program = await programPath();
const presets = JSON.parse(await output(program, ["presets", "--json"])).map(({ name }) => name);
const folder = await mkdtemp(join(tmpdir(), "stayfresh-"));
try {
  console.log("| preset | ms | hottest | | |\n|---|---:|---|---|---|");
  for (const preset of presets) console.log(await row(preset));
} finally {
  await rm(folder, { recursive: true });
}

async function row(preset) {
  const data = join(folder, "perf.data");
  const began = performance.now();
  const recorded = ["record", "--quiet", "--freq", "4000", "--output", data];
  await output("perf", [...recorded, program, "run", preset, "--replicates", "1", "--threads", "1"]);
  const ms = performance.now() - began;
  const report = await output("perf", ["report", "--input", data, "--stdio", "--no-children", "--fields", "overhead,symbol"]);
  const lines = [...report.matchAll(/^\s*([\d.]+)%\s+\[(.)\]\s+(.*)$/gm)];
  // What the system itself does is not a place in the program.
  const places = lines.filter(([, , of]) => of === ".").slice(0, HOTTEST);
  const cells = places.map(([, share, , symbol]) => `\`${short(symbol)}\` ${Math.round(share)} %`);
  return `| ${preset} | ${ms.toFixed(0)} | ${cells.join(" | ")} |`;
}

/** A function by its type and name: without its crate, its modules, its traits and what the compiler adds. */
function short(symbol) {
  const path = symbol.trim().replace(/::h[0-9a-f]{16}$/, "").replace(/^<(.*?)( as .*?)?>::/, "$1::");
  return path.split("::").slice(-2).join("::");
}
