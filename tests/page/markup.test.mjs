// Words of a scenario are words wherever the page shows them: known ways to have them run as markup or script.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { QUICK, playground } from "./harness.mjs";
import { TRACE, bookings } from "./rich.mjs";

const open = playground();

/** Elements, attributes, ends of what it may stand in, addresses, templates: most would set `ran` if they ran. */
const PAYLOADS = JSON.parse(await readFile(new URL("../payloads.json", import.meta.url), "utf8"));
/** What none of the page's own parts has, but for the editor, which sets an empty image beside what cannot be written. */
const FOREIGN = [
  "iframe", "object", "embed", "base", "math", "meta[http-equiv=refresh]", "img:not(.cm-widgetBuffer)", "[autofocus]", "style",
  "[onerror], [onload], [ontoggle], [onfocus]", 'a[href^="javascript:" i]', "body script:not([src])",
].join(", ");

/** A scenario with these words wherever words can stand. */
function scenario(words) {
  const of = (index) => words[index % words.length];
  const quick = JSON.parse(QUICK);
  const designs = quick.designs.map((design, index) => ({
    ...design,
    name: of(index),
    note: of(index + 1),
    feeds: design.feeds.map((feed) => ({ ...feed, name: of(index + 2), note: of(index + 3) })),
    audits: [{ name: of(index + 4), panel: { size: 5, every: "6h" } }],
  }));
  return JSON.stringify({
    ...quick,
    title: of(5),
    question: of(6),
    designs,
    audiences: [{ name: of(7), reads: "bulk", every: "1d", weigh: "stays", needs: [{ metric: "accuracy", at_least: 0.9 }] }],
    expect: [{ design: of(0), metric: "accuracy", at_least: 0.1 }],
    story: [{ title: of(8), words: `${of(9)}\n\n${of(10)}` }, { title: of(11), words: of(12), view: "designs" }],
  }, null, 2);
}

/** Nothing has come into the page that is not its own, and nothing has run. */
async function isStill({ page }, where, words) {
  const [foreign, ran] = await page.evaluate(
    (foreign) => [[...document.querySelectorAll(foreign)].map((node) => node.outerHTML.slice(0, 200)), globalThis.ran],
    FOREIGN,
  );
  assert.deepEqual([foreign, ran], [[], undefined], `${where}: ${words.join(" ")}`);
}

test("cells of a file never run, nor does what a kept run is called", { timeout: 120_000 }, () =>
  open(async (view) => {
    const cell = (payload) => `"${payload.replaceAll('"', '""')}"`;
    // Names of columns, of hotels, and what is wrong in rows, of which the first are told one by one.
    const rows = bookings().split("\n");
    const remarks = PAYLOADS.map(cell).join(",");
    const wide = rows.filter(Boolean).map((row, index) => {
      const [hotel, ...rest] = row.split(",");
      return [index === 0 ? hotel : cell(`${PAYLOADS[index % PAYLOADS.length]} ${hotel}`), ...rest, remarks].join(",");
    });
    const bad = PAYLOADS.map((payload) => ["a hotel", cell(payload), "2020-01-09", "1", "", "", remarks].join(","));
    const [header, ...others] = wide;
    const buffer = Buffer.from([header, ...bad, ...others].join("\n"));
    await view.setJson(JSON.stringify(TRACE, null, 2));
    await view.page.locator(".files .wanted").waitFor();
    await view.runBy(() => view.part("file").setInputFiles({ name: PAYLOADS[1], mimeType: "text/csv", buffer }));
    const told = await view.page.locator(".files").textContent();
    assert.match(told, /`booked_at` is .{1,3}<script>globalThis/);
    assert.ok(told.includes(PAYLOADS[2]), "a column that is not used is named");
    await isStill(view, "the files", PAYLOADS);
    await view.part("keep-run").click();
    for (const payload of PAYLOADS) {
      await view.part("kept-name").fill(payload);
      await view.part("kept-name").press("Tab");
      await isStill(view, "a kept run", [payload]);
    }
  }));

test("words never run, in no part of the page", { timeout: 300_000 }, () =>
  open(async (view) => {
    const { page } = view;
    const own = await page.evaluate((foreign) => document.querySelectorAll(foreign).length, FOREIGN);
    assert.equal(own, 0);
    const still = (where, words) => isStill(view, where, words);
    for (let from = 0; from < PAYLOADS.length; from += 1) {
      const words = Array.from({ length: 13 }, (_, index) => PAYLOADS[(from + index) % PAYLOADS.length]);
      await view.runBy(() => view.setJson(scenario(words)));
      // All of it is there: the words of the first design stand somewhere on the page.
      assert.ok((await page.locator("#results").textContent()).includes(words[0]), words[0]);
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await still("the board", words);
      await view.part("live-open").click();
      await view.part("live-clock").waitFor();
      await still("the live view", words);
      await view.part("live-open").click();
      await view.part("talk").click();
      await page.locator("dialog.talk[open]").waitFor();
      await still("the talk", words);
      await page.keyboard.press("ArrowRight");
      await page.locator("dialog.talk").getByText(words[11], { exact: true }).first().waitFor();
      await still("its next step", words);
      await page.keyboard.press("Escape");
      await view.part("share").click();
      await page.locator("dialog[open]").waitFor();
      await still("the link", words);
      await page.keyboard.press("Escape");
    }
    // A live view that is closed as its worker is fetched ends it.
    view.complaints = view.complaints.filter((said) => !/worker\.js.*ERR_ABORTED/.test(said));
    // A file's name is of the same kind.
    const name = '<img src=x onerror="globalThis.ran=1">.json';
    await view.part("scenario-open").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from("half {") });
    await page.getByText(name).first().waitFor();
    await still("a file", [name]);
  }));
