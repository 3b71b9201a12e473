// The scenario as text: completed from the schema, judged in place by the program alone, laid out, opened, saved,
// dropped, and one with the form.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../tools/process.mjs";
import { cli, playground, QUICK } from "./harness.mjs";

const open = playground();

const COMMENTED = `${QUICK.replace("{", "{ // Ours.")}\n/* the end */`;

/** Puts the cursor behind the first place where this is written. */
async function after(view, words) {
  const text = await view.json();
  const at = text.indexOf(words);
  assert.ok(at >= 0, `${words} is not in ${text}`);
  const before = text.slice(0, at + words.length).split("\n");
  await view.editor().focus();
  await view.page.keyboard.press("Control+Home");
  for (let line = 1; line < before.length; line += 1) await view.page.keyboard.press("ArrowDown");
  await view.page.keyboard.press("Home");
  await view.page.keyboard.press("Home");
  // Home goes to the first word, then to the line's beginning, and back.
  const indent = /^\s*/.exec(text.split("\n")[before.length - 1])[0].length;
  const column = await view.page.evaluate(() => getSelection().anchorOffset);
  if (column !== 0 && indent > 0) await view.page.keyboard.press("Home");
  for (let column = 0; column < before.at(-1).length; column += 1) await view.page.keyboard.press("ArrowRight");
}

/** Waits until the page shows this text. */
async function becomes(view, text) {
  const shows = (wanted) => document.querySelector('[data-testid="scenario-json"]').value === wanted;
  await view.page.waitForFunction(shows, text, { timeout: 5000 }).catch(async () => assert.equal(await view.json(), text));
}

const offers = (view) => view.page.locator(".cm-tooltip-autocomplete li");

/** What is offered, once that is there. */
async function offered(view) {
  await offers(view).first().waitFor({ timeout: 5000 });
  return (await offers(view).allInnerTexts()).map((text) => text.split("\n")[0]);
}

/** Chooses one of what is offered, with the keyboard. */
async function choose(view, label) {
  const index = (await offered(view)).indexOf(label);
  assert.ok(index >= 0, `${label} is not offered: ${await offered(view)}`);
  // A list that has only just come up does not take a key yet.
  await view.page.waitForTimeout(150);
  for (let press = 0; press < index; press += 1) await view.page.keyboard.press("ArrowDown");
  await view.page.keyboard.press("Enter");
}

/** Drops files on the page, as from a folder. */
async function drop(view, files, { onto = "body", only } = {}) {
  await view.page.evaluate(
    ([files, onto, only]) => {
      const held = new DataTransfer();
      for (const { name, bytes, size } of files) {
        held.items.add(new File([size ? new Uint8Array(size).fill(32) : new Uint8Array(bytes)], name));
      }
      const target = document.querySelector(onto);
      for (const kind of only ?? ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: held }));
      }
    },
    [files, onto, only],
  );
}

const file = (name, text) => ({ name, bytes: [...Buffer.from(text)] });
const said = (view, outcome) => view.page.locator(`[data-testid="incoming"][data-outcome="${outcome}"]`);

test("the editor is no part of the page until one gets near, and plain text does till then", () =>
  open(async (view) => {
    const fetched = () => view.page.evaluate(() => performance.getEntriesByType("resource").filter(({ name }) => name.includes("editor.js")).length);
    assert.equal(await fetched(), 0, "it was fetched before anyone was near");
    assert.equal(await view.state(), "done");
    assert.equal(await view.editor().evaluate((node) => node.tagName), "TEXTAREA");
    await view.openEditor();
    assert.equal(await fetched(), 1);
    assert.equal(await view.editor().getAttribute("aria-label"), "Scenario as JSON");
    assert.equal(await view.editor().getAttribute("role"), "textbox");
    // What scripts have always used is there still, and is the same text.
    assert.match(await view.json(), /textbook/i);
  }, { preset: "textbook-ttl" }));

test("where it cannot be fetched, plain text is edited and that is said", () =>
  open(async (view) => {
    await view.page.route(/editor\.js/, (route) => route.abort());
    await view.leave();
    await view.part("run").waitFor();
    await view.settled();
    await view.editor().scrollIntoViewIfNeeded();
    await view.page.locator(".ed-keys", { hasText: "could not be loaded" }).waitFor();
    await view.runBy(() => view.setJson(QUICK.replace('"seed": 7', '"seed": 8')));
    await view.editor().press("Control+z");
    await becomes(view, QUICK);
    await view.setJson("{ half");
    await view.page.locator("#json-error button").first().click();
    assert.equal(await view.editor().evaluate((node) => node === document.activeElement), true);
    await view.setJson(QUICK);
    await view.settled();
    view.complaints.splice(0, view.complaints.length, ...view.complaints.filter((one) => !/editor\.js|ERR_FAILED/.test(one)));
  }));

test("an editor of another build is not taken: plain text does", () =>
  open(async (view) => {
    const { page } = view;
    await page.route(/editor\.js/, async (route) => {
      const response = await route.fetch();
      const script = await response.text();
      const other = script.replace(/stayfreshEditor\.build = "[^"]+"/, 'stayfreshEditor.build = "0.0.0-another"');
      assert.notEqual(other, script, "it names its build");
      await route.fulfill({ response, body: other }).catch(() => {});
    });
    await view.leave();
    await view.part("run").waitFor();
    await view.settled();
    await view.editor().scrollIntoViewIfNeeded();
    await page.locator(".ed-keys", { hasText: "could not be loaded" }).waitFor();
    assert.equal(await page.locator(".cm-editor").count(), 0);
    await view.runBy(() => view.setJson(QUICK.replace('"seed": 7', '"seed": 8')));
  }));

test("names and values are completed from the schema, with the keyboard alone", { timeout: 180_000 }, () =>
  open(async (view) => {
    await view.openEditor();
    await after(view, '"name": "every 1h",');
    await view.page.keyboard.type(' "');
    assert.deepEqual((await offered(view)).slice(0, 4), ["audits", "cache", "like", "operations"]);
    await view.page.keyboard.type("ca");
    await choose(view, "cache");
    // Its value is begun, and what may stand in it comes with Ctrl + Space.
    await view.page.keyboard.press("Control+Space");
    await choose(view, "ttl");
    const values = await offered(view);
    assert.ok(values.includes('"none"') && values.includes('{ "fixed": … }'), values.join());
    await choose(view, '{ "fixed": … }');
    await view.page.keyboard.type("6h");
    await view.page.keyboard.press("Escape");
    await view.settled();
    const { designs } = JSON.parse(await view.json());
    assert.deepEqual(designs[0].cache, { ttl: { fixed: "6h" } });
    assert.equal(await view.jsonError(), undefined);
    // The form has what was typed.
    assert.equal(await view.knob("/designs/0/cache/ttl/fixed").inputValue(), "6h");
    // Names of this very scenario.
    await after(view, '"name": "every 1d"');
    await view.page.keyboard.type(', "like": "');
    assert.deepEqual(await offered(view), ['"every 1h"']);
    await view.shot("editor-completes");
    await view.page.keyboard.press("Escape");
    await view.setJson(QUICK);
  }));

test("what a name means is said where it stands", () =>
  open(async (view) => {
    await view.openEditor();
    await view.page.locator(".cm-line span", { hasText: '"replicates"' }).hover();
    const about = view.page.locator(".cm-about");
    await about.waitFor();
    assert.match(await about.innerText(), /replicates[\s\S]*whole number[\s\S]*Default: 8/);
  }));

test("a mistake is marked in place, in the margin and below, and all lead there", () =>
  open(async (view) => {
    await view.openEditor();
    await view.setJson(QUICK.replace('"replicates": 3', '"replicats": 3'));
    await view.page.locator(".cm-lintRange-error").waitFor();
    assert.equal(await view.page.locator(".cm-lintRange-error").innerText(), '"replicats"');
    assert.equal(await view.page.locator(".cm-lint-marker-error").count(), 1);
    assert.equal(await view.editor().getAttribute("aria-invalid"), "true");
    await view.page.locator(".cm-lintRange-error").hover();
    const hint = view.page.locator(".cm-diagnostic");
    await hint.waitFor();
    assert.match(await hint.innerText(), /replicats[\s\S]*did you mean `replicates`/);
    await view.shot("editor-marks");
    await view.page.mouse.move(2, 2);
    await view.page.locator("#json-error button").click();
    assert.equal(await view.editor().evaluate((node) => node === document.activeElement), true);
    assert.equal(await view.page.evaluate(() => getSelection().toString()), '"replicats"');
    // What is typed goes there, and mends it.
    await view.runBy(() => view.page.keyboard.type('"replicates'));
    await view.part("json-error").waitFor({ state: "hidden" });
    assert.equal(await view.page.locator(".cm-lintRange-error").count(), 0);
    assert.equal(await view.editor().getAttribute("aria-invalid"), "false");
    await view.settled();
  }));

test("a text is laid out anew by key and button, with its comments, and that can be undone", () =>
  open(async (view) => {
    const untidy = COMMENTED.replace('"seed": 7', '"seed"  :   7 // seven\n').replace(/\n {2,}/g, "\n");
    await view.openEditor();
    await view.setJson(untidy);
    await view.settled();
    const hash = await view.hash();
    await view.editor().press("Shift+Alt+f");
    await view.page.waitForFunction((text) => document.querySelector('[data-testid="scenario-json"]').value !== text, untidy);
    const tidy = await view.json();
    assert.match(tidy, /^\{ \/\/ Ours\.\n {2}"version": 1,\n/);
    assert.match(tidy, /\n {2}"seed": 7, \/\/ seven\n[\s\S]*\n\}\n\/\* the end \*\/\n$/);
    await view.settled();
    assert.equal(await view.hash(), hash);
    await view.part("scenario-format").click();
    assert.equal(await view.json(), tidy);
    await view.editor().press("Control+z");
    await becomes(view, untidy);
    await view.setJson("{ half");
    assert.ok(await view.part("scenario-format").isDisabled());
    await view.setJson(QUICK);
    await view.settled();
  }));

test("form and text are one: an edit of one place, one history, comments stay", { timeout: 180_000 }, () =>
  open(async (view) => {
    await view.openEditor();
    await view.setJson(COMMENTED);
    await view.settled();
    const scroll = () => view.page.locator(".cm-scroller").evaluate((node) => node.scrollTop);
    await after(view, '"title": "Quick"');
    const before = await scroll();
    await view.setKnob("/run/replicates", 4);
    await view.settled();
    assert.equal(await view.json(), COMMENTED.replace('"replicates": 3', '"replicates": 4'));
    assert.equal(await view.page.locator(".cm-line", { hasText: '"replicates"' }).innerText(), '    "replicates": 4');
    assert.equal(await scroll(), before);
    // The cursor is where it was.
    await view.editor().focus();
    await view.page.keyboard.type(" ");
    assert.equal(await view.json(), COMMENTED.replace('"replicates": 3', '"replicates": 4').replace('"Quick"', '"Quick" '));
    // What was typed is one step, the knob another; both are undone in the text.
    await view.page.keyboard.press("Control+z");
    await becomes(view, COMMENTED.replace('"replicates": 3', '"replicates": 4'));
    await view.page.keyboard.press("Control+z");
    await becomes(view, COMMENTED);
    assert.equal(await view.knob("/run/replicates").inputValue(), "3");
    await view.page.keyboard.press("Control+Shift+z");
    await becomes(view, COMMENTED.replace('"replicates": 3', '"replicates": 4'));
    assert.equal(await view.knob("/run/replicates").inputValue(), "4");
    // And those of the text in the bar.
    await view.part("undo").click();
    await becomes(view, COMMENTED);
    assert.equal(await view.page.locator(".cm-line", { hasText: '"replicates"' }).innerText(), '    "replicates": 3');
    await view.settled();
  }));

test("Tab leaves the text, and the find panel closes with Escape", () =>
  open(async (view) => {
    await view.openEditor();
    await view.editor().focus();
    await view.page.keyboard.press("Control+f");
    await view.page.locator(".cm-search input[name=search]").waitFor();
    // Only lines that are seen are drawn, and marked.
    await view.page.keyboard.type("per_day");
    await view.page.locator(".cm-searchMatch").nth(2).waitFor();
    await view.shot("editor-finds");
    await view.page.keyboard.press("Escape");
    await view.page.keyboard.press("Tab");
    assert.equal(await view.editor().evaluate((node) => node.contains(document.activeElement)), false);
    assert.equal(await view.json(), QUICK);
  }));

test("what is saved is the text to the last byte, and the command line finds the same in it", { timeout: 180_000 }, () =>
  open(async (view) => {
    const text = `\u{feff}${COMMENTED.replaceAll("\n", "\r\n")}`;
    await view.part("scenario-open").setInputFiles({ name: "ours.jsonc", mimeType: "", buffer: Buffer.from(text) });
    await said(view, "taken").waitFor();
    await view.settled();
    for (const save of [
      async () => view.part("scenario-save").click(),
      async () => {
        await view.openEditor();
        await view.editor().press("Control+s");
      },
    ]) {
      const [saved] = await Promise.all([view.page.waitForEvent("download"), save()]);
      assert.equal(saved.suggestedFilename(), "quick.json");
      const path = await saved.path();
      assert.equal(await readFile(path, "utf8"), text);
      const { code, stdout, stderr } = await cli(["run", path, "--json"]);
      assert.equal(code, 0, stderr);
      assert.equal(JSON.parse(stdout).results_hash, await view.hash());
    }
    // An edit keeps the ends of its lines.
    await after(view, "// Ours.");
    await view.page.keyboard.type(" And yours.");
    const saving = view.page.waitForEvent("download");
    await view.editor().press("Control+s");
    assert.equal(await readFile(await (await saving).path(), "utf8"), text.replace("Ours.", "Ours. And yours."));
    await view.settled();
  }));

test("a scenario is dropped anywhere, also on the editor; undo brings back what was there", { timeout: 180_000 }, () =>
  open(async (view) => {
    const preset = await readFile(join(root, "scenarios", "textbook-ttl.json"), "utf8");
    await drop(view, [file("mine.json", preset)], { onto: "main", only: ["dragenter", "dragover"] });
    await view.part("drop-zone").waitFor();
    await view.shot("editor-drop");
    await drop(view, [file("mine.json", preset)], { onto: "main", only: ["dragleave"] });
    await view.part("drop-zone").waitFor({ state: "detached" });
    await view.openEditor();
    for (const onto of [".bar", ".cm-content"]) {
      await drop(view, [file("mine.json", preset)], { onto });
      await said(view, "taken").waitFor();
      await view.part("drop-zone").waitFor({ state: "detached" });
      await view.settled();
      assert.equal(await view.json(), preset);
      assert.match(await view.page.locator(".cm-content").innerText(), /textbook|ttl/i);
      await view.part("undo").click();
      await becomes(view, QUICK);
      await view.settled();
      await said(view, "taken").getByRole("button").click();
    }
  }));

test("a file that is no scenario is refused in a word, and nothing is lost", () =>
  open(async (view) => {
    for (const [held, why] of [
      [[{ name: "photo.png", bytes: [0x89, 0x50, 0x4e, 0x47, 0, 0xff] }], /photo\.png is no text/],
      [[{ name: "zeros.json", bytes: [0x7b, 0, 0, 0x7d] }], /no text/],
      [[{ name: "huge.json", size: 9 << 20 }], /9 MB.*at most 8/],
      [[file("bookings.csv", "hotel\n")], /this scenario reads none/],
      [[file("a.json", QUICK), file("b.json", QUICK)], /One scenario at a time/],
    ]) {
      await drop(view, held);
      await said(view, "refused").filter({ hasText: why }).waitFor();
      assert.equal(await view.json(), QUICK);
    }
    assert.ok(await view.part("design-card").first().isVisible());
  }));

test("a table goes to the scenario that reads one, also when both are dropped", { timeout: 180_000 }, () =>
  open(async (view) => {
    const trace = {
      version: 1, run: { warmup: "0s", length: "3d", replicates: 2 },
      world: { trace: { bookings: "bookings.csv", booking_window: "30d", max_nights: 2 } },
      designs: [{ name: "none" }],
    };
    const row = (index) => `h${index % 4},2026-01-0${1 + (index % 3)}T0${index % 9}:00:00Z,2026-01-${10 + (index % 9)},1,1,`;
    const rows = ["hotel,booked_at,check_in,nights,rooms,cancelled_at", ...Array.from({ length: 60 }, (_, index) => row(index))];
    const table = file("mine.csv", rows.join("\n"));
    await drop(view, [table, file("trace.json", JSON.stringify(trace))]);
    await said(view, "taken").filter({ hasText: "mine.csv is read as bookings.csv" }).waitFor();
    assert.equal(await view.json(), JSON.stringify(trace));
    await view.page.locator(".files .wanted").waitFor({ state: "detached" });
    await view.settled();
  }));
