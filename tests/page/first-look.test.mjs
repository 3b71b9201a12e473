// What is seen before the program has come, and that the program takes its place.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launchBrowser } from "../../tools/browser.mjs";
import { dist } from "../../tools/build.mjs";
import { serve } from "../../tools/serve.mjs";
import { SCREENS, SHOTS, View, watch } from "./harness.mjs";

let browser;
let served;
before(async () => {
  served = await serve(dist);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await served?.stop();
});

/** Opens the page without its program; `let` is there to let it come. */
async function held(work, { screen = "laptop", scheme = "light", at = "", kept } = {}) {
  const context = await browser.newContext({ viewport: SCREENS[screen], colorScheme: scheme, reducedMotion: "reduce" });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    if (kept) await page.addInitScript(([key, value]) => localStorage.setItem(key, value), kept);
    const coming = [];
    let open = false;
    await page.route(/app-.*\.wasm/, (route) => (open ? route.continue() : coming.push(route)));
    const view = new View(page);
    await page.goto(served.address + at);
    const come = async () => {
      open = true;
      await Promise.all(coming.map((route) => route.continue()));
    };
    await work(view, come);
    assert.deepEqual(view.complaints, []);
  } finally {
    await context.close();
  }
}

/** The first look's numbers and charts, as far as they are seen. */
const seen = (page) =>
  page.evaluate(() => {
    const first = document.getElementById("first");
    const shown = (part) => part.getClientRects().length > 0;
    return {
      numbers: [...(first?.querySelectorAll(".card .value") ?? [])].filter(shown).map((part) => part.textContent),
      charts: [...(first?.querySelectorAll("svg.drawn") ?? [])].filter(shown).length,
      inert: first?.inert,
      says: first?.querySelector(".question .state")?.textContent,
    };
  });

for (const screen of Object.keys(SCREENS)) {
  for (const scheme of ["light", "dark"]) {
    test(`numbers and charts are there before the program: ${screen}, ${scheme}`, () =>
      held(
        async ({ page }) => {
          const { numbers, charts, inert, says } = await seen(page);
          assert.ok(numbers.length >= 8 && numbers.every((number) => /\d/.test(number)), numbers.join());
          assert.ok(charts >= 3, `${charts} charts`);
          assert.equal(inert, true);
          assert.match(says, /built/);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= SCREENS[screen].width, `${wide} px`);
          await page.screenshot({ path: `${SHOTS}/first-${screen}-${scheme}.png` });
          await page.screenshot({ path: `${SHOTS}/first-${screen}-${scheme}-full.png`, fullPage: true });
        },
        { screen, scheme },
      ));
  }
}

test("the program takes its place, with the same numbers", () =>
  held(async (view, come) => {
    const { numbers } = await seen(view.page);
    await come();
    await view.part("run").waitFor();
    await view.settled();
    assert.equal(await view.page.locator("#first").count(), 0);
    const now = await view.page.locator(".card .value").allTextContents();
    assert.deepEqual(now, numbers);
  }));

for (const [who, asked] of Object.entries({
  "a link to a scenario": { at: "#s1.AAAA" },
  "a talk": { at: "#talk.1" },
  "a page in a frame": { at: "?embed" },
  "who comes back to a scenario of their own": { kept: ["stayfresh.scenario", '{"text":"{}","preset":"push-vs-pull"}'] },
})) {
  test(`${who} does not see another scenario first`, () =>
    held(async ({ page }) => {
      const { numbers, charts } = await seen(page);
      assert.deepEqual([numbers.length, charts], [0, 0]);
    }, asked));
}
