// `npm run measure`: how soon the built page answers, in ms, in a real browser. Quote these with the machine they
// come from; they are not a test.

import { launchBrowser } from "./browser.mjs";
import { buildPage, dist } from "./build.mjs";
import { serve } from "./serve.mjs";
import { forBuilding, forTesting } from "./setup.mjs";

const ROUNDS = 5;
const KNOB = "/world/hotels/searches_per_request";

if (!process.argv.includes("--as-built")) {
  await forBuilding();
  await forTesting();
  await buildPage();
}
const served = await serve(dist);
const browser = await launchBrowser();
try {
  for (const [what, goal, measure, times] of [
    ["first chart, cold, CPU / 4, 1.6 Mbit/s, 150 ms", "2000", cold],
    ["Run to first number", "300", run],
    ["knob to redraw, p95 of 40 moves", "100", knob, 1],
    ["all charts of the board drawn anew, p50 and p95 of 20", "8", draw, 1],
    ["live view, four designs: frame, p95 of 4 s", "16.7", live, 1],
  ]) {
    const measured = await repeat(measure, times);
    console.log(`${what.padEnd(55)} goal ${goal.padStart(5)}   ${measured.flat().map((ms) => ms.toFixed(0)).join(" ")}`);
  }
} finally {
  await browser.close();
  await served.stop();
}

async function repeat(measure, times = ROUNDS) {
  const seen = [];
  for (let round = 0; round < times; round += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    seen.push(await measure(page));
    await context.close();
  }
  return seen;
}

/** From a cold load on a slow machine and line: when the first chart was painted. */
async function cold(page) {
  // Hosts have their files compressed before they are asked.
  await Promise.all((await (await fetch(served.address)).text()).match(/(app-[^"]+|style-[^"]+|first-[^"]+)/g).map((name) =>
    fetch(served.address + name, { headers: { "accept-encoding": "br" } }).then((answer) => answer.arrayBuffer())));
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: 1.6e6 / 8,
    uploadThroughput: 0.75e6 / 8,
  });
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.goto(served.address, { waitUntil: "commit" });
  await page.waitForFunction(() => document.querySelector("#first svg.drawn"));
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const observer = new PerformanceObserver((list) => resolve(list.getEntriesByName("first-contentful-paint")[0].startTime));
        observer.observe({ type: "paint", buffered: true });
      }),
  );
}

async function open(page) {
  await page.goto(served.address);
  await page.locator('body[data-run="done"]').waitFor({ timeout: 120_000 });
  await page.waitForTimeout(1000);
}

/** Runs in the page: does something and says how long it takes until numbers have changed and were painted. */
function untilPainted(act) {
  return new Promise((resolve) => {
    const since = performance.now();
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - since)));
    });
    observer.observe(document.querySelector("main"), { subtree: true, attributeFilter: ["data-value"] });
    act();
  });
}

/** With another seed, so that the numbers differ. */
async function run(page) {
  await open(page);
  await page.evaluate(`globalThis.untilPainted = ${untilPainted}`);
  return page.evaluate(() => {
    const seed = document.querySelector("[data-testid=seed]");
    return untilPainted(() => {
      seed.value = "4711";
      seed.dispatchEvent(new InputEvent("input", { bubbles: true }));
      seed.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });
}

async function knob(page) {
  await open(page);
  return p95(await move(page, 40));
}

function p95(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
}

/** Moves a knob again and again: how long each took until its numbers were painted. */
async function move(page, moves) {
  await page.evaluate(`globalThis.untilPainted = ${untilPainted}`);
  return page.evaluate(async ({ id, moves }) => {
    const slider = document.getElementById(id).closest(".knob, .row, label, div").querySelector("input[type=range]");
    const times = [];
    for (let move = 0; move < moves; move += 1) {
      // Where it is not yet.
      const at = Number(slider.max) - 3 - (move % 8) - (Number(slider.value) === Number(slider.max) - 3 - (move % 8) ? 1 : 0);
      times.push(await untilPainted(() => {
        slider.value = at;
        slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return times;
  }, { id: `knob${KNOB.replaceAll("/", "-")}`, moves });
}

/** All charts of the board in other colours: how long they take to be drawn together. */
async function draw(page) {
  // All of them are near enough to be drawn at once.
  await page.setViewportSize({ width: 1280, height: 4000 });
  await page.addInitScript(() => {
    globalThis.drawings = [];
    // Each drawing says how long it took.
    new PerformanceObserver((list) => drawings.push(...list.getEntries().filter(({ name }) => name.startsWith("chart "))))
      .observe({ type: "measure" });
    // The page is restyled before, or the first of them would be, by asking for a font.
    const { mark } = performance;
    performance.mark = function (name, ...more) {
      if (name.startsWith("chart ")) document.body.getBoundingClientRect();
      return mark.call(this, name, ...more);
    };
  });
  await open(page);
  const charts = await page.getByTestId("chart").count();
  const times = [];
  for (let turn = 0; turn < 20; turn += 1) {
    const drawn = await page.evaluate(async (theme) => {
      drawings.length = 0;
      document.querySelector(`input[name=theme][value=${theme}]`).click();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return drawings.map(({ duration }) => duration);
    }, ["dark", "light"][turn % 2]);
    if (drawn.length !== charts) throw new Error(`${drawn.length} charts of ${charts} were drawn anew`);
    times.push(drawn.reduce((sum, one) => sum + one, 0));
  }
  const high = p95(times);
  return [times[times.length / 2], high];
}

async function live(page) {
  await open(page);
  await page.getByTestId("live-open").click();
  await page.locator(".theatre").evaluate((theatre) => theatre.scrollIntoView());
  await page.locator('.theatre[data-state="ready"]').waitFor({ timeout: 120_000 });
  await page.getByTestId("live-play").click();
  const frames = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const frames = [];
        let last;
        const frame = (now) => {
          if (last !== undefined) frames.push(now - last);
          last = now;
          if (frames.length < 240) requestAnimationFrame(frame);
          else resolve(frames);
        };
        requestAnimationFrame(frame);
      }),
  );
  return p95(frames);
}
