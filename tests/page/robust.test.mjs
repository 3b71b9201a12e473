// What goes wrong around the page does it no harm: an engine that dies or is of another build, two tabs, a network that
// is gone, and a long day's work in one tab.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { playground, QUICK } from "./harness.mjs";

const open = playground();

/** Lets the engine end as it does when its memory is used up: by an error that nobody catches. */
const dies = (worker) =>
  worker.evaluate(() => void setTimeout(() => { throw new RangeError("Array buffer allocation failed"); }, 0));

test("an engine that dies is replaced, and the scenario stays", () =>
  open(async (view) => {
    const { page } = view;
    const first = await view.hash();
    const text = await view.json();
    const [engine] = page.workers();
    const gone = engine.waitForEvent("close");
    await dies(engine);
    await gone;
    // The next run, by another, is as any other.
    await view.setSeed(8);
    await view.settled();
    assert.equal(await view.state(), "done");
    await view.setSeed(7);
    await view.settled();
    assert.equal(await view.hash(), first);
    assert.equal(await view.json(), text);
    assert.equal(await page.locator(".notice.bad").count(), 0);
  }));

test("an engine that falls silent is cancelled like any other, and replaced", () =>
  open(async (view) => {
    const { page } = view;
    const first = await view.hash();
    const [engine] = page.workers();
    // It never comes back from here.
    engine.evaluate(() => { for (;;); }).catch(() => {});
    await view.setSeed(8);
    await page.locator('body[data-run="running"]').waitFor();
    await page.waitForTimeout(1000);
    assert.equal(await view.state(), "running");
    await view.part("cancel").click();
    await page.locator('body[data-run="idle"]').waitFor();
    await view.setSeed(7);
    await view.settled();
    assert.equal(await view.state(), "done");
    assert.equal(await view.hash(), first);
  }));

/** A program whose memory cannot grow beyond so many pages of 64 kB: what is asked for then is not there. */
function withMemory(program, pages) {
  const number = (at) => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = program[at++];
      value += (byte & 127) * 2 ** shift;
      shift += 7;
      if (byte < 128) return { value, at };
    }
  };
  const written = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...written(value >>> 7)]);
  // Sections follow one another: a kind, a length, and so many bytes. Of memories there is one, without a limit.
  for (let at = 8; at < program.length; ) {
    const { value: length, at: from } = number(at + 1);
    if (program[at] === 5) {
      const least = number(from + 2);
      assert.deepEqual([program[from], program[from + 1]], [1, 0]);
      const section = [1, 1, ...written(least.value), ...written(Math.max(pages, least.value))];
      return Buffer.concat([program.subarray(0, at), Buffer.from([5, ...written(section.length), ...section]), program.subarray(from + length)]);
    }
    at = from + length;
  }
  throw new Error("a program without a memory");
}

test("an engine that gets no more memory in the middle of a run says so, is replaced, and the scenario stays", () =>
  open(async (view) => {
    const { page } = view;
    const first = await view.hash();
    await page.route("**/worker_bg.wasm*", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: withMemory(await response.body(), 640) }).catch(() => {});
    });
    await view.leave();
    await view.settled();
    assert.equal(await view.hash(), first, "40 MB are enough for little");
    // All stays at once, as room that is bound has them meet.
    const large = JSON.parse(QUICK);
    large.world.two_state.stays = 1_000_000;
    large.designs = [{ name: "room", cache: { capacity: { entries: 500_000, evict: "lru" } } }];
    const text = JSON.stringify(large, null, 2);
    await view.setJson(text);
    await page.locator('body[data-run="failed"]').waitFor();
    assert.match(await page.locator(".notice.bad").textContent(), /ran out of memory.*smaller/);
    assert.equal(await view.json(), text);
    // Another engine is there for what it can do.
    await view.runBy(() => view.setJson(QUICK));
    assert.equal(await view.hash(), first);
    assert.equal(await page.locator(".notice.bad").count(), 0);
  }));

test("an engine of another build is not believed", () =>
  open(async (view) => {
    const { page } = view;
    const build = /build ([0-9a-f]{16})/.exec(await page.locator(".foot").textContent())[1];
    const other = build.replace(/./, (first) => (first === "0" ? "1" : "0"));
    // The engine as it is, but for its name, which stands in it once or several times.
    await page.route("**/worker_bg.wasm*", async (route) => {
      const response = await route.fetch();
      const bytes = Buffer.from((await response.body()).toString("latin1").replaceAll(build, other), "latin1");
      // The page may have been left meanwhile.
      await route.fulfill({ response, body: bytes }).catch(() => {});
    });
    await view.leave();
    await page.locator(".notice.bad").filter({ hasText: "different builds. Reload the page" }).waitFor();
    assert.equal(await view.json(), QUICK);
    await page.unroute("**/worker_bg.wasm*");
    await view.leave();
    await view.settled();
    assert.equal(await view.state(), "done");
  }));

test("two tabs at once keep their own, and the next visit has what was changed last", () =>
  open(async (view) => {
    const { page } = view;
    const other = await page.context().newPage();
    await other.goto(page.url());
    const text = (of) => of.locator('[data-testid="scenario-json"]').inputValue();
    await other.locator('[data-testid="run"]').waitFor();
    const put = async (of, seed) => {
      const seedField = of.locator('[data-testid="seed"]');
      await seedField.fill(String(seed));
      await seedField.press("Tab");
    };
    await put(page, 101);
    await page.waitForTimeout(1000);
    await put(other, 202);
    await page.waitForTimeout(1000);
    await other.reload();
    await view.leave();
    for (const [of, seed] of [[page, 101], [other, 202]]) {
      await of.locator('[data-testid="run"]').waitFor();
      assert.match(await text(of), new RegExp(`"seed": ${seed}`));
    }
    // A tab that was only loaded anew has taken nothing away.
    await page.waitForTimeout(1000);
    const third = await page.context().newPage();
    await third.goto(page.url());
    await third.locator('[data-testid="run"]').waitFor();
    assert.match(await text(third), /"seed": 202/);
    await view.settled();
  }));

test("each tab's kept runs stay beside the others', also where there is no more room", () =>
  open(async (view) => {
    const { page } = view;
    const visit = async () => {
      const tab = await page.context().newPage();
      await tab.goto(new URL("/", page.url()).href);
      await tab.locator('body[data-run="done"]').waitFor();
      return tab;
    };
    const keep = async (tab, name) => {
      await tab.locator('[data-testid="keep-run"]').click();
      const field = tab.locator('[data-testid="kept-name"]').last();
      await field.fill(name);
      await field.press("Tab");
    };
    const names = (tab) => tab.locator('[data-testid="kept-name"]').evaluateAll((all) => all.map(({ value }) => value));
    const seed = async (tab, seed) => {
      await tab.locator('[data-testid="seed"]').fill(String(seed));
      await tab.locator('[data-testid="seed"]').press("Tab");
      await tab.locator('[data-testid="keep-run"]:enabled').waitFor();
      await tab.locator('body[data-run="done"]').waitFor();
    };
    const other = await visit();
    await keep(page, "here");
    await seed(other, 8);
    await keep(other, "there");
    const third = await visit();
    assert.deepEqual((await names(third)).sort(), ["here", "there"]);
    // One more, and there is no room for it: those that are there stay.
    await third.evaluate(() => {
      Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
    });
    await seed(third, 9);
    await keep(third, "no room");
    await third.getByText("The browser has no room for these runs").waitFor();
    assert.deepEqual((await names(await visit())).sort(), ["here", "there"]);
    // One that is removed is gone, and no other.
    await page.locator('[data-testid="kept-remove"]').click();
    assert.deepEqual(await names(await visit()), ["there"]);
  }));

/** Ends the tab without a word: neither unload nor pagehide is heard. The scenario that the next one has. */
async function afterCrash(view) {
  const { page } = view;
  const session = await page.context().newCDPSession(page);
  session.send("Page.crash").catch(() => {});
  await page.waitForEvent("crash");
  view.complaints.length = 0;
  const next = await page.context().newPage();
  await next.goto(new URL("/", page.url()).href);
  await next.locator('[data-testid="run"]').waitFor();
  return next.locator('[data-testid="scenario-json"]').inputValue();
}

test("a tab that ends while one types has lost a second's work at most", () =>
  open(async (view) => {
    const { page } = view;
    const typed = [];
    // Without a pause: what waited for one would keep nothing.
    for (const since = Date.now(); Date.now() - since < 3_000; ) {
      const question = `typed ${typed.length}`;
      await view.setJson(JSON.stringify({ ...JSON.parse(QUICK), question }, undefined, 2));
      typed.push([question, Date.now()]);
      await page.waitForTimeout(50);
    }
    const ended = Date.now();
    const { question } = JSON.parse(await afterCrash(view));
    const [, at] = typed.find(([typed]) => typed === question) ?? [];
    assert.ok(ended - at <= 1_000, `${question} is ${ended - at} ms old`);
  }));

test("a tab that ends without a word has lost a second's work at most", () =>
  open(async (view) => {
    const { page } = view;
    await view.setSeed(303);
    await page.waitForTimeout(1000);
    assert.match(await afterCrash(view), /"seed": 303/);
  }));

test("without a network what is there goes on", () =>
  open(async (view) => {
    const { page } = view;
    await page.context().setOffline(true);
    await view.setSeed(9);
    await view.settled();
    assert.equal(await view.state(), "done");
    // The editor proper is not there yet: the plain field does as well.
    await view.editor().scrollIntoViewIfNeeded();
    await view.setJson((await view.json()).replace('"seed": 9', '"seed": 10'));
    await view.settled();
    assert.equal(await view.state(), "done");
    await page.context().setOffline(false);
    await view.setSeed(7);
    await view.settled();
    assert.equal(await view.state(), "done");
    // The browser says of its own accord that it could not fetch.
    view.complaints = view.complaints.filter((said) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(said));
  }));

/** What the page's process holds by itself, in MB: its heap, its programs' memory, and its workers'. */
async function held(view) {
  const { page } = view;
  const session = await page.context().newCDPSession(page);
  for (let times = 0; times < 3; times += 1) await session.send("HeapProfiler.collectGarbage");
  await session.detach();
  const browser = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await browser.send("SystemInfo.getProcessInfo");
  await browser.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const sizes = await Promise.all(
    renderers.map(async ({ id }) => {
      const rollup = await readFile(`/proc/${id}/smaps_rollup`, "utf8").catch(() => "");
      return Number(/^Private_Dirty: +(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
    }),
  );
  return Math.max(...sizes);
}

test("500 runs in one tab: memory stays flat within 5 %", { skip: process.platform !== "linux", timeout: 900_000 }, () =>
  open(async (view) => {
    const { page } = view;
    /** So many runs, each of another seed, as somebody does who plays. */
    const runs = (from, to) =>
      page.evaluate(async ([from, to]) => {
        const field = document.querySelector('[data-testid="seed"]');
        for (let run = from; run < to; run += 1) {
          const before = watched.runs();
          field.value = String(1 + (run % 9));
          field.dispatchEvent(new Event("input", { bubbles: true }));
          field.dispatchEvent(new Event("change", { bubbles: true }));
          const ends = performance.now() + 20_000;
          while (watched.runs() === before || watched.quietFor() === 0) {
            if (performance.now() > ends) throw new Error(`run ${run} does not end`);
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
        }
      }, [from, to]);
    /** What is held after so many runs: the median of five looks, ten runs apart, for one look may err by as much as 5 %. */
    const heldFrom = async (from) => {
      const looks = [];
      for (let look = 0; look < 5; look += 1) {
        await runs(from + 10 * look, from + 10 * (look + 1));
        looks.push(await held(view));
      }
      return looks.sort((a, b) => a - b)[2];
    };
    // Until what is kept of runs, to undo and to compare, is as much as it will be.
    await runs(0, 150);
    const before = await heldFrom(150);
    await runs(200, 650);
    const after = await heldFrom(650);
    const grown = after / before - 1;
    console.log(`memory after 150 runs ${before.toFixed(0)} MB, after 500 more ${after.toFixed(0)} MB`);
    assert.ok(grown < 0.05, `${before.toFixed(1)} MB became ${after.toFixed(1)} MB`);
  }));
