// The board by hand: designs are added, named, ordered and removed, by keyboard too, as edits of the text; and
// a knob that moves is answered at once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SCREENS, playground } from "./harness.mjs";

const open = playground();

/** The names on the cards, in their order. */
const names = (view) =>
  view.part("design-card").evaluateAll((cards) => cards.map(({ dataset }) => dataset.design));

/** Opens a card's menu and chooses from it, with the keyboard alone. */
async function choose(view, design, what) {
  const { keyboard } = view.page;
  const button = view.page.locator(`[data-testid="design-card"][data-design="${design}"] [data-testid="design-menu"]`);
  await button.focus();
  await keyboard.press("Enter");
  for (let presses = 0; presses < 8; presses += 1) {
    if ((await view.page.evaluate(() => document.activeElement.textContent)) === what) {
      await keyboard.press("Enter");
      return;
    }
    await keyboard.press("ArrowDown");
  }
  assert.fail(`${design} has no ${what}`);
}

/** Waits until a card has the focus: it gets it once it is drawn, which may be a moment later. */
const focused = (view, design) =>
  view.page.waitForFunction(
    (design) => document.activeElement.closest('[data-testid="design-card"]')?.dataset.design === design,
    design,
  );

test("a design is copied, named, moved, made the baseline and removed with the keyboard alone", () =>
  open(async (view) => {
    const { keyboard } = view.page;
    const first = await view.json();
    const texts = [first];
    const step = async () => texts.push(await view.json());
    await choose(view, "every 1d", "Duplicate");
    assert.deepEqual(await names(view), ["every 1h", "every 1d", "every 1d copy"]);
    await focused(view, "every 1d copy");
    await step();
    await choose(view, "every 1d copy", "Rename");
    await keyboard.press("ControlOrMeta+a");
    await keyboard.type("every 1h");
    await keyboard.press("Enter");
    await view.page.getByRole("alert").filter({ hasText: "another design is called" }).waitFor();
    await keyboard.press("ControlOrMeta+a");
    await keyboard.type("weekly");
    await keyboard.press("Enter");
    await view.page.locator('[data-design="weekly"]').first().waitFor();
    await focused(view, "weekly");
    await step();
    await choose(view, "weekly", "Move left");
    assert.deepEqual(await names(view), ["every 1h", "weekly", "every 1d"]);
    await focused(view, "weekly");
    await step();
    await choose(view, "every 1d", "Make baseline");
    assert.deepEqual(await names(view), ["every 1d", "every 1h", "weekly"]);
    await focused(view, "every 1d");
    await step();
    await choose(view, "every 1h", "Remove");
    assert.deepEqual(await names(view), ["every 1d", "weekly"]);
    for (const text of texts.reverse()) {
      await view.part("undo").click();
      assert.equal(await view.json(), text);
    }
    assert.equal(await view.part("undo").isEnabled(), true, "the scenario itself was typed");
    await view.settled();
    assert.equal(await view.state(), "done");
  }));

test("a card leads to its knobs, and a new design's are brought beside it", () =>
  open(async (view) => {
    const { page } = view;
    /** Where the focus is in the form, and how far below the form's top. */
    const at = () =>
      page.evaluate(() => {
        const [group, form] = [".group", ".rail"].map((of) => document.activeElement.closest(of));
        const below = document.activeElement.getBoundingClientRect().top - form?.getBoundingClientRect().top;
        return { group: group?.dataset.group, below };
      });
    await choose(view, "every 1d", "Edit its assumptions");
    await page.waitForFunction(() => document.activeElement.closest(".group")?.dataset.group === "1");
    const { below } = await at();
    assert.ok(below >= 0 && below < 200, `${below} px below the form's top`);
    // What a knob is goes with Escape.
    const ask = page.locator('.group[data-group="1"] .knob-ask').first();
    await ask.click();
    await view.part("knob-told").waitFor();
    await page.keyboard.press("Escape");
    await view.part("knob-told").waitFor({ state: "detached" });
    await view.part("add-design").click();
    const added = page.locator('.group[data-group="2"] > summary');
    await added.waitFor();
    await focused(view, "new design");
    const inside = await added.evaluate((summary) => {
      const [own, form] = [summary, summary.closest(".rail")].map((of) => of.getBoundingClientRect());
      return own.top >= form.top && own.bottom <= form.bottom;
    });
    assert.ok(inside, "the new design's knobs are out of sight");
    // Where the form is a sheet, it comes up for them.
    await page.setViewportSize(SCREENS.phone);
    await page.waitForFunction(() => !document.querySelector(".rail.open"));
    await choose(view, "every 1d", "Edit its assumptions");
    await page.waitForFunction(() => document.activeElement.closest(".rail.open .group")?.dataset.group === "1");
  }));

test("eight designs fit, from nothing, from this scenario and from others", () =>
  open(async (view) => {
    const { page } = view;
    await view.part("add-design").click();
    assert.deepEqual(await names(view), ["poll", "new design"]);
    const takes = await view.part("take-design").locator("option").evaluateAll((all) => all.map(({ value }) => value));
    for (const value of takes.slice(1, 7)) await view.part("take-design").selectOption(value);
    const all = await names(view);
    assert.equal(all.length, 8);
    assert.equal(new Set(all).size, 8);
    assert.equal(await view.part("add-design").isEnabled(), false);
    await view.settled();
    assert.equal(await view.state(), "done");
    assert.equal(await view.jsonError(), undefined);
    for (const screen of ["laptop", "phone"]) {
      await page.setViewportSize(screen === "phone" ? { width: 390, height: 844 } : { width: 1280, height: 800 });
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(needed <= (screen === "phone" ? 390 : 1280), `${screen} needs ${needed}`);
    }
  }, { preset: "blank" }));

test("what goes with a design is said, and comes back in one step", () =>
  open(async (view) => {
    const before = await view.json();
    const [baseline] = await names(view);
    await choose(view, baseline, "Remove");
    await view.part("removing").waitFor();
    assert.equal(await view.json(), before, "it is gone before anyone agreed");
    await view.page.keyboard.press("Escape");
    await view.part("removing").waitFor({ state: "hidden" });
    await choose(view, baseline, "Remove");
    await view.part("remove-all").click();
    assert.ok(!(await names(view)).includes(baseline));
    await view.part("undo").click();
    assert.equal(await view.json(), before);
    await view.settled();
  }, { preset: "push-vs-pull" }));

test("a knob that moves is answered at once", () =>
  open(async (view) => {
    await view.settled();
    const slider = view.page.locator('.knob:has([id="knob-designs-2-feeds-0-delivery-pull-every"]) input[type="range"]');
    const times = await slider.evaluate(async (slider) => {
      const field = document.getElementById("knob-designs-2-feeds-0-delivery-pull-every");
      const board = document.querySelector("section:has(> .board)");
      const last = Number(slider.max);
      const times = [];
      for (let move = 0; move < 40; move += 1) {
        const was = field.value;
        const moved = performance.now();
        slider.value = String(2 + ((move * 7) % (last - 4)));
        slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await new Promise((resolve) => {
          // The form shows what was set, and the cards the numbers of just that.
          const answered = () => field.value !== was && board.ariaBusy !== "true";
          const look = () => (!answered() && performance.now() - moved < 5000 ? requestAnimationFrame(look) : resolve());
          requestAnimationFrame(look);
        });
        times.push(performance.now() - moved);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      slider.dispatchEvent(new Event("change", { bubbles: true }));
      return times.sort((a, b) => a - b);
    });
    const [median, p95] = [times[19], times[37]];
    console.log(`knob to redraw: median ${median.toFixed(0)} ms, 95th percentile ${p95.toFixed(0)} ms`);
    // The goal is 100 ms where nothing else runs; tests share their machine, so that only what is broken fails.
    assert.ok(p95 < 4000, `${p95.toFixed(0)} ms`);
    await view.settled();
  }, { preset: "push-vs-pull" }));
