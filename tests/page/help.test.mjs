// Help: the keys, the words in place and in a list, the model, the defaults; the first tour; and paper.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launchBrowser } from "../../tools/browser.mjs";
import { dist } from "../../tools/build.mjs";
import { serve } from "../../tools/serve.mjs";
import { playground, QUICK, SCREENS, SHOTS, View, watch } from "./harness.mjs";

const open = playground();

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

/** The page as somebody finds it who was never here, or with something kept. */
async function visit(work, { at = "", screen = "laptop", kept = {} } = {}) {
  const context = await browser.newContext({ viewport: SCREENS[screen], reducedMotion: "reduce" });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.addInitScript((kept) => Object.entries(kept).forEach(([key, value]) => localStorage.getItem(key) ?? localStorage.setItem(key, value)), kept);
    const view = new View(page);
    await page.goto(served.address + at);
    // A talk runs its own steps; the page behind it waits.
    await page.waitForFunction(() => ["running", "done"].includes(document.body.dataset.run) || document.querySelector("dialog[open]"));
    await work(view);
    assert.deepEqual(view.complaints, []);
  } finally {
    await context.close();
  }
}

const press = async (view, ...keys) => {
  for (const key of keys) await view.page.keyboard.press(key);
};
const dialog = (view) => view.part("help-dialog");
const shown = (view) => view.part("help-page").getAttribute("data-page");

test("help by keyboard: every page of it, and back to where one was", { timeout: 120_000 }, () =>
  open(async (view) => {
    await view.part("undo").focus();
    await press(view, "?");
    await dialog(view).waitFor();
    await view.focuses("help-keys");
    assert.match(await dialog(view).innerText(), /Ctrl Enter.*Runs.*Page Down.*The next step.*Presenters/s);
    await press(view, "ArrowRight");
    assert.equal(await shown(view), "help-words");
    await press(view, "Tab", "Tab");
    await view.page.keyboard.type("sold out answer");
    const words = await view.page.locator(".help-words dt").allInnerTexts();
    assert.ok(words.includes("false sold out") && words.length < 12, words.join());
    await view.page.keyboard.type(" nonsense");
    assert.match(await view.part("help-found").innerText(), /Nothing/);
    assert.equal(await view.page.locator(".help-words").count(), 0);
    await view.page.locator("#help-words").focus();
    await press(view, "ArrowRight");
    assert.match(await dialog(view).innerText(), /What the numbers do not say.*luck between worlds/s);
    await press(view, "End");
    assert.match(await dialog(view).innerText(), /live_ask.*20 USD per million.*assumed/s);
    await press(view, "Escape");
    assert.equal(await dialog(view).count(), 0);
    if (await view.part("undo").isEnabled()) await view.focuses("undo");
    // Nobody who types a question mark wants help.
    await view.part("seed").focus();
    await press(view, "?");
    assert.equal(await dialog(view).count(), 0);
  }),
);

test("the ? key can be turned off, and stays so", { timeout: 120_000 }, () =>
  open(async (view) => {
    await view.part("help").click();
    await view.part("help-switch").uncheck();
    await view.part("help-close").click();
    await view.focuses("help-button");
    await press(view, "?");
    assert.equal(await dialog(view).count(), 0);
    await view.leave();
    await view.part("run").waitFor();
    await view.settled();
    await press(view, "?");
    assert.equal(await dialog(view).count(), 0);
    await view.part("help").click();
    assert.ok(!(await view.part("help-switch").isChecked()));
  }),
);

test("a word explains itself to keyboard, pointer and finger", { timeout: 120_000 }, () =>
  open(async (view) => {
    const word = view.page.locator('[data-testid="design-card"] .tip-word').first();
    const tip = view.part("tip");
    const says = async () => (await tip.innerText()).trim();
    await word.focus();
    assert.equal(await says(), "", "focus alone opens nothing");
    await press(view, "Enter");
    assert.match(await says(), /the designs|compared/i);
    assert.equal(await word.getAttribute("aria-describedby"), "tip");
    await press(view, "Escape");
    assert.equal(await says(), "");
    assert.equal(await word.evaluate((word) => document.activeElement === word), true);

    // It opens on pointing, can be pointed at, and goes when left.
    const box = await word.boundingBox();
    await view.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await view.page.waitForFunction(() => document.getElementById("tip").textContent !== "");
    const bubble = await tip.boundingBox();
    await view.page.mouse.move(bubble.x + 20, bubble.y + 10, { steps: 4 });
    await view.page.waitForTimeout(600);
    assert.notEqual(await says(), "");
    await view.page.mouse.move(5, 5);
    await view.page.waitForFunction(() => document.getElementById("tip").textContent === "");

    // Every word is large enough, and its bubble inside the window.
    for (const one of (await view.page.locator(".tip-word").all()).slice(0, 12)) {
      await one.scrollIntoViewIfNeeded();
      await one.click();
      const isInside = () => {
        const tip = document.getElementById("tip");
        const { left, right, top, bottom } = tip.getBoundingClientRect();
        return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && tip.textContent.length > 20;
      };
      const what = await one.innerText();
      await view.page.waitForFunction(isInside, undefined, { timeout: 10_000 }).catch(() => assert.fail(`${what} is told outside the window`));
      await press(view, "Escape");
    }
  }),
);

test("who is here for the first time is asked once, where it covers nothing", { timeout: 180_000 }, () =>
  visit(async (view) => {
    const invite = view.part("tour-invite");
    await invite.waitFor();
    const covers = await invite.evaluate((invite) => getComputedStyle(invite).position);
    assert.equal(covers, "static");
    assert.equal(await view.part("tour").count(), 0);
    await view.part("tour-decline").press("Enter");
    assert.equal(await invite.count(), 0);
    await view.leave();
    await view.settled();
    assert.equal(await invite.count(), 0);
    // The help has it.
    await press(view, "?");
    await view.part("help-tour").press("Enter");
    assert.equal(await view.part("tour").getAttribute("data-step"), "1");
  }),
);

for (const [who, asked] of Object.entries({
  "a page in a frame": { at: "?embed" },
  "a talk": { at: "#talk.1.push-vs-pull" },
  "who has a scenario of their own": { kept: { "stayfresh.scenario": JSON.stringify({ text: QUICK, preset: "push-vs-pull" }) } },
})) {
  test(`${who} is not asked`, { timeout: 120_000 }, () =>
    visit(async (view) => {
      await view.page.waitForTimeout(500);
      assert.equal(await view.part("tour-invite").count(), 0);
    }, asked),
  );
}

for (const screen of ["laptop", "phone"]) {
  test(`the tour by keyboard alone: ${screen}`, { timeout: 300_000 }, () =>
    visit(
      async (view) => {
        await view.settled();
        await view.part("tour-start").press("Enter");
        const card = view.part("tour");
        const step = (number) => view.page.locator(`[data-testid="tour"][data-step="${number}"]`).waitFor();
        const toured = async (selector) => {
          // It is shown, and in view.
          await view.page.waitForFunction((selector) => {
            const part = document.querySelector("[data-toured]");
            return part?.matches(selector) && part.getBoundingClientRect().top < innerHeight / 2;
          }, selector);
          await view.shot(`tour-${screen}-${await card.getAttribute("data-step")}`);
        };
        await view.focuses("tour");
        await toured(":has(.board)");
        await press(view, "ArrowRight");
        await step(2);
        await toured(".verdict");
        await press(view, "ArrowLeft");
        await step(1);
        await press(view, "ArrowRight", "ArrowRight");
        await step(3);
        await toured(".rail");
        assert.match(await view.part("tour-try").innerText(), /Move a slider/);
        await view.part("tour-there").press("Enter");
        assert.equal(await view.page.evaluate(() => document.activeElement.type), "range");
        await press(view, "ArrowLeft");
        await view.page.waitForFunction(() => document.querySelector(".tour-try.done"), undefined, { timeout: 120_000 });
        assert.match(await view.part("tour-try").innerText(), /Done/);
        assert.equal(await view.page.evaluate(() => document.activeElement.type), "range", "the reader's focus is left alone");
        await press(view, "Escape");
        await view.focuses("tour");
        await press(view, "ArrowRight");
        await step(4);
        await view.part("tour-there").press("Enter");
        await view.page.locator('.theatre[data-state="ready"]').waitFor({ timeout: 120_000 });
        await view.page.locator('[data-testid="inject"][data-fault="outage"]').press("Enter");
        await view.page.waitForFunction(() => document.querySelector(".tour-try.done"), undefined, { timeout: 120_000 });
        await press(view, "Escape", "ArrowRight");
        await step(5);
        await toured(".record");
        await press(view, "Escape");
        assert.equal(await card.count(), 0);
        assert.equal(await view.page.locator("[data-toured]").count(), 0);
        await view.focuses("help-button");
        assert.equal(await view.part("tour-invite").count(), 0);
      },
      { screen },
    ),
  );
}

for (const scheme of ["light", "dark"]) {
  test(`on paper: ${scheme}`, { timeout: 120_000 }, () =>
    open(
      async (view) => {
        const { page } = view;
        const pdf = await page.pdf({ format: "A4", path: join(SHOTS, `paper-${scheme}.pdf`) });
        const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
        assert.ok(pages >= 2 && pages <= 6, `${pages} pages`);
        // What beforeprint does, seen as an image.
        await page.setViewportSize({ width: 720, height: 1000 });
        await page.emulateMedia({ media: "print", colorScheme: scheme });
        await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
        await page.waitForTimeout(300);
        const seen = await page.evaluate(() => {
          const is = (selector) => [...document.querySelectorAll(selector)].some((part) => part.getClientRects().length > 0);
          return {
            gone: [".bar", ".rail", ".runs", ".editor", ".live", ".explore", ".record", ".tip", "summary"].filter(is),
            there: ["#question", ".card", ".verdict", ".chart canvas", ".numbers td", "[data-testid=results-hash]"].filter((one) => !is(one)),
            ink: getComputedStyle(document.body).color,
            wide: document.documentElement.scrollWidth,
            title: document.querySelector(".on-paper dd").textContent,
            cut: [...document.querySelectorAll(".frame canvas")].filter((canvas) => {
              const { width, height } = canvas.getBoundingClientRect();
              return Math.abs(width / height - canvas.width / canvas.height) > 0.05;
            }).length,
          };
        });
        assert.deepEqual([seen.gone, seen.there], [[], []]);
        assert.deepEqual([seen.cut, seen.title], [0, "Quick"]);
        assert.ok(seen.wide <= 720, `${seen.wide} px`);
        assert.match(seen.ink, /rgb\(2\d, 2\d, 3\d\)/, "dark ink on white paper");
        await view.shot(`paper-${scheme}`, { fullPage: true });
        await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      },
      { scheme },
    ),
  );
}

test("a talk can show the live view and its stay maps", { timeout: 180_000 }, () =>
  open(
    async (view) => {
      const story = [
        { title: "Live", words: "Watch.", view: "live" },
        { title: "Maps", words: "See.", view: "stay_map", set: { "/designs/every 1h/feeds/poll/delivery/pull/every": "6h" } },
      ];
      await view.setJson(JSON.stringify({ ...JSON.parse(QUICK), story }));
      await view.settled();
      const before = await view.json();
      await view.part("talk").press("Enter");
      await view.page.locator('.theatre[data-state="ready"]').waitFor();
      const hour = () => view.part("live-clock").getAttribute("data-hour");
      const first = await hour();
      await view.page.waitForFunction((first) => document.querySelector("[data-testid=live-clock]").dataset.hour !== first, first);
      assert.equal(await view.page.locator(".step [data-testid=inject]").count(), 0);
      await view.shot("talk-live");
      await press(view, "ArrowRight");
      await view.page.locator('.view-stay-map .theatre[data-state="ready"]').waitFor();
      assert.ok(await view.page.locator(".step .cells canvas").first().isVisible());
      assert.ok(!(await view.page.locator(".step .flowing").first().isVisible()));
      await view.shot("talk-maps");
      await press(view, "Escape");
      assert.equal(await view.json(), before);
    },
    { screen: "wide" },
  ),
);
