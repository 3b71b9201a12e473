// The page tells what a scenario sets and what happened in it, and nothing that means nothing.

import assert from "node:assert/strict";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { QUICK, SCREENS, SHOTS, cli, playground } from "./harness.mjs";
import { RICH, TRACE, bookings } from "./rich.mjs";

const open = playground();
const text = (scenario) => JSON.stringify(scenario, null, 2);

const runs = async (view, scenario) => view.runBy(() => view.setJson(text(scenario)));

test("faults, events and audits are on the page", () =>
  open(async (view) => {
    await runs(view, RICH);
    const card = view.page.locator('[data-testid="design-card"][data-design="push, watched"]');
    // Lines of the drawing may be broken: its description is not.
    const drawing = await card.locator(".pipeline").getAttribute("aria-label");
    const said = `${drawing} ${await card.textContent()}`;
    for (const words of ["3 consumers, 20 ms each", "window 5 min after first", "sold out: 6 h", "alert at lag above 10 min", "outage of deltas"]) {
      assert.ok(said.replaceAll(/\s+/g, " ").includes(words), `the card does not say ${words}: ${said}`);
    }
    const { stdout } = await cli(["run", "-", "--json"], { input: text(RICH) });
    const [pushed] = JSON.parse(stdout).designs;
    assert.equal(await view.hash(), JSON.parse(stdout).results_hash);

    const events = await card.locator('[data-testid="event"]').allTextContents();
    for (const what of ["outage began", "outage repaired", "leak began"]) {
      assert.ok(events.some((event) => event.includes(what)), `no ${what} in ${events}`);
    }
    assert.match(events[0], /^day 1, 12:00/);

    for (const [name, { bias }] of Object.entries(pushed.audits)) {
      const cell = card.locator(`[data-testid="audit"][data-audit="${name}"][data-metric="bias"]`);
      assert.equal(Number(await cell.getAttribute("data-value")), bias.mean);
    }
    const noticed = await card.locator('[data-testid="noticed"]').allTextContents();
    assert.equal(noticed.length, pushed.faults.length, "each fault says whether it was noticed");
    for (const [place, fault] of pushed.faults.entries()) {
      assert.match(noticed[place], fault.noticed > 0 ? /^noticed by .+ after \d/ : /^(not noticed|nothing watches)$/);
    }

    const chart = view.page.locator('[data-chart="audits"]');
    assert.equal(await chart.count(), 1, "one design is audited");
    await chart.locator("summary").click();
    const table = await chart.locator("table").textContent();
    for (const head of ["truth", "panel", "random", "Fault"]) assert.ok(table.includes(head), head);

    const accuracy = view.page.locator('[data-chart="accuracy"]');
    assert.match(await accuracy.locator(".frame").getAttribute("aria-label"), /Faults: outage, day 1, 12:00 to day 1, 14:/);
    await accuracy.locator("summary").click();
    assert.ok((await accuracy.locator("td.fault").allTextContents()).some((cell) => cell.includes("outage")));
    assert.match(await view.page.locator(".shocks").textContent(), /searches × 0.3: day\s5,\s00:00, for 6\sh/);
  }));

test("bounds stand beside the designs, without knobs", () =>
  open(async (view) => {
    const cards = () => view.part("design-card").evaluateAll((all) => all.map((card) => card.dataset.design));
    const before = await cards();
    await view.runBy(() => view.page.getByRole("switch", { name: "Compare with bounds" }).check());
    assert.deepEqual(await cards(), [...before, "ideal", "do nothing"]);
    assert.equal(JSON.parse(await view.json()).bounds, true);
    const metrics = await view.metrics();
    assert.ok(metrics["ideal/accuracy"] > metrics["every 1h/accuracy"]);
    assert.equal(await view.page.locator(".rail .group h3", { hasText: "ideal" }).count(), 0);
    await view.runBy(() => view.page.getByRole("switch", { name: "Compare with bounds" }).uncheck());
    assert.deepEqual(await cards(), before);
  }));

test("knobs of new kinds edit the text and run it", () =>
  open(async (view) => {
    await runs(view, RICH);
    const designs = async () => JSON.parse(await view.json()).designs;
    const type = (pointer, value) => view.runBy(() => view.setKnob(pointer, value));
    await type("/designs/0/feeds/0/delivery/push/consumers", "5");
    assert.equal((await designs())[0].feeds[0].delivery.push.consumers, 5);
    await type("/designs/0/cache/sold_out_ttl", "the same");
    assert.ok(!("sold_out_ttl" in (await designs())[0].cache), "what is none is taken out");

    await view.runBy(() => view.knob("/designs/2/feeds/0/delivery/pull").selectOption({ label: "at an interval" }));
    const { pull } = (await designs())[2].feeds[0].delivery;
    assert.deepEqual(Object.keys(pull).sort(), ["every", "rate_limit"]);

    await view.runBy(() => view.knob("/designs/2/feeds/0").selectOption({ label: "deltas" }));
    assert.equal((await designs())[2].feeds[0].source, "deltas");

    // What a fault needs cannot be chosen away: that is said, and nothing is lost.
    const before = await view.json();
    await view.knob("/designs/1/feeds/0").selectOption({ label: "hints" });
    const problem = view.page.locator(".knob .problem");
    await problem.waitFor();
    assert.equal(await view.json(), before);
    assert.equal(await view.jsonError(), undefined);
  }));

test("demand is set by hand, hints are gathered and asks after them limited", () =>
  open(async (view) => {
    const world = { count: 4, booking_window: "20d", max_nights: 3, searches_per_request: 50 };
    const demand = { requests_per_hotel_per_day: 4 };
    const hints = { name: "hints", source: "hints", delivery: { push: { latency: { fixed: "2s" } } } };
    await runs(view, {
      version: 1,
      run: { warmup: "1d", length: "3d", replicates: 2 },
      world: { hotels: { ...world, supplier_changes_per_hotel_per_day: 3, demand } },
      designs: [{ name: "hints", feeds: [hints] }],
    });
    const scenario = async () => JSON.parse(await view.json());
    const demanded = async () => (await scenario()).world.hotels.demand;
    const at = (key) => `/world/hotels/demand/${key}`;
    await view.page.locator(".rail summary", { hasText: "Profile, and what is set by hand" }).click();
    const usual = await view.hash();

    // The field shows what is published; what is typed takes its place.
    const nights = view.knob(at("nights"));
    const published = await nights.inputValue();
    assert.match(published, /^0\.168, 0\.2712, /);
    await view.runBy(() => view.setKnob(at("nights"), "1, 2, 0.5"));
    assert.deepEqual((await demanded()).nights, [1, 2, 0.5]);
    assert.notEqual(await view.hash(), usual);
    await view.setKnob(at("nights"), "1, two");
    const problem = view.page.locator(".knob .problem");
    await problem.waitFor();
    assert.match(await problem.textContent(), /expected a number in each row/);
    assert.deepEqual((await demanded()).nights, [1, 2, 0.5]);
    await view.runBy(() => view.setKnob(at("nights"), ""));
    assert.equal((await demanded()).nights, undefined);
    assert.equal(await nights.inputValue(), published);
    assert.equal(await view.hash(), usual);

    await view.runBy(() => view.knob(at("lead_time")).selectOption({ label: "exponential" }));
    await view.runBy(() => view.setKnob(at("lead_time/exponential/mean"), "20d"));
    assert.deepEqual((await demanded()).lead_time, { exponential: { mean: "20d" } });

    const push = "/designs/0/feeds/0/delivery/push";
    await view.runBy(() => view.knob(`${push}/window`).selectOption({ label: "by the clock" }));
    await view.runBy(() => view.setKnob(`${push}/window/clock`, "6h"));
    const limit = "/designs/0/feeds/0/source/hints/rate_limit";
    await view.runBy(() => view.knob(limit).selectOption({ label: "on" }));
    await view.runBy(() => view.setKnob(`${limit}/per_second`, "2"));
    const [feed] = (await scenario()).designs[0].feeds;
    assert.deepEqual(feed.delivery.push.window, { clock: "6h" });
    assert.deepEqual(feed.source, { hints: { rate_limit: { per_second: 2 } } });
    // Four hotels of 60 stays at once would be 4 a second over their minute; misses ask a little besides.
    const peak = (await view.metrics())["hints/live_asks_peak_per_s"];
    assert.ok(peak > 1 && peak < 2.5, `${peak} a second`);
    await view.page.screenshot({ path: join(SHOTS, "by-hand.png") });
  }));

test("a knob takes the place of an inherited choice, and the text says so", () =>
  open(async (view) => {
    const [base] = JSON.parse(QUICK).designs;
    const cache = { ttl: { fixed: "6h" } };
    const designs = [{ ...base, cache }, { name: "heir", like: base.name }, { name: "own", like: base.name, cache: { ttl: { fixed: "2h" } } }];
    await runs(view, { ...JSON.parse(QUICK), designs });
    const ttl = async (place) => JSON.parse(await view.json()).designs[place].cache?.ttl;
    const choose = (place, label) =>
      view.runBy(() => view.knob(`/designs/${place}/cache/ttl`).selectOption({ label }));

    await choose(1, "jittered");
    assert.deepEqual(await ttl(1), { fixed: null, jittered: { mean: "6h", spread: 0.5 } });
    await view.runBy(() => view.setKnob("/designs/1/cache/ttl/jittered/mean", "3h"));
    assert.deepEqual(await ttl(1), { fixed: null, jittered: { mean: "3h", spread: 0.5 } });
    // Who has chosen keeps it when the other, which it is like, chooses anew.
    await choose(0, "sliding");
    assert.deepEqual(await ttl(0), { sliding: "6h" });
    assert.deepEqual(await ttl(2), { fixed: "2h", sliding: null });
    assert.equal(await view.knob("/designs/2/cache/ttl/fixed").inputValue(), "2h");
    assert.equal(await view.page.locator(".knob .problem").count(), 0);
    const { stdout } = await cli(["run", "-", "--json"], { input: await view.json() });
    assert.equal(await view.hash(), JSON.parse(stdout).results_hash);
  }));

test("a trace waits for its file, says what became of its rows, and runs", () =>
  open(async (view) => {
    // Nothing that is chosen leaves the machine: what is asked for are files of the page, and nothing is sent along.
    const asked = [];
    const here = new URL(view.page.url()).origin;
    view.page.on("request", (request) => {
      const { protocol, origin, pathname, search } = new URL(request.url());
      // An address may end with the name of a build, and with nothing else.
      const address = /^\/[\w.-]*$/.test(pathname) && /^(\?[\d.]*-?[0-9a-f]{16})?$/.test(search) ? origin : request.url();
      if (!["blob:", "data:"].includes(protocol)) asked.push([request.method(), address, request.postData()].join(" "));
    });
    await view.setJson(text(TRACE));
    await view.page.locator(".files .wanted").waitFor();
    assert.equal(await view.state(), "idle");
    await view.part("run").click();
    assert.equal(await view.state(), "failed");
    assert.match(await view.page.locator(".notice.bad").textContent(), /bookings\.csv/);

    const file = { name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from(bookings()) };
    await view.runBy(() => view.part("file").setInputFiles(file));
    assert.match(await view.part("file-report").textContent(), /mine\.csv.*600 of 601 rows are used/);
    const files = await view.page.locator(".files").textContent();
    assert.match(files, /line 602/);
    assert.match(files, /not used: remark/);
    await view.page.locator(".files").scrollIntoViewIfNeeded();
    await view.shot("trace");

    // A worker that was stopped has lost its files; the next one is given them again.
    const hash = await view.hash();
    await view.setJson(text({ ...TRACE, run: { ...TRACE.run, replicates: 5000 } }));
    await view.page.locator('body[data-run="running"]').waitFor();
    await view.part("cancel").click();
    await view.runBy(() => view.setJson(text(TRACE)));
    assert.equal(await view.hash(), hash);

    assert.deepEqual(asked.filter((one) => one !== `GET ${here} `), []);

    // What is too large is not even read, and what was there stays.
    const folder = await mkdtemp(join(tmpdir(), "stayfresh-"));
    const large = join(folder, "large.csv");
    await writeFile(large, "");
    await truncate(large, 300 * 2 ** 20);
    await view.part("file").setInputFiles(large);
    assert.match(await view.part("file-refused").textContent(), /large\.csv has 300 MB.*fewer hotels/);
    assert.equal(await view.hash(), hash);
    await rm(folder, { recursive: true });

    const empty = { name: "empty.csv", mimeType: "text/csv", buffer: Buffer.from("hotel,booked_at\n") };
    await view.part("file").setInputFiles(empty);
    await view.page.locator('body[data-run="failed"]').waitFor();
    assert.match(await view.page.locator(".notice.bad").textContent(), /check_in|columns/);
  }));

test("whole-world designs show progress and can be cancelled", () =>
  open(async (view) => {
    const long = structuredClone(RICH);
    long.run.replicates = 2000;
    long.designs = long.designs.slice(0, 1);
    long.faults = [];
    await view.setJson(text(long));
    await view.page.waitForFunction(() => document.querySelector('[data-testid="progress"]').value > 1);
    await view.part("cancel").click();
    await view.page.locator('body[data-run="idle"]').waitFor({ timeout: 1000 });
    await view.runBy(() => view.setJson(QUICK));
  }));

test("a broken invariant fails the run and shows no number", () =>
  open(async (view) => {
    await view.page.route("**/engine.js*", (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: `const say = (what) => postMessage(JSON.stringify(what));
          say({ ready: { build: location.search.slice(1) } });
          onmessage = ({ data }) => say({ defect: { job: JSON.parse(data).number, message: "searches = hits + misses" } });`,
      }));
    await view.leave();
    await view.page.locator('body[data-run="failed"]').waitFor();
    assert.match(await view.page.locator(".notice.bad").textContent(), /A defect of stayfresh: searches = hits \+ misses/);
    assert.deepEqual(Object.values(await view.metrics()).filter(Number.isFinite), []);
    assert.equal(await view.hash(), "");
  }));

for (const [screen, { width }] of Object.entries(SCREENS)) {
  for (const scheme of ["light", "dark"]) {
    test(`all of it fits a ${screen} screen, ${scheme}`, () =>
      open(
        async (view) => {
          await runs(view, RICH);
          await view.shot(`rich-${screen}-${scheme}`);
          await view.shot(`rich-${screen}-${scheme}-full`, { fullPage: true });
          const needed = await view.page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(needed <= width, `${needed} px wide on a screen of ${width}`);
          // Beside the results the whole form is open; below them only what is short: neither demand nor prices, and no design.
          const closed = await view.page.locator(".rail .group:not([open])").count();
          assert.equal(closed, screen === "phone" ? RICH.designs.length + 2 : 0);
          const cut = await view.page.locator(".pipeline text").evaluateAll((texts) =>
            texts.filter((text) => {
              const box = text.closest("g").querySelector("rect").getBBox();
              const { x, width } = text.getBBox();
              return x + width > box.x + box.width - 2;
            }).map((text) => text.textContent));
          assert.deepEqual(cut, [], "words that leave their box");
        },
        { screen, scheme },
      ));
  }
}

test("what it comes to, with what to mind and who it is fit for", () =>
  open(
    async (view) => {
      const { code, stdout, stderr } = await cli(["run", "misread-metric", "--replicates", "2", "--json"]);
      assert.equal(code, 0, stderr);
      const { verdict, audiences } = JSON.parse(stdout);
      await view.runBy(() => view.setKnob("/run/replicates", 2));
      const texts = (part) => view.part(part).allInnerTexts();
      const plain = (text) => text.replaceAll("\u00a0", " ").replaceAll("\u2060", "");
      // What a sentence said before the change stands below it.
      const said = (await texts("verdict")).map((text) => plain(text.split("\n")[0]));
      assert.deepEqual(
        said,
        verdict.sentences.map(({ text }) => text),
      );
      assert.equal((await texts("warning")).length, verdict.warnings.length);
      const shown = await texts("audience");
      assert.deepEqual(
        shown.map((text) => text.split("\n")[0]),
        audiences.map(({ name }) => `Fit for ${name}?`),
      );
    },
    { preset: "misread-metric" },
  ));

test("what a change came to stands below the question, once both runs are whole", () =>
  open(async (view) => {
    const moved = async () => (await view.part("moved").textContent()).replaceAll("\u00a0", " ");
    assert.equal(await view.part("moved").count(), 0, "nothing has changed");
    const every = "/designs/1/feeds/0/delivery/pull/every";
    const before = await view.metrics();
    await view.runBy(() => view.setKnob(every, "12h"));
    await view.settled();
    const said = await moved();
    assert.match(said, /^“every 1d”: .*1 d → 12 h: accuracy [\d.]+ % → [\d.]+ %, total cost \$[\d.,]+ → \$[\d.,]+ a day; cheapest to run is still “every 1d”\.$/);
    const after = await view.metrics();
    const [was, is] = said.match(/\$([\d.,]+)/g).map((cost) => Number(cost.slice(1).replaceAll(",", "")));
    for (const [shown, { "every 1d/total_usd_per_day": cost }] of [[was, before], [is, after]]) {
      assert.ok(Math.abs(shown / cost - 1) < 0.05, `${shown} is said, ${cost} is found`);
    }
    // The verdict says what it was, from where it differs.
    const running = view.page.locator('[data-testid="verdict"][data-about="running_cost"]');
    assert.match(await running.locator('[data-testid="verdict-was"]').textContent(), /^before: \$/);
    assert.ok((await view.part("was").count()) > 0);

    // Of a part of a run nothing is said: its numbers differ for that alone.
    await view.setKnob("/run/replicates", 20000);
    await view.page.waitForFunction(() => document.querySelector('[data-testid="progress"]').value > 0);
    for (const part of ["moved", "was", "verdict-was"]) assert.equal(await view.part(part).count(), 0, part);
    await view.part("cancel").click();
    await view.page.locator('body[data-run="idle"]').waitFor();
    assert.equal(await view.part("moved").count(), 0);
  }));

test("what grows with the board says for which size it is", () =>
  open(async (view) => {
    const scenario = JSON.parse(QUICK);
    scenario.world.two_state.represents = 5000;
    await runs(view, scenario);
    const rows = await view.page.locator(".numbers tbody th").allTextContents();
    for (const [title, size] of [["Running cost, a day", "as simulated: 50 stays"], ["Running cost, a day", "for 5,000 stays"], ["Live asks, busiest minute", "as simulated"]]) {
      assert.ok(rows.some((row) => row.startsWith(`${title}, ${size}`)), `${title}, ${size}: ${rows}`);
    }
    const about = (what) => view.page.locator(`[data-testid="verdict"][data-about="${what}"]`).textContent();
    assert.match(await about("running_cost"), /^In running cost a day, for 5,000 stays, /);
    const card = view.part("design-card").first();
    assert.match(await card.locator(".represented").textContent(), /^both costs for 5,000 stays$/);
    // The card's cost is the verdict's and the table's.
    const cost = await card.locator('.row:has([data-metric="cost_usd_per_day"]) .value').textContent();
    const found = view.page.locator(".numbers tbody tr", { hasText: "Running cost, a day, for 5,000 stays" });
    assert.ok((await found.locator("td").nth(1).textContent()).includes(cost.trim()), cost);
  }));

test("the cheapest design that is right enough is found, by any quality and any cost", () =>
  open(async (view) => {
    const answer = () => view.part("glance-answer").textContent();
    const of = (design, metric) => view.page.locator(`[data-testid="metric"][data-design="${design}"][data-metric="${metric}"]`);
    const designs = await view.part("design-card").evaluateAll((cards) => cards.map((card) => card.dataset.design));
    const numbers = await Promise.all(
      designs.map(async (name) => ({
        name,
        accuracy: Number(await of(name, "accuracy").getAttribute("data-value")),
        cost: Number(await of(name, "cost_usd_per_day").getAttribute("data-value")),
        total: Number(await of(name, "total_usd_per_day").getAttribute("data-value")),
      })),
    );
    const [cheap, dear] = numbers.toSorted((one, other) => one.cost - other.cost);
    assert.ok(cheap.accuracy < dear.accuracy, "what costs less is worse");
    assert.ok(cheap.total > dear.total, "and in the end costs more");
    await view.part("glance-least").fill("1");
    // All costs together are asked for first; that the other would answer otherwise is said.
    assert.ok((await answer()).startsWith(`“${dear.name}”, `), await answer());
    assert.match(await view.part("glance").innerText(), new RegExp(`By running cost it would be “${cheap.name}”`));
    await view.part("glance-cost").selectOption("cost_usd_per_day");
    assert.ok((await answer()).startsWith(`“${cheap.name}”, `), await answer());
    const between = Math.floor(1000 * (cheap.accuracy + dear.accuracy) / 2) / 10;
    await view.part("glance-least").fill(String(between));
    assert.ok((await answer()).startsWith(`“${dear.name}”, `), await answer());
    const rows = view.part("glance").locator("tbody tr");
    assert.deepEqual(await rows.evaluateAll((rows) => rows.map((row) => row.className)), ["held", "missed"]);
    await view.part("glance-quality").selectOption("freshness");
    await view.part("glance-cost").selectOption("total_usd_per_day");
    await view.part("glance-least").fill("100");
    assert.equal(await answer(), "no design here reaches it.");
  }));
