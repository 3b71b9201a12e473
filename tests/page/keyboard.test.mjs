// Everything can be reached and done without a mouse.

import assert from "node:assert/strict";
import { test } from "node:test";

import { playground } from "./harness.mjs";

const open = playground();

/** More than the stops of the page: every knob, and the word about it, is one. */
const STOPS = 400;

/** Tabs on until a part has the focus. */
async function tabTo(view, part) {
  for (let presses = 0; presses < STOPS; presses += 1) {
    if (await part.evaluate((node) => node === document.activeElement)) return;
    await view.page.keyboard.press("Tab");
  }
  assert.fail(`${STOPS} presses of Tab do not reach ${part}`);
}

test("a preset is chosen and run with the keyboard alone", () =>
  open(async (view) => {
    const before = await view.json();
    await tabTo(view, view.part("preset"));
    // Where lists can be styled, the arrow opens the list; elsewhere it chooses at once.
    await view.page.keyboard.press("ArrowDown");
    if (await view.part("preset").evaluate((list) => list.matches(":open"))) {
      await view.page.keyboard.press("ArrowDown");
      await view.page.keyboard.press("Enter");
    }
    await view.settled();
    assert.notEqual(await view.json(), before, "the arrow key chose nothing");
    await tabTo(view, view.part("run"));
    await view.runBy(() => view.page.keyboard.press("Enter"));
    assert.match(await view.hash(), /[0-9a-f]{8}/);
  }));

test("what has the focus can be seen", () =>
  open(async (view) => {
    // The plain text gives way to the editor once one gets near: not while one looks.
    await view.openEditor();
    for (const part of [view.part("preset"), view.part("seed"), view.part("run"), view.editor()]) {
      await tabTo(view, part);
      const { x, y, width, height } = await part.boundingBox();
      const picture = () =>
        view.page.screenshot({ clip: { x: x - 4, y: y - 4, width: width + 8, height: height + 8 }, animations: "disabled" });
      const focused = await picture();
      await view.page.evaluate(() => document.activeElement.blur());
      assert.notDeepEqual(await picture(), focused, `${part} looks the same with the focus as without`);
      await part.focus();
    }
  }));
