// Parts of a scenario by form: what can be added, renamed and removed, from blank to any scenario, by keyboard too.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cli, playground } from "./harness.mjs";

const open = playground();

/** The scenario as it is now. */
const now = async (view) => {
  const { stdout, code, stderr } = await cli(["run", "-", "--json"], { input: await view.json() });
  // What is expected need not hold.
  assert.ok(code <= 1, stderr);
  return JSON.parse(stdout).scenario;
};

/** Opens all that is closed, so that what is in it can be got at. */
const unfold = (view) =>
  view.page.locator(".rail details").evaluateAll((all) => {
    for (const one of all) one.open = true;
  });

/** What adds to a list. */
const adder = (view, list) => view.page.locator(`[data-testid="add-part"][data-list="${list}"]`);

/** Adds one of a kind to a list. */
async function add(view, list, kind) {
  await unfold(view);
  await adder(view, list).locator('[data-testid="add-part-menu"]').click();
  await adder(view, list).locator('[role="menuitem"]', { hasText: kind }).first().click();
}

/** Removes an item. */
async function remove(view, pointer) {
  await unfold(view);
  await view.page.locator(`[data-testid="remove-part"][data-part="${pointer}"]`).click();
}

/** Chooses an option of a knob by its words. */
async function choose(view, pointer, words) {
  await unfold(view);
  await view.knob(pointer).selectOption({ label: words });
}

const undo = (view) => view.part("undo").click();

test("from blank to a scenario with everything in it, by form alone", () =>
  open(
    async (view) => {
      const blank = await view.json();
      await add(view, "/designs/0/feeds", "Deltas, pushed");
      await add(view, "/designs/0/feeds", "Dataset");
      await add(view, "/designs/0/audits", "Rotating");
      await add(view, "/faults", "Bad dataset");
      await add(view, "/faults", "Traffic drop");
      await add(view, "/audiences", "Who reads all of it");
      await add(view, "/audiences/0/needs", "Need");
      await add(view, "/expect", "Of a design");
      await unfold(view);
      await view.setKnob("/title", "All of it");
      await view.setKnob("/designs/0/feeds/1/name", "row changes");
      const scenario = await now(view);
      assert.equal(scenario.title, "All of it");
      assert.deepEqual(scenario.designs[0].feeds.map((feed) => feed.name), ["poll", "row changes", "dataset"]);
      assert.deepEqual(scenario.designs[0].audits.map((audit) => audit.name), ["rotating"]);
      assert.deepEqual(scenario.faults.map((fault) => Object.keys(fault)[0]), ["bad_dataset", "traffic_drop"]);
      // It befalls what it can befall.
      assert.equal(scenario.faults[0].bad_dataset.feed, "dataset");
      assert.equal(scenario.audiences[0].needs.length, 2);
      assert.equal(scenario.expect.length, 1);
      // Each was one step.
      for (let step = 0; step < 10; step += 1) await undo(view);
      assert.equal(await view.json(), blank);
    },
    { preset: "blank" },
  ));

test("removing says what goes with it, and one undo brings it back", () =>
  open(
    async (view) => {
      const before = await view.json();
      await add(view, "/designs/0/feeds", "Dataset");
      await add(view, "/faults", "Bad dataset");
      const both = await view.json();
      await remove(view, "/designs/0/feeds/1");
      await view.part("removing").waitFor();
      assert.match(await view.part("removing").textContent(), /the fault “bad dataset”/);
      await view.part("remove-all").click();
      await view.part("removing").waitFor({ state: "hidden" });
      const scenario = await now(view);
      assert.equal(scenario.designs[0].feeds.length, 1);
      assert.equal(scenario.faults.length, 0);
      await undo(view);
      assert.equal(await view.json(), both);
      // What nothing hangs on goes at once.
      await remove(view, "/faults/0");
      assert.equal(await view.part("removing").count(), 0);
      assert.equal((await now(view)).faults.length, 0);
      for (let step = 0; step < 3; step += 1) await undo(view);
      assert.equal(await view.json(), before);
    },
    { preset: "blank" },
  ));

test("what makes no sense is refused in words, where it was asked", () =>
  open(async (view) => {
    const before = await view.json();
    await add(view, "/faults", "Bad dataset");
    const why = adder(view, "/faults").locator(".problem");
    await why.waitFor();
    assert.match(await why.textContent(), /strikes nothing here; expected a feed whose source is `dataset`/);
    await unfold(view);
    await view.setKnob("/designs/0/feeds/0/name", "12");
    const name = view.page.locator(".knob", { has: view.knob("/designs/0/feeds/0/name") }).locator(".problem");
    assert.match(await name.textContent(), /place in the list/);
    assert.equal(await view.knob("/designs/0/feeds/0/name").inputValue(), "12", "to be mended, not typed again");
    assert.equal(await view.json(), before);
  }));

test("any kind of world, with the file that it reads asked for", () =>
  open(async (view) => {
    const before = await view.json();
    await choose(view, "/world", "hotels");
    assert.ok((await now(view)).world.hotels);
    await choose(view, "/world", "from a file");
    await view.page.locator("#files").waitFor();
    assert.match(await view.json(), /"bookings": "bookings.csv"/);
    await undo(view);
    await undo(view);
    assert.equal(await view.json(), before);
    await choose(view, "/world/two_state", "in classes");
    await unfold(view);
    await view.setKnob("/world/two_state/rate_classes", "0.9 0.5, 0.1 5.5");
    assert.deepEqual((await now(view)).world.two_state.rate_classes, [
      { share: 0.9, times: 0.5 },
      { share: 0.1, times: 5.5 },
    ]);
  }));

test("a fault strikes what is chosen, of what it can strike", () =>
  open(async (view) => {
    await add(view, "/faults", "Outage");
    const strikes = view.knob("/faults/0/outage");
    const options = await strikes.locator("option").allTextContents();
    assert.deepEqual(options, ["all designs", "every 1h", "every 1h: poll", "every 1d", "every 1d: poll"]);
    await choose(view, "/faults/0/outage", "every 1d: poll");
    const { outage } = (await now(view)).faults[0];
    assert.deepEqual([outage.design, outage.feed], ["every 1d", "poll"]);
  }));

test("comments stay, and a design keeps what it shares with another until it differs", () =>
  open(async (view) => {
    await view.setJson(`{ "version": 1, // the format
  "run": { "warmup": "1d", "length": "4d", "replicates": 2 },
  "world": { "two_state": { "stays": 50, "sells_out_per_day": 0.5, "reopens_per_day": 1.5 } },
  "designs": [
    // What we have.
    { "name": "a", "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "6h" } } }] },
    { "name": "b", "like": "a", "cache": { "ttl": { "fixed": "1h" } } } // What we want.
  ] }`);
    await view.settled();
    await add(view, "/designs/0/feeds", "Hints");
    await remove(view, "/designs/1/feeds/0");
    const text = await view.json();
    for (const comment of ["// the format", "// What we have.", "// What we want."]) assert.ok(text.includes(comment), text);
    const scenario = await now(view);
    assert.deepEqual(scenario.designs.map((design) => design.feeds.map((feed) => feed.name)), [["poll", "hints"], ["hints"]]);
  }));

test("by keyboard: a part is added and removed, and the focus is where one goes on", () =>
  open(async (view) => {
    await unfold(view);
    const { keyboard } = view.page;
    const named = () => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent;
    const focused = () => view.page.evaluate(named);
    const focuses = (words) => view.page.waitForFunction(`(${named})().startsWith(${JSON.stringify(words)})`);
    await adder(view, "/designs/0/audits").locator("button").focus();
    await focuses("Add an audit");
    await keyboard.press("Enter");
    await keyboard.press("ArrowDown");
    await focuses("Random");
    await keyboard.press("Escape");
    await focuses("Add an audit");
    await keyboard.press("Enter");
    await keyboard.press("Enter");
    await view.page.waitForFunction(() => document.activeElement.textContent === "Audit panel");
    // On to the end of the part.
    for (let stops = 0; stops < 40 && !(await focused()).startsWith("Remove this audit"); stops += 1) await keyboard.press("Tab");
    await focuses("Remove this audit: panel");
    await keyboard.press("Enter");
    await view.page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Add an audit");
    assert.equal((await now(view)).designs[0].audits.length, 0);
  }));

test("on a phone, what a part is added to stays open", () =>
  open(
    async (view) => {
      await view.part("assumptions").click();
      const menu = adder(view, "/faults").locator('[data-testid="add-part-menu"]');
      await menu.click();
      await adder(view, "/faults").locator('[role="menuitem"]', { hasText: "Outage" }).click();
      await view.knob("/faults/0/outage/at").waitFor();
      assert.ok(await menu.isVisible());
    },
    { screen: "phone" },
  ));
