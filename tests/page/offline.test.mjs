// The page without a network, and with a newer build.

import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { launchBrowser } from "../../tools/browser.mjs";
import { dist } from "../../tools/build.mjs";
import { serve } from "../../tools/serve.mjs";
import { View, watch } from "./harness.mjs";

/** Serves a copy of the build at an address that stays, and hands a page with a service worker to `work`. */
async function visited(work) {
  const folder = await mkdtemp(join(tmpdir(), "stayfresh-"));
  await cp(dist, folder, { recursive: true });
  let served = await serve(folder);
  const { port } = new URL(served.address);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ reducedMotion: "reduce" });
    await page.addInitScript(watch);
    const view = new View(page);
    await view.open(served.address);
    await view.settled();
    await page.evaluate(() => navigator.serviceWorker.ready);
    const cut = () => served.stop();
    const back = async () => (served = await serve(folder, { port: Number(port) }));
    await work(view, { cut, back, folder });
  } finally {
    await browser.close();
    await served.stop().catch(() => {});
    await rm(folder, { recursive: true });
  }
}

test("after one visit it opens, runs and films without a network", () =>
  visited(async (view, { cut }) => {
    const hash = await view.hash();
    await cut();
    await view.leave();
    await view.part("run").waitFor();
    await view.settled();
    assert.equal(await view.hash(), hash);
    await view.runBy(() => view.setSeed(7));
    assert.notEqual(await view.hash(), hash);
    assert.deepEqual(view.complaints.filter((complaint) => !complaint.includes("ERR_CONNECTION_REFUSED")), []);
  }));

test("can be installed", () =>
  visited(async ({ page }) => {
    const cdp = await page.context().newCDPSession(page);
    const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
    // A window without traces of a visit, as tests have it, keeps nothing.
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
  }));

test("a newer build takes over whole, and is kept in its turn", () =>
  visited(async (view, { folder, cut }) => {
    const { page } = view;
    const edit = async (name, change) => writeFile(join(folder, name), change(await readFile(join(folder, name), "utf8")));
    await edit("index.html", (html) => html.replace("</head>", '<meta name="newer" content="yes" /></head>'));
    // What has no address of its own content goes with its build all the same.
    await edit("icon.svg", (icon) => icon.replace("</svg>", "<!-- newer --></svg>"));
    await edit("sw.js", (script) => script.replace(/build = "\w+"/, 'build = "newer"'));
    await page.reload();
    assert.equal(await page.locator("meta[name=newer]").count(), 1, "the network goes first");
    // It is kept first, then it takes over. (A predicate that is waited for may not itself wait.)
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration.update();
      const changing = registration.installing ?? registration.waiting;
      const isOver = () => ["activated", "redundant"].includes(changing?.state ?? "activated");
      while (!isOver()) await new Promise((resolve) => changing.addEventListener("statechange", resolve, { once: true }));
      if (!(await caches.keys()).includes("stayfresh-newer")) throw new Error("the newer build is not kept");
    });
    await view.settled();
    await cut();
    await page.reload();
    await view.part("run").waitFor();
    assert.equal(await page.locator("meta[name=newer]").count(), 1, "the newer build is the one that is kept");
    await view.settled();
    assert.equal(await view.state(), "done");
    assert.match(await page.evaluate(async () => (await fetch("icon.svg")).text()), /newer/);
  }));
