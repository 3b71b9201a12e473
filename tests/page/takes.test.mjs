// What is taken away from a run: the command line's files to the last byte, which show themselves and do nothing else.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { launchBrowser } from "../../tools/browser.mjs";
import { root } from "../../tools/process.mjs";
import { QUICK, SCREENS, SHOTS, cli, playground } from "./harness.mjs";
import { RICH } from "./rich.mjs";

const open = playground();
const hostile = await readFile(join(root, "tests", "suite", "record", "hostile.json"), "utf8");

/** Runs `work` with a folder of its own. */
async function within(work) {
  const folder = await mkdtemp(join(tmpdir(), "stayfresh-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The file that a button hands out: its name and what is in it. */
async function taken(view, testid) {
  const [download] = await Promise.all([view.page.waitForEvent("download"), view.part(testid).click()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

const scenarios = { quick: QUICK, rich: JSON.stringify(RICH, null, 2), hostile };
for (const [name, scenario] of Object.entries(scenarios)) {
  test(`${name}: files are the command line's, to the last byte`, () =>
    within((folder) =>
      open(async (view) => {
        if (name !== "quick") await view.runBy(() => view.setJson(scenario));
        const out = join(folder, "record.html");
        const print = async (...format) => {
          const { code, stdout, stderr } = await cli(["run", "-", ...format], { input: scenario });
          assert.equal(code, 0, stderr);
          return stdout;
        };
        assert.equal(await print("--html", out), "");
        const html = await taken(view, "report");
        assert.match(html.name, /^stayfresh-[a-z0-9-]+\.html$/);
        assert.equal(html.text, await readFile(out, "utf8"));
        assert.ok(html.text.includes(await view.hash()));
        for (const [testid, format] of [["report-markdown", "--markdown"], ["report-csv", "--csv"], ["report-series", "--series"]]) {
          assert.equal((await taken(view, testid)).text, await print(format), testid);
        }
      }),
    ));
}

test("a preset is named in its record", () =>
  open(async (view) => {
    await view.runBy(() => view.choose("textbook-polling"));
    await view.settled();
    await view.runBy(() => view.setKnob("/run/replicates", 2));
    const { name, text } = await taken(view, "report");
    assert.equal(name, "stayfresh-textbook-three-ways-to-poll.html");
    assert.ok(text.includes("stayfresh run textbook-polling --replicates 2"));
    await view.part("report").scrollIntoViewIfNeeded();
    await view.shot("report");
  }));

test("there is no record of a part of a run", () =>
  open(async (view) => {
    // Long enough to be cancelled.
    await view.setJson(QUICK.replace(/"replicates": \d+/, '"replicates": 20000'));
    await view.page.locator('[data-testid="report"]:disabled').waitFor();
    await view.part("cancel").click();
    await view.page.locator('body[data-run="idle"]').waitFor();
    assert.ok(await view.part("report").isDisabled());
    await view.runBy(() => view.setJson(QUICK));
    assert.ok(await view.part("report").isEnabled());
  }));

/** A record in a browser that has nothing else, as its reader sees it. */
async function read(name, scenario, work) {
  await within(async (folder) => {
    const out = join(folder, "record.html");
    const { code, stderr } = await cli(["run", "-", "--html", out], { input: scenario });
    assert.equal(code, 0, stderr);
    const browser = await launchBrowser();
    try {
      for (const [screen, scheme, media] of [["laptop", "light"], ["laptop", "dark"], ["phone", "light"], ["laptop", "dark", "print"]]) {
        const context = await browser.newContext({ viewport: SCREENS[screen], colorScheme: scheme });
        const page = await context.newPage();
        const complaints = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("dialog", (dialog) => {
          complaints.push(dialog.message());
          void dialog.dismiss();
        });
        page.on("request", (request) => {
          if (request.url() !== page.url() && !request.isNavigationRequest()) complaints.push(request.url());
        });
        await page.goto(pathToFileURL(out).href);
        if (media !== undefined) await page.emulateMedia({ media });
        await work(page, `${screen}, ${media ?? scheme}`, { dark: scheme === "dark" && media === undefined });
        await page.screenshot({ path: join(SHOTS, `record-${name}-${screen}-${media ?? scheme}.png`), fullPage: true });
        assert.deepEqual(complaints, [], `${screen}, ${media ?? scheme}`);
        await context.close();
      }
    } finally {
      await browser.close();
    }
  });
}

for (const [name, scenario] of Object.entries({ rich: scenarios.rich, hostile })) {
  test(`${name}: a record is read on any screen, under its own policy`, () =>
    read(name, scenario, async (page, what, { dark }) => {
      const seen = await page.evaluate(() => {
        // Of every text that is seen: the least contrast with what it stands on.
        const channels = (color) => color.match(/[\d.]+/g).map(Number);
        const light = ([r, g, b]) => {
          const linear = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
          return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
        };
        const ground = (node) => {
          for (let at = node; at; at = at.parentElement) {
            const rgba = channels(getComputedStyle(at).backgroundColor);
            if (rgba.length === 3 || rgba[3] > 0) return rgba;
          }
          return [255, 255, 255];
        };
        let least = { contrast: 21 };
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
          const { parentElement: of, data } = texts.currentNode;
          // Words on a bar stand on its colour, which is the palette's affair.
          if (!data.trim() || !of.checkVisibility() || of.closest("svg, title, desc, style")) continue;
          const [a, b] = [light(channels(getComputedStyle(of).color)), light(ground(of))].sort((x, y) => y - x);
          const contrast = (a + 0.05) / (b + 0.05);
          if (contrast < least.contrast) least = { contrast, data };
        }
        return {
          least,
          wide: document.documentElement.scrollWidth - innerWidth,
          ground: light(channels(getComputedStyle(document.body).backgroundColor)),
          charts: [...document.querySelectorAll("figure")].map(
            (figure) => [...figure.querySelectorAll("svg.drawn")].filter((svg) => svg.checkVisibility()).length,
          ),
          acts: document.querySelectorAll("script, iframe, img, object, embed, form, link, [onload], [onerror]").length,
        };
      });
      assert.ok(seen.least.contrast >= 4.5, `${what}: ${JSON.stringify(seen.least)}`);
      assert.ok(seen.wide <= 0, `${what}: ${seen.wide} pixels too wide`);
      assert.equal(seen.ground < 0.2, dark, what);
      assert.ok(seen.charts.length >= 4 && seen.charts.every((drawn) => drawn === 1), `${what}: ${seen.charts}`);
      assert.equal(seen.acts, 0, what);
    }));
}
