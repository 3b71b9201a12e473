// What would change it: asked on the page, answered beside the run, the same as on the command line.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { QUICK, cli, playground } from "./harness.mjs";

const open = playground();

/** The longest that an answer may take, in ms. */
const ANSWER = 120_000;

/** A question's frame: `break-even`, `sensitivity` or `sweep`. */
const frame = (view, kind) => view.page.locator(`[data-testid="explore"][data-kind="${kind}"]`);
const part = (view, kind, testid) => frame(view, kind).locator(`[data-testid="${testid}"]`);

/** Waits until a question is answered so. */
async function becomes(view, kind, state) {
  await view.page.locator(`[data-testid="explore"][data-kind="${kind}"][data-state="${state}"]`).waitFor({ timeout: ANSWER });
}

async function ask(view, kind) {
  await part(view, kind, "explore-ask").click();
  await becomes(view, kind, "done");
}

/** Opens a chart's data table, which is made then. */
async function openTable(chart) {
  await chart.locator("summary").click();
  await chart.locator("tbody tr").first().waitFor();
}

/** The file that a button of a question hands out: its name and what is in it. */
async function taken(view, kind, testid) {
  const [download] = await Promise.all([view.page.waitForEvent("download"), part(view, kind, testid).click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

/** What the command line prints of the quick scenario. */
async function printed(command, ...args) {
  const { code, stdout, stderr } = await cli([command, "-", ...args], { input: QUICK });
  assert.equal(code, 0, stderr);
  return stdout;
}

test("a break-even of a price and of a parameter is the command line's", () =>
  open(async (view) => {
    const kind = "break-even";
    await ask(view, kind);
    const { name, text } = await taken(view, kind, "explore-json");
    assert.match(name, /^stayfresh-quick-break-even\.json$/);
    const { over } = JSON.parse(text);
    assert.match(over, /^\/prices\//);
    assert.equal(text, await printed("breakeven", "--over", over, "--of", "every 1h", "--versus", "every 1d", "--json"));
    assert.equal((await taken(view, kind, "explore-text")).text, await printed("breakeven", "--over", over));
    const says = await part(view, kind, "explore-says").allTextContents();
    assert.ok(says.length > 0 && says.every((sentence) => !sentence.includes("/prices")), says.join());

    const rate = "/world/two_state/sells_out_per_day";
    await part(view, kind, "explore-over").selectOption(rate);
    await part(view, kind, "explore-metric").selectOption("search_accuracy");
    await part(view, kind, "explore-from").fill("0.1");
    await part(view, kind, "explore-to").fill("2");
    await ask(view, kind);
    const args = ["--over", rate, "--from", "0.1", "--to", "2", "--metric", "search_accuracy"];
    assert.equal((await taken(view, kind, "explore-json")).text, await printed("breakeven", ...args, "--json"));
    const chart = frame(view, kind).locator('[data-chart="break-even"]');
    await openTable(chart);
    const { tried } = JSON.parse(await printed("breakeven", ...args, "--json"));
    assert.equal(await chart.locator("tbody tr").count(), tried.length);
  }));

test("what it rests on is the command line's", () =>
  open(async (view) => {
    const kind = "sensitivity";
    await ask(view, kind);
    assert.equal((await taken(view, kind, "explore-json")).text, await printed("sensitivity", "--json"));
    assert.equal((await taken(view, kind, "explore-text")).text, await printed("sensitivity"));
    const { effects } = JSON.parse(await printed("sensitivity", "--json"));
    const chart = frame(view, kind).locator('[data-chart="tornado"]');
    await openTable(chart);
    assert.equal(await chart.locator("tbody tr").count(), effects.length);
    assert.match(await chart.locator(".frame").getAttribute("aria-label"), /as things stand/);
  }));

test("a sweep is the command line's, to the hash", () =>
  open(async (view) => {
    const kind = "sweep";
    await ask(view, kind);
    const { text } = await taken(view, kind, "explore-json");
    const { over, sweep_hash } = JSON.parse(text);
    assert.equal(over.length, 1);
    const axis = `${over[0].over}=${over[0].values.map((value) => JSON.stringify(value)).join(",")}`;
    assert.equal(text, await printed("sweep", "--over", axis, "--json"));
    assert.equal((await taken(view, kind, "explore-csv")).text, await printed("sweep", "--over", axis, "--csv"));
    assert.equal(await part(view, kind, "explore-hash").getAttribute("data-hash"), sweep_hash);

    // Another metric of the same points, and its difference, need no further run.
    const chart = frame(view, kind).locator('[data-chart="sweep"]');
    await part(view, kind, "sweep-metric").selectOption("search_accuracy");
    await part(view, kind, "sweep-versus").selectOption("every 1d");
    await openTable(chart);
    assert.equal(await chart.locator("tbody tr").count(), over[0].values.length);
    assert.match(await chart.locator("tbody td").first().textContent(), /pp/);
    assert.equal(await chart.locator("thead th").count(), 2, "the design that is subtracted has no line");
  }));

test("a sweep over any pointer and a list", () =>
  open(async (view) => {
    const kind = "sweep";
    await part(view, kind, "explore-over").selectOption({ label: "By its JSON pointer …" });
    await part(view, kind, "explore-pointer").fill("/designs/every 1d/feeds/0/delivery/pull/every");
    await part(view, kind, "explore-spread").selectOption("list");
    await part(view, kind, "explore-list").fill("2h, 6h, 12h");
    await ask(view, kind);
    const axis = "/designs/every 1d/feeds/0/delivery/pull/every=2h,6h,12h";
    assert.equal((await taken(view, kind, "explore-json")).text, await printed("sweep", "--over", axis, "--json"));
  }));

test("what makes no sense is said where it is asked", () =>
  open(async (view) => {
    const problem = (kind) => part(view, kind, "explore-problem").textContent();
    await part(view, "sweep", "explore-from").fill("7h");
    await part(view, "sweep", "explore-to").fill("1h");
    await part(view, "sweep", "explore-ask").click();
    assert.match(await problem("sweep"), /a range that goes up/);
    await part(view, "sweep", "explore-over").selectOption({ label: "By its JSON pointer …" });
    await part(view, "sweep", "explore-pointer").fill("/nowhere");
    await part(view, "sweep", "explore-spread").selectOption("list");
    await part(view, "sweep", "explore-list").fill("1,2");
    await part(view, "sweep", "explore-ask").click();
    await becomes(view, "sweep", "failed");
    assert.match(await problem("sweep"), /nowhere/);
    await part(view, "break-even", "explore-metric").selectOption("accuracy");
    await part(view, "break-even", "explore-ask").click();
    await becomes(view, "break-even", "failed");
    assert.match(await problem("break-even"), /a price does not move accuracy; expected money/);
    await view.runBy(() => view.setKnob("/run/replicates", 1));
    await part(view, "sensitivity", "explore-ask").click();
    await becomes(view, "sensitivity", "failed");
    assert.match(await problem("sensitivity"), /one replicate has no intervals/);
  }));

test("what was found stays when the scenario is changed, marked as old", () =>
  open(async (view) => {
    await ask(view, "sweep");
    const hash = await part(view, "sweep", "explore-hash").getAttribute("data-hash");
    assert.equal(await part(view, "sweep", "explore-old").count(), 0);
    await view.runBy(() => view.setSeed(99));
    assert.equal(await part(view, "sweep", "explore-old").count(), 1);
    assert.equal(await part(view, "sweep", "explore-hash").getAttribute("data-hash"), hash);
    await ask(view, "sweep");
    assert.equal(await part(view, "sweep", "explore-old").count(), 0);
    assert.notEqual(await part(view, "sweep", "explore-hash").getAttribute("data-hash"), hash);
  }));

test("points come one by one while the page runs, and can be stopped", () =>
  open(
    async (view) => {
      const kind = "sweep";
      await part(view, kind, "explore-ask").click();
      await becomes(view, kind, "running");
      // One question at a time.
      assert.ok(await part(view, "sensitivity", "explore-ask").isDisabled());
      await part(view, kind, "explore-hash").waitFor({ timeout: ANSWER });
      assert.match(await part(view, kind, "explore-hash").textContent(), /^[1-4] of 5 points so far/);
      assert.match(await part(view, kind, "explore-pace").textContent(), /of 5 points, about .* left/);
      await part(view, kind, "explore-stop").click();
      await becomes(view, kind, "stopped");
      assert.match(await part(view, kind, "explore-hash").textContent(), /of 5 points so far/);
      // The run is on its own.
      await view.run();
      // And so is the next question, in a new worker.
      await part(view, "break-even", "explore-ask").click();
      await becomes(view, "break-even", "done");
    },
    { preset: "push-vs-pull" },
  ));

test("one design alone is compared with the bounds", () =>
  open(async (view) => {
    const one = { ...JSON.parse(QUICK), designs: [JSON.parse(QUICK).designs[0]] };
    await view.runBy(() => view.setJson(JSON.stringify(one)));
    await ask(view, "sensitivity");
    const { text } = await taken(view, "sensitivity", "explore-json");
    const { stdout } = await cli(["sensitivity", "-", "--bounds", "--json"], { input: JSON.stringify(one) });
    assert.equal(text, stdout);
    assert.equal(JSON.parse(await view.json()).bounds, undefined, "the page's text is as it was");
  }));

test("the frontier is chosen, read and told", () =>
  open(async (view) => {
    const chart = view.page.locator('[data-chart="frontier"]');
    assert.match(await chart.locator("h3").textContent(), /Running cost against search accuracy/);
    await openTable(chart);
    const rows = () => chart.locator("tbody tr").allTextContents();
    const { designs, frontier } = JSON.parse(await printed("run", "--json"));
    assert.equal((await rows()).length, designs.length);
    for (const [index, { probability }] of frontier.entries()) {
      assert.ok((await rows())[index].includes(`${(probability * 100).toFixed(0)}`), "share of replicates");
    }
    await view.part("frontier-y").selectOption("staleness_s");
    assert.match(await chart.locator("h3").textContent(), /against staleness/);
    await chart.locator(".frame").focus();
    await view.page.keyboard.press("ArrowDown");
    assert.match(await chart.locator('[data-testid="chart-reading"]').textContent(), /^every 1[hd]: Running cost/, "one design is read");
  }));

test("a tornado by keyboard alone", () =>
  open(async (view) => {
    const { keyboard } = view.page;
    const ask = part(view, "sensitivity", "explore-ask");
    for (let presses = 0; presses < 300; presses += 1) {
      if (await ask.evaluate((button) => button === document.activeElement)) break;
      await keyboard.press("Tab");
    }
    await keyboard.press("Enter");
    await becomes(view, "sensitivity", "done");
    const chart = frame(view, "sensitivity").locator('[data-chart="tornado"] .frame');
    for (let presses = 0; presses < 20; presses += 1) {
      if (await chart.evaluate((frame) => frame === document.activeElement)) break;
      await keyboard.press("Tab");
    }
    await keyboard.press("Home");
    const reading = () => frame(view, "sensitivity").locator('[data-testid="chart-reading"]').textContent();
    const first = await reading();
    await keyboard.press("ArrowDown");
    const second = await reading();
    assert.ok([first, second].every((said) => /at .+at /.test(said)) && first !== second, `${first} | ${second}`);
  }));
