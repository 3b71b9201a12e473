// A talk is given with the keyboard alone, without a network, and outlives a reload.

import assert from "node:assert/strict";
import { test } from "node:test";

import { playground, QUICK } from "./harness.mjs";

const open = playground();

/** The presets that come with a talk. */
const TALKS = ["push-vs-pull", "cannibalisation", "misread-metric"];

/** A talk in which no step takes time. */
const TOLD = JSON.stringify({
  ...JSON.parse(QUICK),
  story: [
    { title: "Begin", words: "One.\n\n<b>Two</b> & three." },
    { title: "As it is", view: "board", metrics: ["accuracy", "staleness_s"] },
    { title: "Slower", view: "accuracy", set: { "/designs/every 1h/feeds/poll/delivery/pull/every": "6h" } },
    { title: "Once more", view: "board", design: "every 1d" },
  ],
});

const step = (view) => view.part("talk-step");
const at = async (view) => Number(await step(view).getAttribute("data-step"));
const hash = (view) => step(view).getAttribute("data-hash");

/** Runs in the page: words of the step, and the labels of its charts, in type smaller than this. */
function small(least) {
  const step = document.querySelector('[data-testid="talk-step"]');
  const walker = document.createTreeWalker(step, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const part = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === "" || part.closest(".hidden, title") || !part.checkVisibility()) continue;
    const scale = part.ownerSVGElement ? part.getScreenCTM().a : 1;
    const size = parseFloat(getComputedStyle(part).fontSize) * scale;
    if (size < least - 0.1) found.push(`${walker.currentNode.data.trim()}: ${size.toFixed(1)} px`);
  }
  for (const canvas of step.querySelectorAll("canvas")) {
    const size = parseFloat(getComputedStyle(canvas).fontSize);
    if (canvas.checkVisibility() && size < least - 0.1) found.push(`a chart: ${size.toFixed(1)} px`);
  }
  return found;
}

/** Waits until the results of all steps are there. */
async function ready(view) {
  await view.page.waitForFunction(
    () => {
      const step = document.querySelector('[data-testid="talk-step"]')?.dataset;
      return step !== undefined && step.ready === step.steps;
    },
    undefined,
    { timeout: 300_000 },
  );
}

/** Starts the talk with the keyboard. */
async function start(view) {
  await view.part("talk").focus();
  await view.page.keyboard.press("Enter");
  await step(view).waitFor();
}

for (const preset of TALKS) {
  test(`the talk of ${preset}, keyboard only, without a network`, { timeout: 900_000 }, () =>
    open(
      async (view) => {
        await start(view);
        const requests = [];
        await view.page.context().setOffline(true);
        view.page.on("request", (request) => request.url().startsWith("data:") || requests.push(request.url()));
        await ready(view);
        const steps = Number(await step(view).getAttribute("data-steps"));
        assert.ok(steps >= 6 && steps <= 10, `${steps} steps`);
        const titles = [];
        for (let number = 1; number <= steps; number += 1) {
          assert.equal(await at(view), number);
          titles.push(await view.page.locator(".step h1").textContent());
          const size = await view.page.locator(".step .say p").first().evaluate((part) => parseFloat(getComputedStyle(part).fontSize));
          assert.ok(size >= 28, `words of ${size} px`);
          assert.deepEqual(await view.page.evaluate(small, 24), [], `step ${number} has words too small to be read from the back`);
          const spills = await step(view).evaluate((part) => [part, ...part.children].some((one) => one.scrollHeight > one.clientHeight + 1));
          assert.ok(!spills, `step ${number} does not fit the screen`);
          if (number === steps) break;
          const since = Date.now();
          await view.page.keyboard.press(["ArrowRight", "PageDown", "Space", "Enter"][number % 4]);
          await view.page.locator(`[data-step="${number + 1}"]`).waitFor();
          assert.ok(Date.now() - since < 1000, "going on takes its time");
        }
        assert.equal(new Set(titles).size, steps);
        await view.page.keyboard.press("Escape");
        await step(view).waitFor({ state: "detached" });
        assert.deepEqual(requests, []);
      },
      { preset, screen: "wide" },
    ),
  );
}

test("a talk changes nothing of the page", { timeout: 120_000 }, () =>
  open(async (view) => {
    await view.setJson(TOLD);
    await view.settled();
    const before = { json: await view.json(), hash: await view.hash(), undo: await view.part("undo").isEnabled() };
    await start(view);
    await ready(view);
    await view.page.keyboard.press("ArrowRight");
    assert.equal(await hash(view), before.hash, "the first steps are the scenario as it is");
    await view.page.keyboard.press("ArrowRight");
    assert.notEqual(await hash(view), before.hash);
    assert.match(await view.part("talk-changes").innerText(), /1\sh.*6\sh/s);
    await view.page.keyboard.press("Escape");
    await step(view).waitFor({ state: "detached" });
    assert.equal(await view.page.evaluate(() => location.hash), "");
    const after = { json: await view.json(), hash: await view.hash(), undo: await view.part("undo").isEnabled() };
    assert.deepEqual(after, before);
  }),
);

test("keys, remotes and buttons", { timeout: 120_000 }, () =>
  open(async (view) => {
    await view.setJson(TOLD);
    await view.settled();
    await start(view);
    const press = async (key, number) => {
      await view.page.keyboard.press(key);
      assert.equal(await at(view), number, key);
    };
    await press("PageUp", 1);
    await press("End", 4);
    await press("PageDown", 4);
    await press("ArrowLeft", 3);
    await press("Home", 1);
    for (const key of [".", "b"]) {
      await view.page.keyboard.press(key);
      assert.ok(await view.part("talk-blank").isVisible());
      await view.page.keyboard.press(key);
      assert.equal(await view.part("talk-blank").count(), 0);
    }
    // A click does not take the keys away: Space goes on, not back.
    await view.part("talk-next").click();
    await view.part("talk-next").click();
    await view.part("talk-back").click();
    await press("Space", 3);
    // Nor does a click on a chart.
    await view.page.locator(".step canvas").click();
    await press("ArrowRight", 4);
    // Words are text.
    await press("Home", 1);
    assert.match(await step(view).innerText(), /<b>Two<\/b> & three\./);
    await view.part("talk-exit").click();
    assert.equal(await step(view).count(), 0);
  }),
);

test("a reload in the middle goes on at the same step", { timeout: 120_000 }, () =>
  open(async (view) => {
    await view.setJson(TOLD);
    await view.settled();
    await start(view);
    await view.page.keyboard.press("ArrowRight");
    await view.page.keyboard.press("ArrowRight");
    await ready(view);
    const before = await hash(view);
    await view.page.waitForTimeout(1000);
    await view.leave();
    await step(view).waitFor();
    assert.equal(await at(view), 3);
    await ready(view);
    assert.equal(await hash(view), before);
    await view.page.keyboard.press("Escape");
    assert.equal(JSON.parse(await view.json()).title, "Quick");
    await view.settled();
  }),
);

test("on an edited scenario a talk says so, and is given as written at a click", { timeout: 120_000 }, () =>
  open(
    async (view) => {
      await view.setKnob("/run/replicates", 1);
      await view.settled();
      const edited = await view.json();
      await start(view);
      assert.match(await view.part("talk-edits").innerText(), /^Edited: .*1, not \d/);
      await view.page.keyboard.press("ArrowRight");
      await view.shot("talk-edited");
      await view.part("talk-preset").click();
      assert.equal(await at(view), 2, "it stays at its step");
      assert.equal(await view.part("talk-edits").count(), 0);
      await view.page.keyboard.press("Escape");
      await view.settled();
      assert.notEqual(await view.json(), edited);
      await view.page.keyboard.press("Control+z");
      assert.equal(await view.json(), edited);
    },
    { preset: "push-vs-pull" },
  ));
