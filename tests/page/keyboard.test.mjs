// Everything can be reached and done without a mouse.

import assert from "node:assert/strict";
import { test } from "node:test";

import { playground } from "./harness.mjs";

const open = playground();

/** Tabs on until a part has the focus, as long as anyone would. */
async function tabTo(view, testid) {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await view.page.evaluate((id) => document.activeElement?.dataset.testid === id, testid)) return;
    await view.page.keyboard.press("Tab");
  }
  assert.fail(`60 presses of Tab do not reach ${testid}`);
}

test("a preset is chosen and run with the keyboard alone", () =>
  open(async (view) => {
    const before = await view.json();
    await tabTo(view, "preset");
    await view.page.keyboard.press("ArrowDown");
    await view.settled();
    assert.notEqual(await view.json(), before, "the arrow key chose nothing");
    await tabTo(view, "run");
    await view.runBy(() => view.page.keyboard.press("Enter"));
    assert.match(await view.hash(), /[0-9a-f]{8}/);
  }));

test("what has the focus can be seen", () =>
  open(async (view) => {
    for (const testid of ["preset", "run", "seed", "scenario-json"]) {
      await tabTo(view, testid);
      const seen = await view.page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
      });
      assert.ok(seen, `${testid} shows no focus`);
    }
  }));
