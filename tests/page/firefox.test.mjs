// The main path in a Firefox: the same numbers, by keyboard, and nothing that it complains of.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { dist } from "../../tools/build.mjs";
import { findFirefox, launchFirefox } from "../../tools/firefox.mjs";
import { serve } from "../../tools/serve.mjs";
import { cli, SCREENS, SHOTS } from "./harness.mjs";

/** The longest that a test waits for anything, in ms. */
const LONGEST = 120_000;

let browser;
let served;
before(async () => {
  await mkdir(SHOTS, { recursive: true });
  served = await serve(dist);
  browser = await launchFirefox();
  console.log(`${await browser.version()}: ${await findFirefox()}`);
});
after(async () => {
  await browser?.close();
  await served?.stop();
});

const part = (name) => `[data-testid="${name}"]`;
const text = (page, name) => page.$eval(part(name), (part) => part.textContent.trim());
const value = (page, name) => page.$eval(part(name), (part) => part.value);

/** Waits until something holds in the page. */
const until = (page, holds, ...given) => page.waitForFunction(holds, { timeout: LONGEST }, ...given);

/** Waits until nothing has run for a while: a change runs by itself, soon. */
const settled = async (page) => {
  await page.evaluate(() => delete globalThis.quietSince);
  await until(page, () => {
    const now = performance.now();
    if (document.body.dataset.run !== "done") globalThis.quietSince = undefined;
    else globalThis.quietSince ??= now;
    return now - globalThis.quietSince > 1000;
  });
};

/** Opens the page in a profile of its own, and hands it to `work`; what the browser complains of fails. */
async function open(work) {
  const context = await browser.createBrowserContext();
  try {
    await opened(context, work);
  } finally {
    await context.close();
  }
}

async function opened(context, work) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (said) => ["error", "warn"].includes(said.type()) && complaints.push(said.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.setViewport(SCREENS.laptop);
  await page.goto(served.address);
  await settled(page);
  await work(page, context);
  assert.deepEqual(complaints, [], "the browser complained");
}

/** The hash that the command line finds. */
async function hashOf(args, input) {
  const { code, stdout, stderr } = await cli(["run", ...args, "--json"], { input });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout).results_hash;
}

test("Firefox: the same numbers as on the command line, before and after a change by keyboard, and back", () =>
  open(async (page) => {
    const first = await hashOf(["push-vs-pull"]);
    assert.equal(await text(page, "results-hash"), first);
    await page.focus(part("seed"));
    await page.keyboard.down("Control");
    await page.keyboard.press("a");
    await page.keyboard.up("Control");
    await page.keyboard.type("7");
    await page.keyboard.press("Tab");
    await until(page, () => document.body.dataset.run === "running");
    await settled(page);
    assert.equal(await text(page, "results-hash"), await hashOf(["push-vs-pull", "--seed", "7"]));
    await page.$eval(part("undo"), (undo) => undo.focus());
    await page.keyboard.press("Enter");
    await settled(page);
    assert.equal(await text(page, "results-hash"), first);
    await page.screenshot({ path: join(SHOTS, "firefox.png") });
  }));

test("Firefox: the text is edited in its editor, and an error is said where it is", () =>
  open(async (page) => {
    await page.$eval("#scenario-text", (editor) => editor.scrollIntoView());
    await page.waitForSelector('[data-editor="code"]', { timeout: LONGEST });
    const before = await value(page, "scenario-json");
    await page.$eval('[data-editor="code"] .cm-content', (content) => content.focus());
    await page.keyboard.type("!");
    await page.waitForSelector(part("json-error"), { visible: true, timeout: LONGEST });
    await page.keyboard.press("Backspace");
    await until(page, () => document.querySelector('[data-testid="json-error"]') === null);
    assert.equal(await value(page, "scenario-json"), before);
  }));

test("Firefox: a link opens with the same numbers", () =>
  open(async (page, context) => {
    await page.click(part("share"));
    await page.waitForSelector(part("share-link"));
    const link = await value(page, "share-link");
    const opened = await context.newPage();
    await opened.goto(link);
    await opened.waitForSelector(`${part("arrived")}[data-outcome]`, { timeout: LONGEST });
    await until(opened, () => /Same numbers/.test(document.querySelector('[data-testid="arrived"]').textContent));
  }));

test("Firefox: a talk is given with the arrow keys; the live view plays", () =>
  open(async (page) => {
    await page.click(part("talk"));
    await page.waitForSelector(part("talk-step"));
    const title = `${part("talk-step")} h1`;
    const is = (title, said) => document.querySelector(title)?.textContent === said;
    const first = await page.$eval(title, (title) => title.textContent);
    await page.keyboard.press("ArrowRight");
    await until(page, (title, said) => document.querySelector(title).textContent !== said, title, first);
    await page.keyboard.press("ArrowLeft");
    await until(page, is, title, first);
    await page.keyboard.press("Escape");
    await until(page, () => document.querySelector('[data-testid="talk-step"]') === null);
    await settled(page);
    await page.click(part("live-open"));
    await page.waitForSelector(part("live-play"), { timeout: LONGEST });
    const clock = () => page.$eval(".clock output b", (clock) => clock.textContent);
    const began = await clock();
    await page.click(part("live-play"));
    await until(page, (was) => document.querySelector(".clock output b").textContent !== was, began);
    assert.notEqual(await clock(), began);
  }));

test("Firefox, a private window: the same numbers, and a change is there after a reload", async () => {
  const alone = await launchFirefox({ isPrivate: true });
  try {
    await opened(alone.defaultBrowserContext(), async (page) => {
      assert.equal(await text(page, "results-hash"), await hashOf(["push-vs-pull"]));
      await page.focus(part("seed"));
      await page.keyboard.press("ArrowUp");
      const changed = await value(page, "seed");
      await page.keyboard.press("Tab");
      await settled(page);
      await page.reload();
      await settled(page);
      assert.equal(await value(page, "seed"), changed);
      assert.equal(await text(page, "results-hash"), await hashOf(["push-vs-pull", "--seed", changed]));
    });
  } finally {
    await alone.close();
  }
});
