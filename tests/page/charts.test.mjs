// Charts: what they tell, what lies behind them, what is hidden in them, and what is taken away from them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { QUICK, SCREENS, cli, playground } from "./harness.mjs";

const open = playground();

const chart = (view, name) => view.page.locator(`.charts [data-chart="${name}"]`);
const part = (of, testid) => of.locator(`[data-testid="${testid}"]`);
const EVERY = "/designs/0/feeds/0/delivery/pull/every";

/** Changes the first design, as a step of its own. */
async function move(view, every) {
  await view.runBy(() => view.setKnob(EVERY, every));
  await view.page.keyboard.press("Tab");
}

/** The file that a button of a chart hands out: its name and what is in it. */
async function taken(view, of, testid) {
  const [download] = await Promise.all([view.page.waitForEvent("download"), part(of, testid).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** The rows of a CSV in which no cell holds a quote or a line's end. */
const rows = (text) =>
  text.trim().split("\n").map((line) => [...line.matchAll(/(?<=^|,)("([^"]*)"|[^",]*)(?=,|$)/g)].map(([, plain, quoted]) => quoted ?? plain));

const legend = (of) => of.locator(".legend .entry").allTextContents();

/** A hash of what a chart shows. */
const drawn = (of) => of.locator("canvas").first().evaluate((canvas) => canvas.toDataURL());

test("what was before a change lies behind the charts until it is dismissed", () =>
  open(async (view) => {
    const accuracy = chart(view, "accuracy");
    assert.equal(await view.part("before").count(), 0, "nothing was before");
    const was = await view.metrics();
    await move(view, "12h");
    assert.match(await view.part("before").textContent(), /“every 1h”: .*1\sh, not 12\sh/);
    for (const name of ["accuracy", "staleness", "staleness-spread", "cost", "frontier"]) {
      assert.ok((await legend(chart(view, name))).some((entry) => entry.startsWith("before: ")), name);
    }
    // The cards say what changed, and of no design that did not.
    const card = (name) => view.page.locator(`[data-testid="design-card"][data-design="${name}"]`);
    assert.match(await part(card("every 1h"), "was").first().textContent(), /^was \d/);
    assert.equal(await part(card("every 1d"), "was").count(), 0);
    // The values now and then, by keys.
    await accuracy.locator(".frame").focus();
    await view.page.keyboard.press("Home");
    const read = await part(accuracy, "chart-reading").textContent();
    assert.match(read, /^day 0.*every 1h [\d.]+ %, before [\d.]+ %; every 1d [\d.]+ %, before [\d.]+ %\.$/);
    assert.ok(await part(accuracy, "chart-told").isVisible());
    // Its data go with the table.
    await accuracy.locator("summary").click();
    assert.ok((await accuracy.locator("thead").textContent()).includes("every 1h, before"));
    // What is gone back to is what it was.
    const ghost = await drawn(accuracy);
    await view.part("before-dismiss").click();
    assert.equal(await view.part("before").count(), 0);
    await view.page.waitForTimeout(200);
    assert.notEqual(await drawn(accuracy), ghost);
    await view.runBy(() => view.part("undo").click());
    assert.deepEqual(await view.metrics(), was);
    assert.match(await view.part("before").textContent(), /12\sh, not 1\sh/);
    // Another scenario is another question.
    await view.runBy(() => view.choose("textbook-polling"));
    assert.equal(await view.part("before").count(), 0);
    assert.equal(await view.page.locator(".legend .entry", { hasText: "before:" }).count(), 0);
  }));

test("a design that is called otherwise is compared with nothing", () =>
  open(async (view) => {
    await view.runBy(() => view.setJson(QUICK.replaceAll("every 1", "each 1")));
    assert.equal(await view.part("before").count(), 0);
  }));

test("kept runs are named, laid behind charts, gone back to, removed, and still there after a reload", () =>
  open(async (view) => {
    const first = await view.hash();
    await view.part("keep-run").click();
    assert.ok(await view.part("keep-run").isDisabled(), "once is enough");
    await view.part("kept-name").fill("as it was");
    await view.part("kept-name").press("Tab");
    await move(view, "6h");
    await view.part("before-dismiss").click();
    const accuracy = chart(view, "accuracy");
    assert.ok((await legend(accuracy)).some((entry) => entry === "as it was"));
    assert.match(await view.part("kept-run").textContent(), /1\sh, not 6\sh/);
    await view.part("kept-show").click();
    assert.ok(!(await legend(accuracy)).some((entry) => entry === "as it was"));
    await view.part("kept-show").click();

    await view.page.waitForTimeout(1000);
    await view.leave();
    await view.part("kept-run").waitFor();
    await view.settled();
    assert.equal(await view.part("kept-name").inputValue(), "as it was");
    assert.ok((await legend(accuracy)).some((entry) => entry === "as it was"));

    await view.runBy(() => view.part("kept-return").click());
    assert.equal(await view.hash(), first);
    await view.runBy(() => view.part("undo").click());
    assert.notEqual(await view.hash(), first);
    await view.part("kept-remove").click();
    assert.equal(await view.part("kept-run").count(), 0);
    await view.leave();
    await view.settled();
    assert.equal(await view.part("kept-run").count(), 0);
  }));

test("runs that the browser has no room for are kept until the page is closed, and it says so", () =>
  open(async (view) => {
    await view.page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException("full", "QuotaExceededError");
      };
    });
    await view.part("keep-run").click();
    await view.page.locator(".runs .notice").waitFor();
    assert.equal(await view.part("kept-run").count(), 1);
  }));

test("a legend hides and shows, by click and by key", () =>
  open(async (view) => {
    for (const name of ["accuracy", "cost", "frontier", "staleness-spread"]) {
      const of = chart(view, name);
      const entry = of.locator(".legend .entry").first();
      const before = await drawn(of);
      assert.equal(await entry.getAttribute("aria-pressed"), "true", name);
      await entry.click();
      assert.equal(await entry.getAttribute("aria-pressed"), "false", name);
      assert.match(await entry.evaluate((one) => getComputedStyle(one).textDecorationLine), /line-through/);
      await view.page.waitForTimeout(100);
      assert.notEqual(await drawn(of), before, `${name}: nothing was hidden`);
      await entry.focus();
      await view.page.keyboard.press("Enter");
      await view.page.waitForTimeout(100);
      assert.equal(await drawn(of), before, name);
    }
  }));

test("costs are read bar by bar", () =>
  open(async (view) => {
    const cost = chart(view, "cost");
    await cost.locator(".frame").focus();
    await view.page.keyboard.press("Home");
    assert.match(await part(cost, "chart-reading").textContent(), /^every 1h: .*Total \$/);
    await view.page.keyboard.press("ArrowDown");
    assert.match(await part(cost, "chart-reading").textContent(), /^every 1d: /);
    await view.page.keyboard.press("Escape");
    assert.equal(await part(cost, "chart-reading").textContent(), "");
  }));

test("a chart in the whole window is the same chart", () =>
  open(async (view) => {
    const accuracy = chart(view, "accuracy").first();
    const windowed = view.part("chart-window");
    await accuracy.locator(".legend .entry").first().click();
    await accuracy.locator(".frame").click();
    await windowed.waitFor();
    const { width, height } = SCREENS.laptop;
    const box = await windowed.locator(".frame").boundingBox();
    assert.ok(box.width > 0.9 * width && box.height > 0.5 * height, JSON.stringify(box));
    // What is hidden on the page is hidden here, and the other way round.
    const entry = windowed.locator(".legend .entry").first();
    assert.equal(await entry.getAttribute("aria-pressed"), "false");
    await entry.click();
    await windowed.locator(".frame").focus();
    await view.page.keyboard.press("Home");
    assert.match(await part(windowed, "chart-reading").textContent(), /every 1h [\d.]+ %/);
    await windowed.locator("summary").click();
    await windowed.locator("tbody tr").first().waitFor();
    assert.ok((await windowed.locator("tbody tr").count()) > 90);
    assert.match((await taken(view, windowed, "chart-csv")).bytes.toString(), /^Hour,every 1h \(share\)/);
    await view.shot("chart-window");
    await view.page.keyboard.press("Escape");
    await view.page.keyboard.press("Escape");
    assert.equal(await windowed.count(), 0);
    assert.equal(await accuracy.locator(".legend .entry").first().getAttribute("aria-pressed"), "true");
    // By keys: Enter on the chart, and the focus comes back.
    await accuracy.locator(".frame").focus();
    await view.page.keyboard.press("Enter");
    await windowed.waitFor();
    await part(windowed, "chart-close").click();
    assert.equal(await windowed.count(), 0);
  }));

test("data go away with every digit and their units, under the names of scenario and chart", () =>
  open(async (view) => {
    const { stdout } = await cli(["run", "-", "--json"], { input: QUICK });
    const { designs } = JSON.parse(stdout);
    const csv = async (name) => {
      const { name: file, bytes } = await taken(view, chart(view, name), "chart-csv");
      return { file, table: rows(bytes.toString()) };
    };
    const { file, table } = await csv("accuracy");
    assert.equal(file, "stayfresh-quick-accuracy.csv");
    assert.deepEqual(table[0], ["Hour", "every 1h (share)", "every 1d (share)"]);
    const curve = (index) => table.slice(1).map((row) => Number(row[index]));
    assert.deepEqual(curve(0), designs[0].series.hour);
    designs.forEach(({ series }, index) => assert.deepEqual(curve(index + 1), series.accuracy, "to the last bit"));

    const spread = await csv("staleness-spread");
    assert.equal(spread.file, "stayfresh-quick-staleness-spread.csv");
    assert.equal(spread.table[0][0], "Staler than (seconds)");
    const { than, above } = designs[1].distributions.served_staleness_s;
    const column = spread.table[0].indexOf("every 1d (share)");
    for (const row of spread.table.slice(1)) {
      const at = than.indexOf(Number(row[0]));
      if (at < 0) continue;
      assert.equal(Number(row[column]), above[at].mean);
      assert.deepEqual(row.slice(column + 1, column + 3).map(Number), above[at].ci95 ?? [0, 0]);
    }
    const cost = await csv("cost");
    assert.deepEqual(cost.table[0], ["USD a day", "every 1h (USD a day)", "every 1d (USD a day)"]);
    const total = Number(cost.table.at(-1)[1]);
    assert.ok(Math.abs(total / designs[0].costs.total.usd_per_day.mean - 1) < 1e-12, `${total}`);
  }));

test("pictures go away as they are: PNG at twice the size, SVG that needs nothing else", () =>
  open(async (view) => {
    const accuracy = chart(view, "accuracy");
    const { width } = await accuracy.locator("canvas").evaluate((canvas) => canvas.getBoundingClientRect());
    const png = await taken(view, accuracy, "chart-png");
    assert.equal(png.name, "stayfresh-quick-accuracy.png");
    assert.equal(png.bytes.subarray(1, 4).toString(), "PNG");
    assert.equal(png.bytes.readUInt32BE(16), 2 * (Math.floor(width) + 32));
    const svg = await taken(view, accuracy, "chart-svg");
    assert.equal(svg.name, "stayfresh-quick-accuracy.svg");
    const text = svg.bytes.toString();
    for (const said of ["Accuracy over time", "every 1h", "every 1d", 'xmlns="http://www.w3.org/2000/svg"']) {
      assert.ok(text.includes(said), said);
    }
    assert.ok(!/currentColor|class=/.test(text), "its colours stand in it");
    // As any program would open it: the page's own policy allows no such image.
    const elsewhere = await view.page.context().newPage();
    const seen = await elsewhere.evaluate(async (text) => {
      const read = new DOMParser().parseFromString(text, "image/svg+xml");
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      await image.decode();
      return { bad: read.querySelector("parsererror")?.textContent, width: image.naturalWidth };
    }, text);
    assert.deepEqual(seen, { bad: undefined, width: Math.floor(width) + 32 });
    // What is hidden is not in it.
    await accuracy.locator(".legend .entry", { hasText: "every 1d" }).click();
    const less = await taken(view, accuracy, "chart-svg");
    assert.ok(!/<text[^>]*>every 1d</.test(less.bytes.toString()));
  }));

test("to move over a chart draws none anew", () =>
  open(async (view) => {
    const measures = () =>
      view.page.evaluate(() =>
        performance.getEntriesByType("measure").filter(({ name }) => name.startsWith("chart ")).map(({ name, startTime, duration }) => ({ name, startTime, duration })));
    const before = await measures();
    assert.ok(before.length >= 5, JSON.stringify(before));
    const frame = chart(view, "accuracy").locator(".frame");
    await frame.scrollIntoViewIfNeeded();
    const box = await frame.boundingBox();
    const canvas = await chart(view, "accuracy").locator("canvas").elementHandle();
    for (let step = 1; step < 10; step += 1) await view.page.mouse.move(box.x + (box.width * step) / 10, box.y + 40);
    await view.page.waitForTimeout(200);
    assert.deepEqual(await measures(), before);
    assert.ok(await canvas.evaluate((canvas) => canvas.isConnected), "it is the same canvas");
    // The values stand within the chart, and the line where the pointer is.
    const told = await part(chart(view, "accuracy"), "chart-told").boundingBox();
    assert.ok(told.x >= box.x && told.x + told.width <= box.x + box.width + 1, JSON.stringify({ told, box }));
    const rule = await frame.locator(".rule").evaluate((rule) => rule.getBoundingClientRect().toJSON());
    assert.ok(Math.abs(rule.x - (box.x + box.width * 0.9)) < box.width / 10, JSON.stringify({ rule, box }));
  }));
