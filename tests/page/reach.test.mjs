// Everything is within reach: the form on a phone, a scenario by what it says, a talk where there is none, the text
// from the top of the page, and the one bracket that is not closed.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { playground, QUICK } from "./harness.mjs";

const open = playground();

/** Where the results stand in the window: what comes above them moves the page, not them. */
const scroll = (view) => view.page.evaluate(() => Math.round(document.querySelector(".board").getBoundingClientRect().top));
const isSheetUp = (view) => view.part("assumptions").getAttribute("aria-expanded").then((up) => up === "true");
const glance = (view) => view.page.locator(".glance li b").allInnerTexts();

test("on a phone the form comes up over the results and goes again, by keyboard too", { timeout: 120_000 }, () =>
  open(
    async (view) => {
      const { page } = view;
      const knob = view.knob("/designs/0/feeds/0/delivery/pull/every");
      assert.equal(await knob.isVisible(), false, "the form lies under the results");
      const button = await view.part("assumptions").boundingBox();
      assert.ok(button.height >= 44 && button.y + button.height <= 844 && button.y > 844 - 100, JSON.stringify(button));
      await page.evaluate(() => document.querySelector(".board").scrollIntoView());
      const place = await scroll(view);
      assert.ok(Math.abs(place) < 300, `the board is at ${place}`);
      await view.part("assumptions").press("Enter");
      assert.equal(await isSheetUp(view), true);
      await page.waitForFunction(() => document.activeElement.id === "assumptions-form");
      const form = await page.locator(".rail").boundingBox();
      assert.ok(form.y > 844 * 0.3 && form.y < 844 * 0.5, `the form begins at ${form.y}`);
      assert.ok(form.y + form.height <= button.y, "the form lies over its button");
      // What moves is seen beside it, as on the cards.
      await page.locator(".rail .group summary", { hasText: "every 1h" }).click();
      const before = await glance(view);
      assert.equal(before.length, 2);
      await knob.scrollIntoViewIfNeeded();
      await view.setKnob("/designs/0/feeds/0/delivery/pull/every", "9h");
      await view.settled();
      const after = await glance(view);
      assert.notEqual(after[0], before[0]);
      assert.equal(after[1], before[1]);
      const cards = await page.locator(".row:first-child .value").allInnerTexts();
      assert.deepEqual(after, cards);
      assert.equal(await scroll(view), place, "the results moved under the form");
      await page.keyboard.press("Escape");
      assert.equal(await isSheetUp(view), false);
      await view.focuses("assumptions-button");
      assert.equal(await knob.isVisible(), false);
      // By touch, and by its own cross.
      await view.part("assumptions").click();
      assert.equal(await isSheetUp(view), true);
      await view.part("assumptions-close").click();
      assert.equal(await isSheetUp(view), false);
      assert.equal(await scroll(view), place);
    },
    { screen: "phone" },
  ));

test("nothing ends under the form or its button", () =>
  open(
    async (view) => {
      for (const covers of [".dock", ".rail"]) {
        if (covers === ".rail") await view.part("assumptions").click();
        await view.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        await view.page.waitForTimeout(100);
        const [end, top] = await view.page.evaluate(
          (covers) => [document.querySelector(".foot").getBoundingClientRect().bottom, document.querySelector(covers).getBoundingClientRect().top],
          covers,
        );
        assert.ok(end <= top + 1, `the page ends at ${end}, ${covers} begins at ${top}`);
      }
    },
    { screen: "phone" },
  ));

test("the form stands still where motion is not wanted, and slides where it is", async () => {
  for (const [motion, moves] of [["reduce", false], ["no-preference", true]]) {
    await open(
      async (view) => {
        await view.part("assumptions").click();
        const running = await view.page.evaluate(() => document.querySelector(".rail").getAnimations().length);
        assert.equal(running > 0, moves, motion);
      },
      { screen: "phone", motion },
    );
  }
});

test("the bar takes two rows at most, and does not stay in a low window", () =>
  open(async (view) => {
    for (const [width, height] of [[1280, 800], [1100, 800], [1000, 700], [800, 600], [640, 800], [640, 400], [390, 844], [360, 740]]) {
      await view.page.setViewportSize({ width, height });
      await view.page.waitForTimeout(100);
      const bar = await view.page.locator("header.bar").evaluate((bar) => ({
        tall: bar.offsetHeight,
        stays: getComputedStyle(bar).position === "sticky",
        reserved: parseFloat(getComputedStyle(bar).getPropertyValue("--bar")),
        wide: document.documentElement.scrollWidth,
      }));
      assert.ok(bar.tall <= 100, `${bar.tall} px at ${width}`);
      assert.ok(bar.wide <= width, `${bar.wide} px wide at ${width}`);
      assert.equal(bar.stays, width >= 640 && height >= 520, `${width} × ${height}`);
      // What is scrolled to is not under it.
      if (bar.stays) assert.ok(Math.abs(bar.reserved - bar.tall) <= 1, `${bar.tall} px at ${width}, ${bar.reserved} reserved`);
    }
  }));

test("the list says which scenarios have a talk", () =>
  open(async (view) => {
    const told = await view.part("preset").locator("option:has(.tells)").evaluateAll((all) => all.map(({ value }) => value));
    assert.deepEqual(told, ["push-vs-pull", "cannibalisation", "misread-metric"]);
  }));

test("a scenario is found by its name, title or question as one types", { timeout: 120_000 }, () =>
  open(async (view) => {
    const { page } = view;
    const left = () => view.part("preset").locator("option").evaluateAll((all) => all.filter((one) => !one.hidden).map(({ value }) => value));
    const found = (words) =>
      page.waitForFunction((words) => words.test(document.querySelector('[data-testid="preset-found"]').textContent), words, { timeout: 5_000 });
    /** Types until it is found: after a pause, as a busy machine makes one, the words begin anew. */
    const search = async (words, expected) => {
      for (let tries = 4; ; tries -= 1) {
        await page.keyboard.type(words);
        const wrong = await found(expected).then(() => undefined, (error) => error);
        if (wrong === undefined) return;
        if (tries === 0) throw wrong;
        await page.keyboard.press("Escape");
      }
    };
    const all = (await left()).length;
    await view.part("preset").focus();
    // Its first letters choose the same one, among more: all of the word is waited for.
    await search("legacy", /^“legacy”: 2 scenarios$/);
    assert.equal(await page.evaluate(() => document.activeElement.value), "legacy-against-next");
    assert.deepEqual(await left(), ["legacy-against-next", "legacy-pipeline"]);
    // What is nowhere is said, and leaves all of them to choose from.
    await page.keyboard.type("x");
    await found(/^No scenario/);
    assert.equal((await left()).length, all);
    await page.keyboard.press("Backspace");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector('[data-testid="preset"]').value === "legacy-pipeline");
    assert.equal((await left()).length, all, "the next search begins anew");
    // Its run takes the processors that keys would wait for.
    await view.part("cancel").click();
    await view.part("preset").focus();
    // What is called so goes before what only has it in its question.
    await search("purge lifetime", /^“purge lifetime”: 1 scenario$/);
    assert.equal(await page.evaluate(() => document.activeElement.value), "cache-lifetime-and-purge");
    assert.deepEqual(await left(), ["cache-lifetime-and-purge"]);
    await page.keyboard.press("Escape");
    await page.waitForFunction((all) => [...document.querySelector('[data-testid="preset"]').options].filter((one) => !one.hidden).length === all, all);
    // By words of the question, in any order.
    await search("rules streams", /^“rules streams”: /);
    assert.equal(await page.evaluate(() => document.activeElement.value), "legacy-against-next");
    await page.keyboard.press("Escape");
    await page.waitForFunction((all) => [...document.querySelector('[data-testid="preset"]').options].filter((one) => !one.hidden).length === all, all);
    assert.equal(await view.part("preset").inputValue(), "legacy-pipeline");
  }));

test("who asks for a talk where there is none is shown those that there are", { timeout: 120_000 }, () =>
  open(async (view) => {
    const { page } = view;
    assert.match(await view.part("talk").getAttribute("title"), /No talk in this scenario/);
    await view.part("talk").click();
    await view.part("talks").waitFor();
    assert.match(await view.part("talks").innerText(), /“Quick” has no talk/);
    assert.deepEqual(await view.part("talk-of").evaluateAll((all) => all.map(({ dataset }) => dataset.name)), ["push-vs-pull", "cannibalisation", "misread-metric"]);
    await page.keyboard.press("Escape");
    assert.equal(await view.part("talks").count(), 0);
    await view.focuses("talk");
    await view.part("talk").click();
    await page.locator('[data-testid="talk-of"][data-name="misread-metric"]').click();
    await view.part("talk-step").waitFor();
    assert.equal(await view.part("talks").count(), 0);
    await page.keyboard.press("Escape");
    assert.equal(await view.part("preset").inputValue(), "misread-metric");
    await view.part("undo").click();
    assert.equal(await view.json(), QUICK);
    await view.setJson(`${QUICK}]`);
    await view.part("talk").click();
    assert.match(await view.part("talks").innerText(), /problems/);
    await page.keyboard.press("Escape");
    await view.setJson(QUICK);
    await view.settled();
  }));

test("where there is a talk, the others are a press away", { timeout: 120_000 }, () =>
  open(
    async (view) => {
      await view.part("all-talks").click();
      await view.part("talks").waitFor();
      assert.doesNotMatch(await view.part("talks").innerText(), /has no talk/);
      await view.page.locator('[data-testid="talk-of"][data-name="push-vs-pull"]').click();
      await view.part("talk-step").waitFor();
      await view.page.keyboard.press("Escape");
      assert.equal(await view.part("preset").inputValue(), "push-vs-pull");
    },
    { preset: "misread-metric" },
  ));

test("of a bracket that is not closed one sign is marked, not all that follows", { timeout: 120_000 }, () =>
  open(async (view) => {
    const wrong = view.page.locator(".cm-lintRange-error");
    await view.openEditor();
    for (const [text, line, sign, problem] of [
      [QUICK.replace(/\n}$/, ""), 1, "{", "an object"],
      [QUICK.replace("\n  },\n  \"world\"", ",\n  \"world\""), 5, "{", "an object"],
      [QUICK.replace(/\n {2}]\n}$/, "\n}"), 18, "[", "an array"],
    ]) {
      assert.notEqual(text, QUICK);
      await view.setJson(text);
      await view.page.waitForFunction((line) => document.querySelector("#json-error button")?.innerText.startsWith(`line ${line},`), line);
      assert.match(await view.jsonError(), new RegExp(`${problem} that is not closed`));
      await view.page.locator("#json-error button").first().click();
      await wrong.first().waitFor();
      assert.deepEqual(await wrong.allInnerTexts(), [sign]);
      // The other place is one click away.
      assert.match(await view.jsonError(), /(the text ends here|this closes something else): line \d+/);
    }
    await view.setJson(QUICK);
    await view.settled();
  }));

test("skip links lead to the assumptions and to the scenario's text, and leave the address alone", () =>
  open(async (view) => {
    await view.page.evaluate(() => scrollTo(0, 0));
    await view.page.locator(".skip").first().focus();
    assert.match(await view.page.evaluate(() => document.activeElement.innerText), /Skip to the results/);
    await view.page.keyboard.press("Tab");
    assert.match(await view.page.evaluate(() => document.activeElement.innerText), /Skip to the assumptions/);
    await view.page.keyboard.press("Enter");
    await view.focuses("assumptions-form");
    await view.page.keyboard.press("Tab");
    assert.ok(await view.page.evaluate(() => document.activeElement.closest("#assumptions-form") !== null));
    await view.page.locator(".skip").nth(1).focus();
    await view.page.keyboard.press("Tab");
    assert.match(await view.page.evaluate(() => document.activeElement.innerText), /Skip to the scenario’s text/);
    await view.page.keyboard.press("Enter");
    await view.focuses("scenario-text");
    assert.equal(await view.page.evaluate(() => location.hash), "");
    // Also once the editor has taken the place of the field.
    await view.page.locator('[data-editor="code"]').waitFor();
    await view.page.waitForTimeout(300);
    const { y, height } = await view.editor().boundingBox();
    assert.ok(y < 800 && y + height > 0, "the text is not in view");
    await view.focuses("scenario-text");
  }));

test("another scenario begins at its first knob; a knob that moves leaves the form where it is", { timeout: 120_000 }, () =>
  open(async (view) => {
    const deep = () => view.page.locator(".rail").evaluate((rail) => rail.scrollTop);
    await view.page.locator(".rail").evaluate((rail) => rail.scrollTo(0, 300));
    await view.setKnob("/run/replicates", 2);
    await view.settled();
    await view.page.locator(".rail").evaluate((rail) => rail.scrollTo(0, 300));
    await view.setKnob("/designs/1/feeds/0/delivery/pull/every", "2d");
    await view.settled();
    assert.ok((await deep()) > 0);
    await view.choose("textbook-ttl");
    assert.equal(await deep(), 0);
    await view.settled();
  }));

test("whether all that goes with a design is removed: the harmless answer has the focus", () =>
  open(async (view) => {
    await view.page.locator('[data-testid="design-menu"]').first().click();
    await view.page.locator("[role=menuitem]", { hasText: "Remove" }).click();
    await view.part("removing").waitFor();
    await view.page.waitForFunction(() => document.activeElement.innerText === "Keep it");
    await view.page.keyboard.press("Enter");
    await view.part("removing").waitFor({ state: "hidden" });
  }, { preset: "push-vs-pull" }));

test("Ctrl Z undoes from anywhere but a field that is being typed in", () =>
  open(async (view) => {
    const { page } = view;
    const every = "/designs/1/feeds/0/delivery/pull/every";
    await view.runBy(() => view.setKnob(every, "2d"));
    await view.knob(every).focus();
    await view.runBy(() => page.keyboard.press("Control+z"));
    assert.equal(await view.knob(every).inputValue(), "1d");
    await view.part("run").focus();
    await view.runBy(() => page.keyboard.press("Control+Shift+Z"));
    assert.equal(await view.knob(every).inputValue(), "2d");
    await view.runBy(() => page.keyboard.press("Control+z"));
    await view.runBy(() => page.keyboard.press("Control+y"));
    assert.equal(await view.knob(every).inputValue(), "2d");
    // A list goes back, too.
    await page.locator(".rail details").evaluateAll((parts) => parts.forEach((part) => (part.open = true)));
    const purge = "/designs/1/cache/purge";
    const chosen = () => view.knob(purge).evaluate((list) => list.selectedOptions[0].textContent);
    const before = await chosen();
    await view.runBy(() => view.knob(purge).selectOption({ index: 1 }));
    assert.notEqual(await chosen(), before);
    await view.runBy(() => page.keyboard.press("Control+z"));
    assert.equal(await chosen(), before);
    // What is half typed is the field's own.
    await view.knob(every).focus();
    await page.keyboard.type("5");
    await page.keyboard.press("Control+z");
    assert.equal(JSON.parse(await view.json()).designs[1].feeds[0].delivery.pull.every, "2d");
  }));

test("another scenario in the place of an edited one says so; undo brings both back, list and all", () =>
  open(
    async (view) => {
      const chosen = () => view.part("preset").first().inputValue();
      await view.runBy(() => view.choose("textbook-ttl"));
      assert.equal(await view.part("displaced").count(), 0, "nothing was edited");
      await view.runBy(() => view.setSeed(7));
      const edited = await view.json();
      await view.runBy(() => view.choose("push-vs-pull"));
      assert.match(await view.part("displaced").innerText(), /one step back/);
      assert.equal(await chosen(), "push-vs-pull");
      await view.runBy(() => view.part("displaced").getByRole("button").click());
      assert.equal(await view.json(), edited);
      assert.equal(await chosen(), "textbook-ttl");
      assert.equal(await view.part("displaced").count(), 0);
      await view.runBy(() => view.part("redo").click());
      assert.equal(await chosen(), "push-vs-pull");
    },
    { preset: "push-vs-pull" },
  ));

test("a scenario that is no preset is saved beside its command", () =>
  open(async (view) => {
    const { page } = view;
    const saving = page.waitForEvent("download");
    await view.part("command-save").click();
    const saved = await saving;
    const command = await page.locator(".foot pre").textContent();
    assert.equal(command, `stayfresh run ${saved.suggestedFilename()}`);
    assert.equal(await readFile(await saved.path(), "utf8"), await view.json());
  }));

test("the command is copied", () =>
  open(
    async (view) => {
      await view.part("command-copy").click();
      await view.page.getByText("Copied", { exact: true }).waitFor();
      assert.equal(await view.page.evaluate(() => navigator.clipboard.readText()), "stayfresh run textbook-ttl");
    },
    { preset: "textbook-ttl" },
  ));
