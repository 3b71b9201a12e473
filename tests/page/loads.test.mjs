// The page opens: quietly, wherever it is put, on every screen, with every preset.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SCREENS, cli, playground } from "./harness.mjs";

const open = playground();
const openUnder = playground({ base: "/some/folder/" });

test("opens without a word in the console, and runs", () =>
  open(async (view) => {
    await view.run();
    assert.match(await view.hash(), /[0-9a-f]{8}/);
  }));

test("opens under any path, with what it needs", () =>
  openUnder(async (view) => {
    await view.run();
    assert.match(await view.hash(), /[0-9a-f]{8}/);
  }));

test("offers the presets of the command line, and an empty start", () =>
  open(async (view) => {
    const { stdout } = await cli(["presets", "--json"]);
    const names = JSON.parse(stdout).map((preset) => preset.name);
    assert.ok(names.length >= 5, `only ${names.length} presets`);
    assert.deepEqual(await view.presets(), [...names, "blank"]);
  }));

for (const [screen, { width }] of Object.entries(SCREENS)) {
  for (const scheme of ["light", "dark"]) {
    test(`fits a ${screen} screen, ${scheme}`, () =>
      open(
        async (view) => {
          await view.shot(`${screen}-${scheme}`);
          await view.shot(`${screen}-${scheme}-full`, { fullPage: true });
          const needed = await view.page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(needed <= width, `${needed} px wide on a screen of ${width}`);
        },
        { screen, scheme, preset: "textbook-ttl" },
      ));
  }
}

test("light and dark differ", async () => {
  const grounds = [];
  for (const scheme of ["light", "dark"]) await open(async (view) => grounds.push(await view.ground()), { scheme });
  assert.notEqual(grounds[0], grounds[1]);
});
