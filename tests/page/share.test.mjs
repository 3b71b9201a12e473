// A scenario goes from one browser to another in a link; it stays in the browser from one visit to the next.

import assert from "node:assert/strict";
import { test } from "node:test";

import { playground, QUICK } from "./harness.mjs";

const open = playground();

/** The link that the page shares. */
async function link(view) {
  await view.part("share").click();
  const link = await view.part("share-link").inputValue();
  await view.part("share-close").click();
  return link;
}

/** Opens an address in a browser that has never been here, and does `work` with its page. */
async function elsewhere(view, address, work, prepare) {
  const context = await view.page.context().browser().newContext();
  try {
    const page = await context.newPage();
    if (prepare) await page.addInitScript(prepare);
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(address);
    await work(page, (testid) => page.locator(`[data-testid="${testid}"]`));
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

const done = (page) => page.waitForFunction(() => document.body.dataset.run === "done", undefined, { timeout: 120_000 });
const COMMENTED = QUICK.replace("{", "{ // Ours, with <b>ünïcode</b> & more.");

test("a link opens elsewhere with the same text and the same numbers", { timeout: 180_000 }, () =>
  open(async (view) => {
    await view.setJson(COMMENTED);
    await view.settled();
    const address = await link(view);
    assert.match(address, /#s1\.[\w-]+$/);
    const hash = await view.hash();
    await elsewhere(view, address, async (page, part) => {
      await page.locator('[data-outcome="same"]').waitFor({ timeout: 120_000 });
      assert.equal(await part("scenario-json").inputValue(), COMMENTED);
      assert.equal((await part("results-hash").textContent()).trim(), hash);
      // Another scenario is no longer the one that was shared, and the address says so.
      await part("scenario-json").fill(QUICK);
      await part("arrived").waitFor({ state: "detached" });
      assert.equal(new URL(page.url()).hash, "");
    });
  }),
);

test("a link that asks for more than there is is refused with what to reduce, and its text is kept", { timeout: 120_000 }, () =>
  open(async (view) => {
    const quick = JSON.parse(QUICK);
    const stays = { two_state: { ...quick.world.two_state, stays: 1e8, sells_out_per_day: 5, reopens_per_day: 5 } };
    for (const [changed, what] of [
      [{ run: { warmup: "0s", length: "3650d", replicates: 1_000 } }, /billion bytes of numbers to keep/],
      [{ world: stays, run: { length: "30d", replicates: 3 } }, /changes to follow/],
    ]) {
      const text = JSON.stringify({ ...quick, ...changed }, undefined, 2);
      await view.setJson(text);
      const address = await link(view);
      await elsewhere(view, address, async (page, part) => {
        await part("json-error").waitFor();
        const said = await part("json-error").innerText();
        assert.match(said, what);
        assert.match(said, /at most/);
        assert.match(said, /reduce/);
        assert.equal(await part("scenario-json").inputValue(), text);
        await part("run").click();
        await page.waitForTimeout(500);
        assert.equal(await page.evaluate(() => document.body.dataset.run), "idle");
        await part("scenario-json").fill(QUICK);
        await done(page);
      });
    }
  }),
);

test("the dialog says how long the link is, copies it, and saves a file", { timeout: 120_000 }, () =>
  open(async (view) => {
    await view.part("share").click();
    const address = await view.part("share-link").inputValue();
    const said = await view.part("share-length").innerText();
    assert.ok(said.replaceAll(",", "").includes(`${address.length} characters`), said);
    await view.part("share-copy").click();
    await view.part("share-said").filter({ hasText: "Copied" }).waitFor();
    assert.equal(await view.page.evaluate(() => navigator.clipboard.readText()), address);
    const [file] = await Promise.all([view.page.waitForEvent("download"), view.part("share-file").click()]);
    assert.equal(file.suggestedFilename(), "quick.json");
    await view.page.keyboard.press("Escape");
    assert.equal(await view.part("share-dialog").count(), 0);
    // A long one is warned about.
    const noise = Array.from({ length: 12_000 }, (_, at) => ((at * 7919) % 9973).toString(36)).join("");
    await view.setJson(`// ${noise}\n${QUICK}`);
    await view.part("share").click();
    assert.match(await view.part("share-length").innerText(), /8,000/);
  }),
);

test("a link that is no scenario says why and leaves what was there", { timeout: 120_000 }, () =>
  open(async (view) => {
    const address = await link(view);
    const [place, fragment] = address.split("#");
    await view.page.waitForTimeout(1000);
    for (const [bad, why] of [
      [fragment.slice(0, fragment.length / 2), /cut it short|changed on its way/],
      [`${fragment.slice(0, 60)}AAAA${fragment.slice(64)}`, /changed on its way|cut it short/],
      ["s2.abcd", /newer version/],
      ["s1.", /cut it short|changed on its way/],
    ]) {
      await view.leave(`${place}?${Math.random()}#${bad}`);
      await view.part("unreadable").waitFor();
      assert.match(await view.part("unreadable").innerText(), why, bad);
      assert.equal(await view.json(), QUICK);
      await view.settled();
    }
  }),
);

test("what is changed is there at the next visit, until one starts over", { timeout: 120_000 }, () =>
  open(async (view) => {
    await view.setJson(COMMENTED);
    await view.page.waitForTimeout(1000);
    await view.leave();
    await view.part("run").waitFor();
    assert.equal(await view.json(), COMMENTED);
    // Even what cannot be read.
    await view.setJson("{ half");
    await view.page.waitForTimeout(1000);
    await view.leave();
    await view.part("run").waitFor();
    assert.equal(await view.json(), "{ half");
    await view.part("start-over").click();
    await view.page.waitForTimeout(1000);
    await view.leave();
    await view.part("run").waitFor();
    assert.match(await view.json(), /"Push or pull"/);
    await view.settled();
  }),
);

/** What a browser that forbids it says. */
const forbid = () => {
  for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
    Object.defineProperty(window, name, { get: () => { throw new DOMException("no", "SecurityError"); } });
  }
};
const fill = () => {
  Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
};

for (const [what, prepare] of [["forbidden", forbid], ["full", fill]]) {
  test(`a storage that is ${what} breaks nothing and is told`, { timeout: 180_000 }, () =>
    open(async (view) => {
      const address = await link(view);
      await elsewhere(view, address, async (page, part) => {
        await done(page);
        await page.locator('[data-testid="keeps"][data-keeps="false"]').waitFor();
        assert.match(await part("keeps").innerText(), /keeps nothing/);
        // The link is still in the address: a reload loses nothing.
        await page.reload();
        await done(page);
        assert.equal(await part("scenario-json").inputValue(), QUICK);
      }, prepare);
    }),
  );
}

for (const [what, happens] of [["is forbidden", forbid], ["fills up", fill]]) {
  test(`a storage that ${what} while one works is told, and there is a way to keep the work`, { timeout: 120_000 }, () =>
    open(async (view) => {
      assert.equal(await view.page.locator('[data-testid="keeps"][data-keeps="false"]').count(), 0);
      await view.page.evaluate(happens);
      await view.setSeed(8);
      await view.page.locator('[data-testid="keeps"][data-keeps="false"]').waitFor();
      await view.settled();
      assert.equal(await view.state(), "done");
      assert.match(await link(view), /#s1\./);
    }));
}

test("within another page there are the board, the charts and a way out", { timeout: 120_000 }, () =>
  open(async (view) => {
    const address = await link(view);
    const [place, fragment] = address.split("#");
    await elsewhere(view, `${place}?embed#${fragment}`, async (page, part) => {
      await done(page);
      assert.equal(await part("design-card").count(), 2);
      assert.ok((await part("chart").count()) >= 3);
      assert.equal((await part("scenario-json").count()) + (await part("run").count()), 0);
      assert.equal(await page.evaluate(() => localStorage.getItem("stayfresh.scenario")), null);
      await page.goto(await part("open-full").getAttribute("href"));
      await part("run").waitFor();
      assert.equal(await part("scenario-json").inputValue(), QUICK);
    });
  }),
);
