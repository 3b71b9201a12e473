// The built page in a real browser, and how a test reads it. Pages name their parts with `data-testid`, and
// what they are doing with `<body data-run>`; nothing here knows more of a page than that.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";

import { launchBrowser } from "../../tools/browser.mjs";
import { dist } from "../../tools/build.mjs";
import { root } from "../../tools/process.mjs";
import { serve } from "../../tools/serve.mjs";

/** The screens that the page must look right on. */
export const SCREENS = {
  laptop: { width: 1280, height: 800 },
  wide: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
};

/** Where tests put what they saw; not under version control. */
export const SHOTS = join(root, "tests", "page", "shots");

/** The longest run that a test waits for. */
export const RUN_MS = 120_000;

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
  /** Opens the page anew, with nothing stored, and hands it to `work`; a complaint in the console fails. */
  return async (work, { screen = "laptop", scheme = "light" } = {}) => {
    const context = await browser.newContext({
      viewport: SCREENS[screen],
      colorScheme: scheme,
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
    });
    try {
      const page = await context.newPage();
      await page.addInitScript(watchForBlocking);
      const view = new View(page);
      await view.open(served.address);
      await work(view);
      assert.deepEqual(view.complaints, [], "the browser complained");
    } finally {
      await context.close();
    }
  };
}

/** The page as a test sees it. */
class View {
  complaints = [];

  constructor(page) {
    this.page = page;
    const complain = (what) => this.complaints.push(what);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complain(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complain(`exception: ${error.message}`));
    page.on("requestfailed", (request) => complain(`${request.url()}: ${request.failure()?.errorText}`));
    page.on("response", (response) => {
      if (response.status() >= 400) complain(`${response.url()}: ${response.status()}`);
    });
    page.on("crash", () => complain("the page crashed"));
  }

  async open(address) {
    await this.page.goto(address);
    await this.settled();
  }

  async reload() {
    await this.page.reload();
    await this.settled();
  }

  /** The part of that name. */
  part(testid) {
    return this.page.locator(`[data-testid="${testid}"]`);
  }

  /** What the page is doing. */
  state() {
    return this.page.locator("body").getAttribute("data-run");
  }

  /** Waits until the page is there and does nothing. */
  async settled() {
    await this.page.locator('body[data-run]:not([data-run="running"])').waitFor({ timeout: RUN_MS });
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
    await this.settled();
  }

  /** Runs the scenario to its end. */
  async run() {
    await this.part("run").click();
    await this.finished();
  }

  /** Waits for the end of a run that was just started. */
  async finished() {
    await this.page.locator('body:is([data-run="done"], [data-run="failed"])').waitFor({ timeout: RUN_MS });
    assert.equal(await this.state(), "done");
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

  /** Puts a text in its place, as pasting it does. */
  async setJson(text) {
    await this.part("scenario-json").fill(text);
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

  /** Forgets how long the page was busy. */
  async resetBlocking() {
    await this.page.evaluate(() => globalThis.blocking.reset());
  }

  /** The longest task and the longest time between two frames since then, in ms. */
  blocking() {
    return this.page.evaluate(() => globalThis.blocking.longest());
  }
}

/** Runs in the page. */
function watchForBlocking() {
  let task = 0;
  let frame = 0;
  let last;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) task = Math.max(task, duration);
  }).observe({ type: "longtask" });
  const tick = () => {
    const now = performance.now();
    if (last !== undefined) frame = Math.max(frame, now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  globalThis.blocking = {
    reset: () => {
      task = 0;
      frame = 0;
      last = undefined;
    },
    longest: () => ({ task, frame }),
  };
}

/** The command line, given `input`: its exit code and what it says. */
export function cli(args, { input = "" } = {}) {
  const program = process.env.STAYFRESH_CLI;
  assert.ok(program, "STAYFRESH_CLI must name the stayfresh command (`npm test -- page` does)");
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { cwd: root, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (typeof error?.code === "string") reject(error);
      else resolve({ code: error?.code ?? 0, stdout, stderr });
    });
    // It may refuse before it has read everything.
    child.stdin.on("error", () => {}).end(input);
  });
}
