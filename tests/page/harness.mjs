// The built page in a real browser, and how a test reads it. Pages name their parts with `data-testid`, and
// what they are doing with `<body data-run>`; nothing here knows more of a page than that.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";

import { launchBrowser } from "../../tools/browser.mjs";
import { dist } from "../../tools/build.mjs";
import { root } from "../../tools/process.mjs";
import { programPath } from "../../tools/program.mjs";
import { serve } from "../../tools/serve.mjs";

/** The screens that the page must look right on. */
export const SCREENS = {
  laptop: { width: 1280, height: 800 },
  wide: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
};

/** Where tests put what they saw; not under version control. */
export const SHOTS = join(root, "tests", "page", "shots");

/** The longest run that a test waits for; presets take seconds, but not on every machine. */
const RUN_MS = 300_000;

/** Two designs that differ, in a world so small that they take no time. */
export const QUICK = JSON.stringify(
  {
    version: 1,
    title: "Quick",
    seed: 7,
    run: { warmup: "1d", length: "4d", replicates: 3 },
    world: {
      two_state: { stays: 50, sells_out_per_day: 0.5, reopens_per_day: 1.5, searches_per_stay_per_day: 10 },
    },
    designs: ["1h", "1d"].map((every) => ({
      name: `every ${every}`,
      feeds: [{ name: "poll", source: "inventory", delivery: { pull: { every } } }],
    })),
  },
  null,
  2,
);

/** The preset that a first visit begins with. */
const FIRST = "push-vs-pull";

/** What the page keeps of a visit with a preset, or with the quick scenario in the first one's place. */
async function kept(preset) {
  const text = preset === undefined ? QUICK : await readFile(join(root, "scenarios", `${preset}.json`), "utf8");
  return JSON.stringify({ text, preset: preset ?? FIRST });
}

/** Runs in the page, before anything of it does: this is what an earlier visit kept, unless this one has begun. */
function keep(scenario) {
  if (sessionStorage.getItem("visited") !== null) return;
  sessionStorage.setItem("visited", "yes");
  localStorage.setItem("stayfresh.scenario", scenario);
}

/** Serves the page, under `base`, for the tests of a file; returns how they open it. */
export function playground({ base = "/" } = {}) {
  let browser;
  let served;
  before(async () => {
    await mkdir(SHOTS, { recursive: true });
    served = await serve(dist, { base });
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await served?.stop();
  });
  /**
   * Opens the page and hands it to `work`, with a preset or else the quick scenario in it, as for somebody who comes
   * back to it: nothing else has to run first. A complaint in the console fails.
   */
  return async (work, { preset, screen = "laptop", scheme = "light", motion = "reduce" } = {}) => {
    const context = await browser.newContext({
      viewport: SCREENS[screen],
      colorScheme: scheme,
      reducedMotion: motion,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    try {
      const page = await context.newPage();
      await page.addInitScript(watch);
      // What is kept for another visit has tests of its own; here there is none.
      await page.addInitScript(() => Object.defineProperty(navigator, "serviceWorker", { value: undefined }));
      if (preset !== FIRST) await page.addInitScript(keep, await kept(preset));
      const view = new View(page);
      await view.open(served.address);
      await view.settled();
      await work(view);
      assert.deepEqual(view.complaints, [], "the browser complained");
    } finally {
      await context.close();
    }
  };
}

/** The page as a test sees it. */
export class View {
  complaints = [];
  isLeaving = false;

  constructor(page) {
    this.page = page;
    const complain = (what) => this.complaints.push(what);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complain(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complain(`exception: ${error.message}`));
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText;
      // Who leaves a page breaks off what it was still fetching; and so does an engine that is ended as it begins.
      const isBrokenOff = this.isLeaving || /\/(engine|worker)[^/]*$/.test(request.url());
      if (!isBrokenOff || why !== "net::ERR_ABORTED") complain(`${request.url()}: ${why}`);
    });
    // Nothing is asked of anybody else, and nothing is sent.
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      const isInside = ["blob:", "data:"].includes(protocol) || (origin === this.home && request.method() === "GET");
      if (this.home !== undefined && !isInside) complain(`${request.method()} ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) complain(`${response.url()}: ${response.status()}`);
    });
    page.on("crash", () => complain("the page crashed"));
  }

  async open(address) {
    this.home = new URL(address).origin;
    await this.page.goto(address);
    await this.part("run").waitFor();
  }

  /** Leaves the page, whatever it is doing, for an address or else for itself. */
  async leave(address) {
    this.isLeaving = true;
    await (address === undefined ? this.page.reload() : this.page.goto(address));
    this.isLeaving = false;
  }

  /** The part of that name. */
  part(testid) {
    return this.page.locator(`[data-testid="${testid}"]`);
  }

  /** What the page is doing. */
  state() {
    return this.page.locator("body").getAttribute("data-run");
  }

  /** Waits until the page does nothing; it may run what it shows by itself, half a second after a change. */
  async settled() {
    await this.page.waitForFunction(() => watched.quietFor() > 700, undefined, { timeout: RUN_MS });
  }

  /** The names of the presets on offer. */
  presets() {
    return this.part("preset").evaluateAll((parts) =>
      parts.flatMap((part) => [...(part.options ?? [part])].map((one) => one.value || one.dataset.preset).filter(Boolean)),
    );
  }

  /** Chooses a preset. */
  async choose(preset) {
    const parts = this.part("preset");
    if ((await parts.first().evaluate((part) => part.tagName)) === "SELECT") await parts.selectOption(preset);
    else await this.page.locator(`[data-testid="preset"]:is([data-preset="${preset}"], [value="${preset}"])`).click();
  }

  /** Runs the scenario to its end. */
  async run() {
    await this.runBy(() => this.part("run").click());
  }

  /** Does what starts a run, and waits for its end. */
  async runBy(start) {
    const before = await this.page.evaluate(() => watched.runs());
    await start();
    await this.page.waitForFunction((runs) => watched.runs() > runs && watched.quietFor() > 0, before, {
      timeout: RUN_MS,
    });
    assert.equal(await this.state(), "done", (await this.page.locator(".notice.bad").allTextContents()).join());
  }

  /** The hash of the results shown. */
  async hash() {
    return (await this.part("results-hash").first().textContent()).trim();
  }

  /** The numbers shown, by design and metric. */
  metrics() {
    return this.part("metric").evaluateAll((parts) =>
      Object.fromEntries(
        parts.map(({ dataset }) => [`${dataset.design}/${dataset.metric}`, Number.parseFloat(dataset.value)]),
      ),
    );
  }

  /** The scenario's text. */
  json() {
    return this.part("scenario-json").inputValue();
  }

  /** Puts a text in its place, as pasting it does. The field is there whichever editor stands over it. */
  async setJson(text) {
    // At once: the editor proper may come meanwhile, and take what is typed.
    await this.part("scenario-json").evaluate((field, text) => {
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, text);
  }

  /** Where the text is edited: the plain field, or the editor proper in its place. */
  editor() {
    return this.page.locator("#scenario-text");
  }

  /** Goes to the editor proper, which is fetched when one gets near. */
  async openEditor() {
    await this.editor().scrollIntoViewIfNeeded();
    await this.page.locator('[data-editor="code"]').waitFor();
    return this.editor();
  }

  /** Waits until what is named so has the focus: it gets it once it is drawn, which may be a moment after a key. */
  async focuses(name) {
    const known = () => document.activeElement.id || document.activeElement.dataset.testid;
    const reached = this.page.waitForFunction(`(${known})() === ${JSON.stringify(name)}`, undefined, { timeout: 5_000 });
    await reached.catch(async () => assert.equal(await this.page.evaluate(known), name));
  }

  /** Changes the seed, which starts a run. */
  async setSeed(seed) {
    await this.part("seed").fill(String(seed));
    await this.part("seed").press("Tab");
  }

  /** The field of the knob at a pointer. */
  knob(pointer) {
    return this.page.locator(`[id="knob${pointer.replaceAll("/", "-")}"]`);
  }

  /** Types a knob's value, which starts a run. */
  async setKnob(pointer, value) {
    await this.knob(pointer).fill(String(value));
    await this.knob(pointer).press("Enter");
  }

  /** The colour that the page stands on. */
  ground() {
    return this.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  }

  /** What is wrong with the text, or undefined. */
  async jsonError() {
    const error = this.part("json-error");
    return (await error.count()) > 0 && (await error.isVisible()) ? (await error.textContent()).trim() : undefined;
  }

  /** A picture of what is seen, or of the whole page. */
  async shot(name, { fullPage = false } = {}) {
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage, animations: "disabled" });
  }

  /** Starts to watch how the page is from now on. */
  async watch() {
    await this.page.evaluate(() => watched.reset());
  }

  /** Since then, in ms: the longest task, the longest time between two frames, and from a run's start to its first number. */
  watched() {
    return this.page.evaluate(() => watched.seen());
  }
}

/** Runs in the page, before anything of it does. */
export function watch() {
  let seen = {};
  let runs = 0;
  let quietSince;
  // Since something was done to the page: it says what comes of it in a later turn, and later still on a busy machine.
  let actedAt = 0;
  for (const deed of ["keydown", "input", "change", "click", "drop", "popstate", "hashchange"]) {
    addEventListener(deed, () => (actedAt = performance.now()), { capture: true });
  }
  let lastFrame;
  let started;

  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.task = Math.max(seen.task, duration);
  }).observe({ type: "longtask" });

  const frame = () => {
    const now = performance.now();
    if (lastFrame !== undefined) seen.frame = Math.max(seen.frame, now - lastFrame);
    lastFrame = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);

  const isNumber = (node) => node.dataset?.testid === "metric" && node.dataset.value;
  const changed = ({ target, attributeName, oldValue, addedNodes }) => {
    if (attributeName === "data-run" && target.dataset.run !== oldValue) {
      const running = target.dataset.run === "running";
      if (running) {
        runs += 1;
        started = performance.now();
      }
      quietSince = running ? undefined : performance.now();
    }
    const numbers = attributeName === "data-value" ? isNumber(target) && target.dataset.value !== oldValue
      : [...addedNodes].some((node) => isNumber(node) || [...(node.querySelectorAll?.("[data-value]") ?? [])].some(isNumber));
    if (numbers && started !== undefined) seen.firstNumber ??= performance.now() - started;
  };
  new MutationObserver((changes) => changes.forEach(changed)).observe(document, {
    subtree: true,
    childList: true,
    attributeOldValue: true,
    attributeFilter: ["data-run", "data-value"],
  });

  globalThis.watched = {
    runs: () => runs,
    quietFor: () =>
      document.body.dataset.run === "running" ? 0 : performance.now() - Math.max(actedAt, (quietSince ??= performance.now())),
    reset: () => {
      seen = { task: 0, frame: 0 };
      lastFrame = undefined;
      started = undefined;
    },
    seen: () => seen,
  };
  watched.reset();
}

const program = await programPath();

/** Runs the command line with `input`: its exit code and what it says. */
export function cli(args, { input = "" } = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { cwd: root, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (typeof error?.code === "string") reject(error);
      else resolve({ code: error?.code ?? 0, stdout, stderr });
    });
    // It may refuse before it has read everything.
    child.stdin.on("error", () => {}).end(input);
  });
}
