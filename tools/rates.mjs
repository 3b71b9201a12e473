// `npm run rates`: how fast the page's engine is beside the command line on one thread, and two threads or workers
// beside one. Ratios, of runs one after the other; quote them with the machine they come from.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { launchBrowser } from "./browser.mjs";
import { buildPage, dist } from "./build.mjs";
import { output, run } from "./process.mjs";
import { programPath } from "./program.mjs";
import { serve } from "./serve.mjs";
import { forBuilding, forTesting } from "./setup.mjs";

const TIMES = 3;

/** The reference work, so often that what it takes to begin does not count. */
const work = (replicates, feed) => JSON.stringify({
  version: 1,
  seed: 1,
  run: { warmup: "6h", length: "30d", replicates },
  world: {
    two_state: {
      stays: 10_000, sells_out_per_day: 2, reopens_per_day: 2, searches_per_stay_per_day: 20, popularity: { zipf: 1 },
    },
  },
  designs: [{ name: "one", feeds: [{ name: "one", ...feed }] }],
});
const COUNTED = work(48, { source: "inventory", delivery: { pull: { every: "6h" } } });
const WALKED = work(12, { source: "searches", delivery: "push" });
/** A board of so many hotels with designs of all sources. */
const board = (run, hotels) => JSON.stringify({
  version: 1,
  seed: 1,
  run: { warmup: "2d", length: "14d", ...run },
  world: {
    hotels: {
      max_nights: 7, popularity: { zipf: 0.9 }, demand: { requests_per_hotel_per_day: 5, profile: "city" },
      searches_per_request: 500, supplier_changes_per_hotel_per_day: 3, ...hotels,
    },
  },
  designs: [
    { name: "poll hourly", feeds: [{ name: "poll", source: "inventory", delivery: { pull: { every: "1h" } } }] },
    { name: "poll daily", feeds: [{ name: "poll", source: "inventory", delivery: { pull: { every: "1d" } } }] },
    { name: "push deltas", feeds: [{ name: "deltas", source: "deltas", delivery: "push" }] },
    { name: "traffic", serving: { live_check: "shown" }, feeds: [{ name: "seen", source: "searches", delivery: "push" }] },
  ],
});
/** So long that when helpers come does not count. */
const BOARD = board({ replicates: 16 }, { count: 1_200, booking_window: "90d" });
/** Like that of `cargo run --release --example curve`, as many hotels as a page is to bear. */
const LARGE = board({ replicates: 1 }, { count: 20_000, booking_window: "365d" });

if (!process.argv.includes("--as-built")) {
  await forBuilding();
  await forTesting();
  await buildPage();
  await run("cargo", ["build", "--locked", "--release", "--bin", "stayfresh"]);
}
const stayfresh = await programPath();
const folder = await mkdtemp(join(tmpdir(), "stayfresh-"));
const served = await serve(dist);
const browser = await launchBrowser();
try {
  for (const [what, goal, scenario] of [["searches counted", 0.7, COUNTED], ["searches walked", 0.8, WALKED]]) {
    say(`the page's engine beside the command line, ${what}`, goal, await native(scenario, 1), await worker(scenario));
  }
  say("two threads beside one", 1.9, await native(BOARD, 1), await native(BOARD, 2));
  say("two workers beside one", 1.9, await page(BOARD, 1), await page(BOARD, 2));
  const { first, whole, megabytes } = await large();
  console.log(`20,000 hotels on the page: first numbers after ${first.toFixed(2)} s (goal 1), all after ${whole.toFixed(0)} s, ${megabytes} MB at most (goal 1,000)`);
} finally {
  await browser.close();
  await served.stop();
  await rm(folder, { recursive: true });
}

function say(what, goal, before, after) {
  console.log(`${what.padEnd(58)} goal ${goal.toFixed(1)}   ${(before / after).toFixed(2)}   (${before.toFixed(2)} s, ${after.toFixed(2)} s)`);
}

/** Seconds that the fastest of some takes. */
async function fastest(act) {
  const times = [];
  for (let time = 0; time < TIMES; time += 1) times.push(await act());
  return Math.min(...times);
}

/** The command line, on so many threads. */
async function native(scenario, threads) {
  const file = join(folder, "scenario.json");
  await writeFile(file, scenario);
  return fastest(async () => {
    const since = performance.now();
    const results = await output(stayfresh, ["run", file, "--json", "--threads", String(threads)]);
    if (results === undefined) throw new Error("the command line does not run");
    return (performance.now() - since) / 1e3;
  });
}

/** One worker of the page's, by itself. */
async function worker(scenario) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(served.address);
  await page.locator('body[data-run="done"]').waitFor({ timeout: 120_000 });
  const seconds = await fastest(() =>
    page.evaluate(
      (text) =>
        new Promise((resolve, reject) => {
          const engine = new Worker("engine.js");
          let since;
          engine.onerror = () => reject(new Error("the engine does not start"));
          engine.onmessage = ({ data }) => {
            const said = JSON.parse(data);
            if (said.ready) {
              since = performance.now();
              engine.postMessage(JSON.stringify({ number: 1, text, task: "run" }));
            } else if (said.progress === undefined) {
              reject(new Error(data.slice(0, 300)));
            } else if (said.progress.done === said.progress.parts) {
              engine.terminate();
              resolve((performance.now() - since) / 1e3);
            }
          };
        }),
      scenario,
    ),
  );
  await context.close();
  return seconds;
}

/** The large board on the page: when there are numbers, when all of them, and the most memory that it held meanwhile. */
async function large() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(served.address);
  await page.locator('body[data-run="done"]').waitFor({ timeout: 120_000 });
  await page.evaluate(() => {
    new MutationObserver((changes) => {
      if (document.body.dataset.run === "running") globalThis.began ??= performance.now();
      if (document.body.dataset.run === "done") globalThis.ended = performance.now();
      // As it begins, what was there before goes.
      const told = changes.some(({ attributeName, target }) => attributeName === "data-value" && Number.isFinite(Number.parseFloat(target.dataset.value)));
      if (told && performance.now() > globalThis.began + 50) globalThis.told ??= performance.now();
    }).observe(document.body, { subtree: true, attributeFilter: ["data-run", "data-value"] });
  });
  const buffer = Buffer.from(LARGE);
  await page.getByTestId("scenario-open").setInputFiles({ name: "large.json", mimeType: "application/json", buffer });
  let most = 0;
  for (let ended = false; !ended; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    most = Math.max(most, await renderers());
    ended = await page.evaluate(() => globalThis.ended > globalThis.began);
  }
  const [first, whole] = await page.evaluate(() => [(told - began) / 1e3, (ended - began) / 1e3]);
  await context.close();
  return { first, whole, megabytes: Math.round(most / 1e3) };
}

/** Kilobytes that the browser's pages hold: on Linux. */
async function renderers() {
  const processes = (await output("ps", ["-eo", "rss,args"])) ?? "";
  const pages = processes.split("\n").filter((line) => line.includes("--type=renderer"));
  return pages.reduce((sum, line) => sum + Number(line.trim().split(" ")[0]), 0);
}

/** The page as on a machine with so many processors. */
async function page(scenario, processors) {
  const context = await browser.newContext();
  await context.addInitScript((processors) => {
    Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => processors });
  }, processors);
  const page = await context.newPage();
  await page.goto(served.address);
  await page.locator('body[data-run="done"]').waitFor({ timeout: 120_000 });
  // From when it begins, by the page's own word, with another seed each time.
  await page.evaluate(() => {
    new MutationObserver(() => {
      if (document.body.dataset.run === "running") globalThis.began ??= performance.now();
      if (document.body.dataset.run === "done") globalThis.ended = performance.now();
    }).observe(document.body, { attributeFilter: ["data-run"] });
  });
  let seed = 1;
  const seconds = await fastest(async () => {
    seed += 1;
    await page.evaluate(() => [globalThis.began, globalThis.ended] = []);
    const buffer = Buffer.from(scenario.replace('"seed":1', `"seed":${seed}`));
    await page.getByTestId("scenario-open").setInputFiles({ name: "board.json", mimeType: "application/json", buffer });
    // Not looked at in each frame, which would have the browser make frames all along.
    const wait = { timeout: 240_000, polling: 250 };
    await page.waitForFunction(() => globalThis.began !== undefined && globalThis.ended > globalThis.began, undefined, wait);
    return page.evaluate(() => (ended - began) / 1e3);
  });
  await context.close();
  return seconds;
}
