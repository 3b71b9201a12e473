// Every view, in both themes and on three screens, as axe-core sees it: no violation of WCAG 2.2 A and AA, nor of
// its best practices.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";

import { playground } from "./harness.mjs";

const open = playground();
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong, a line each. */
async function wrong({ page }) {
  // Evaluated, not added as a script: the content security policy forbids that.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (tags) => axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }),
    TAGS,
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, any, all }) =>
    `${id}: ${help}: ${target.join(" ")}: ${[...any, ...all].map(({ message }) => message).join("; ")}`));
}

/** The views: what is done to get there, with which preset. */
const VIEWS = {
  board: { preset: "push-vs-pull" },
  "everything open": {
    preset: "legacy-pipeline",
    go: async ({ page }) => {
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
      await page.waitForTimeout(500);
    },
  },
  "bad text": { go: (view) => view.setJson('{ "version": 1, "designs": [{}] }') },
  "live view": {
    preset: "push-vs-pull",
    go: async ({ page }) => {
      await page.getByTestId("live-open").click();
      await page.locator(".theatre canvas").first().waitFor();
    },
  },
  "the form on a phone": {
    screens: ["phone"],
    go: async (view) => (await view.part("assumptions").click(), view.page.locator(".rail.open").waitFor()),
  },
  "which have a talk": { go: async (view) => (await view.part("talk").click(), view.part("talks").waitFor()) },
  "the list of scenarios": { screens: ["laptop"], go: async (view) => (await view.part("preset").press("l"), view.page.waitForTimeout(300)) },
  share: { go: async (view) => (await view.part("share").click(), view.page.locator("dialog[open]").waitFor()) },
  talk: { preset: "push-vs-pull", go: async (view) => (await view.part("talk").click(), view.page.locator("dialog[open]").waitFor()) },
};

test("axe sees what is wrong", () =>
  open(async (view) => {
    await view.page.evaluate(() => {
      const button = document.createElement("button");
      button.style.cssText = "width: 30px; height: 30px";
      document.querySelector("main").prepend(button);
    });
    assert.match((await wrong(view)).join(), /^button-name: /);
  }));

for (const [name, { preset, screens = ["laptop", "phone"], go = async () => {} }] of Object.entries(VIEWS)) {
  for (const screen of screens) {
    test(`${name}, ${screen}`, () =>
      open(
        async (view) => {
          await go(view);
          const light = await view.ground();
          assert.deepEqual(await wrong(view), [], "light");
          await view.page.emulateMedia({ colorScheme: "dark" });
          await view.page.waitForFunction((light) => getComputedStyle(document.body).backgroundColor !== light, light);
          assert.deepEqual(await wrong(view), [], "dark");
        },
        { preset, screen },
      ));
  }
}
