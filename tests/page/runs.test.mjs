// Running: at once, to the same numbers as the command line, and never at the cost of the page.

import assert from "node:assert/strict";
import { test } from "node:test";

import { QUICK, cli, playground } from "./harness.mjs";

const open = playground();

const presets = JSON.parse((await cli(["presets", "--json"])).stdout).map((preset) => preset.name);

/**
 * What a reader bears, in ms. A frame also waits for the renderer, which here is software and shares the cores
 * with the engine, so it is allowed more than a task.
 */
const PATIENCE = { firstNumber: 1000, task: 200, frame: 1000 };

// The page opens with the first, so that one runs in full. More replicates of the others would be more of the same.
test("every preset has the command line's numbers, to the last bit", (t) =>
  open(
    async (view) => {
      for (const preset of presets) await t.test(preset, () => isTheCommandLines(view, preset));
    },
    { preset: presets[0] },
  ));

async function isTheCommandLines(view, preset) {
  const few = preset === presets[0] ? [] : ["--replicates", "2"];
  if (few.length > 0) {
    await view.runBy(async () => {
      await view.choose(preset);
      await view.setKnob("/run/replicates", few[1]);
    });
  }
  const { code, stdout, stderr } = await cli(["run", preset, ...few, "--json"]);
  assert.ok(code === 0 || code === 1, stderr);
  const results = JSON.parse(stdout);
  assert.equal(await view.hash(), results.results_hash);
  const shown = Object.entries(await view.metrics());
  assert.ok(shown.length >= results.designs.length, "metrics are missing");
  for (const [key, value] of shown) {
    const [design, metric] = [key.slice(0, key.lastIndexOf("/")), key.slice(key.lastIndexOf("/") + 1)];
    const { metrics } = results.designs.find(({ name }) => name === design);
    // What a design does not have is shown without a value.
    assert.equal(value, metrics[metric]?.mean ?? Number.NaN, key);
  }
}

test("shows its first numbers within a second, and never freezes", () =>
  open(async (view) => {
    await view.choose(presets[0]);
    await view.settled();
    // Another program can delay any one run; what the page itself does, it does each time.
    const attempts = [];
    const isGood = (seen) => Object.entries(PATIENCE).every(([what, most]) => seen[what] <= most);
    do {
      await view.settled();
      await view.watch();
      await view.runBy(() => view.setSeed(attempts.length + 1));
      attempts.push(await view.watched());
      console.log(attempts.at(-1));
    } while (!isGood(attempts.at(-1)) && attempts.length < 4);
    assert.ok(attempts.some(isGood), `in ms, ${JSON.stringify(attempts)} is beyond ${JSON.stringify(PATIENCE)}`);
    assert.ok(await view.part("chart").first().isVisible());
  }));

test("can be cancelled, and goes on after", () =>
  open(async (view) => {
    const hash = await view.hash();
    await view.setJson(QUICK.replace(/"replicates": \d+/, '"replicates": 20000'));
    await view.page.locator('body[data-run="running"]').waitFor();
    const since = Date.now();
    await view.part("cancel").click();
    await view.page.locator('body[data-run="idle"]').waitFor();
    assert.ok(Date.now() - since <= 1000, "cancelling took more than a second");
    await view.runBy(() => view.setJson(QUICK));
    assert.equal(await view.hash(), hash);
  }));

test("another seed gives other numbers, and the first seed the first", () =>
  open(async (view) => {
    const seeded = async (seed) => {
      await view.runBy(() => view.setSeed(seed));
      return view.hash();
    };
    const first = await view.part("seed").inputValue();
    const hash = await view.hash();
    assert.notEqual(await seeded(Number(first) + 1), hash);
    assert.equal(await seeded(first), hash);
  }));

/** A run that others help with, and its hash. */
const LONG = { ...JSON.parse(QUICK), run: { warmup: "1d", length: "28d", replicates: 60 } };
LONG.world.two_state.stays = 3000;
const hashOf = async (scenario) => {
  const { stdout } = await cli(["run", "-", "--json"], { input: JSON.stringify(scenario) });
  return JSON.parse(stdout).results_hash;
};

/** Runs it with two helpers, as many as the browser says that there are processors, whatever this machine has; in the
 * midst of it, does this to them. */
const runHelped = async (view, interfere) => {
  const { page } = view;
  await page.evaluate(() => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => 3 }));
  assert.equal(page.workers().length, 1, "nobody helps before it takes long");
  await view.runBy(async () => {
    await view.setJson(JSON.stringify(LONG));
    await page.waitForFunction(() => document.body.dataset.run === "running");
    for (let waited = 0; page.workers().length < 3 && waited < 100; waited += 1) await page.waitForTimeout(50);
    assert.equal(page.workers().length, 3, "two help");
    await page.waitForTimeout(200);
    await interfere(page.workers().slice(1));
    assert.equal(await view.state(), "running", "it was over before");
  });
};

test("others help with a long run: its numbers are those of one worker, also where one of them is gone", () =>
  open(async (view) => {
    // It ends without a word.
    await runHelped(view, ([, last]) => last.evaluate(() => self.close()));
    assert.equal(await view.hash(), await hashOf(LONG));
    // And the next run goes on with who is left.
    await view.runBy(() => view.setSeed(8));
    assert.equal(await view.hash(), await hashOf({ ...LONG, seed: 8 }));
  }));

test("what others say late, or say twice, is counted once", () =>
  open(async (view) => {
    const repeat = (after) => {
      const say = MessagePort.prototype.postMessage;
      MessagePort.prototype.postMessage = function (...what) {
        setTimeout(() => say.apply(this, what), after);
        setTimeout(() => say.apply(this, what), after + 10);
      };
    };
    // One says all so late that the run is done before: what it was given is taken back, and answered meanwhile.
    await runHelped(view, (helpers) => Promise.all(helpers.map((helper, place) => helper.evaluate(repeat, place * 1_500))));
    assert.equal(await view.hash(), await hashOf(LONG));
  }));
