// `npm run fuzz [-- [--seconds N] [TARGET...]]`: looks for bytes that break something, from those that were kept on.
// Afterwards keeps the fewest that reach as much of the program: a line each, in base 64, in a file that is compressed.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";

import { output, root, run } from "./process.mjs";

const VERSION = "0.13.2";
const TARGETS = ["scenario", "csv", "link", "small_run"];
/** The longest input of each, in bytes: longer ones take time and teach nothing new. */
const LONGEST = { scenario: 12_000, csv: 6_000, link: 6_000, small_run: 500 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "3600" }, help: { type: "boolean", short: "h", default: false } },
});
const wrong = positionals.find((name) => !TARGETS.includes(name));
if (values.help || wrong !== undefined || !/^[1-9][0-9]*$/.test(values.seconds)) {
  console.log(`npm run fuzz                            each of ${TARGETS.join(", ")}, an hour each
npm run fuzz -- --seconds 60 csv link   some of them, a minute each`);
  process.exit(values.help ? 0 : 2);
}

if ((await output("cargo", ["fuzz", "--version"])) === undefined) {
  await run("cargo", ["install", "cargo-fuzz", "--version", VERSION, "--locked"]);
}
const dictionary = join(root, "fuzz", "target", "scenario.dict");
await mkdir(join(root, "fuzz", "target"), { recursive: true });
await writeFile(dictionary, await words());
for (const target of positionals.length > 0 ? positionals : TARGETS) await fuzz(target);

/** Fuzzes a target, and keeps what it found. */
async function fuzz(target) {
  const kept = join(root, "fuzz", "corpus", `${target}.gz`);
  const [corpus, found, fewest] = ["kept", "found", "fewest"].map((of) => join(root, "fuzz", "target", of, target));
  for (const folder of [corpus, fewest]) await rm(folder, { recursive: true, force: true });
  for (const folder of [corpus, found, fewest]) await mkdir(folder, { recursive: true });
  await unpack(kept, corpus);
  const limits = [`-max_len=${LONGEST[target]}`, "-timeout=20", "-rss_limit_mb=1500"];
  const words = target === "scenario" ? [`-dict=${dictionary}`] : [];
  // Without a sanitizer: there is no unsafe code of ours, and so it runs with the Rust that builds the rest.
  const go = (folders, flags) =>
    run("cargo", ["fuzz", "run", "--sanitizer", "none", target, ...folders, "--", ...limits, ...flags]);
  // What is found goes into the first folder.
  await go([found, corpus], [...words, `-max_total_time=${values.seconds}`, "-print_final_stats=1"]);
  // By the places in the program that are reached, not how often: thousands of files would not be looked at.
  await go([fewest, corpus, found], ["-merge=1", "-use_counters=0"]);
  console.log(`${target}: ${await pack(fewest, kept)} inputs kept`);
}

/** A file of inputs as a folder of them, named as the fuzzer does. */
async function unpack(file, folder) {
  const lines = gunzipSync(await readFile(file)).toString().split("\n").filter((line) => line !== "");
  for (const line of lines) {
    const input = Buffer.from(line.slice(1), "base64");
    await writeFile(join(folder, createHash("sha1").update(input).digest("hex")), input);
  }
}

/** A folder of inputs as a file; how many there are. A line begins with a sign of its own: an input may be empty. */
async function pack(folder, file) {
  const names = (await readdir(folder)).sort();
  const inputs = await Promise.all(names.map((name) => readFile(join(folder, name))));
  const lines = inputs.map((input) => `.${input.toString("base64")}\n`);
  await writeFile(file, gzipSync(lines.join(""), { level: 9 }));
  return names.length;
}

/** The words of a scenario, from its schema. */
async function words() {
  const schema = JSON.parse(await readFile(join(root, "scenarios", "scenario.schema.json"), "utf8"));
  const found = new Set();
  const gather = (value) => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value.properties ?? {})) found.add(key);
    for (const word of [value.const, ...(value.enum ?? [])]) if (typeof word === "string") found.add(word);
    Object.values(value).forEach(gather);
  };
  gather(schema);
  return [...found].map((word) => `"\\"${word}\\""\n`).join("");
}
