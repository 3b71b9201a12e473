// The page without a network, and with a newer build.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
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

test("after one visit it opens, runs, edits and films without a network", () =>
  visited(async (view, { cut }) => {
    const hash = await view.hash();
    await cut();
    await view.leave();
    await view.part("run").waitFor();
    await view.settled();
    assert.equal(await view.hash(), hash);
    await view.runBy(() => view.setSeed(7));
    assert.notEqual(await view.hash(), hash);
    // What is fetched only when it is asked for is there too.
    await view.editor().scrollIntoViewIfNeeded();
    await view.page.locator(".cm-editor").waitFor();
    await view.part("live-open").click();
    await view.part("live-clock").waitFor();
    assert.deepEqual(view.complaints.filter((complaint) => !complaint.includes("ERR_CONNECTION_REFUSED")), []);
  }));

/** A server in the place of the one that was there. */
async function standIn(view, answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(new URL(view.page.url()).port, "localhost", resolve));
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

/** Half a page at once, and the rest when nobody waits for it any more. */
function half(_, response) {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.write("<!doctype html><html><head><title>half</title></head><body>".padEnd(20_000));
  setTimeout(() => response.end("</body></html>"), 8_000);
}

for (const [what, answer] of [
  ["answers nothing", () => {}],
  ["has only errors to answer with", (_, response) => response.writeHead(503).end("not now\n")],
  ["breaks off in the middle of the page", half],
]) {
  test(`a network that ${what} does as little harm`, () =>
    visited(async (view, { cut }) => {
      const hash = await view.hash();
      await cut();
      const stop = await standIn(view, answer);
      try {
        await view.leave();
        await view.part("run").waitFor();
        await view.settled();
        assert.equal(await view.hash(), hash);
        await view.runBy(() => view.setSeed(7));
      } finally {
        stop();
      }
    }));
}

test("where there is no room to keep the page, it works, and says nothing of it", async () => {
  const served = await serve(dist);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addInitScript(watch);
    await page.addInitScript(() => {
      const all = navigator.serviceWorker;
      const register = all.register.bind(all);
      all.register = async (...given) => {
        const registration = await register(...given);
        const worker = registration.installing;
        worker.addEventListener("statechange", () => { globalThis.becomes = worker.state; });
        return registration;
      };
    });
    const { origin } = new URL(served.address);
    const session = await page.context().newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 10_000 });
    const view = new View(page);
    await view.open(served.address);
    await view.settled();
    await page.waitForFunction(() => globalThis.becomes === "redundant");
    await view.runBy(() => view.setSeed(7));
    assert.deepEqual(view.complaints, []);
  } finally {
    await browser.close();
    await served.stop();
  }
});

test("can be installed", () =>
  visited(async ({ page }) => {
    const cdp = await page.context().newCDPSession(page);
    const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
    // A window without traces of a visit, as tests have it, keeps nothing.
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito"), []);
  }));

/** Another file of the same kind, which does the same. */
function differently(file, text, name) {
  // A section of a program that nobody reads.
  if (file.endsWith(".wasm")) return text + String.fromCharCode(0, name.length + 1, name.length) + name;
  if (file.endsWith(".js")) return `${text}\n// ${name}\n`;
  if (file.endsWith(".svg")) return text.replace("</svg>", `<!-- ${name} --></svg>`);
  return text;
}

/** Makes another build of the one in `folder`: all code is other code, and the program is elsewhere. */
async function rebuild(folder, name) {
  const read = (file) => readFile(join(folder, file), "latin1");
  const worker = await read("sw.js");
  const [, app] = /"app-([0-9a-f]{16})\.js"/.exec(worker);
  const id = createHash("sha256").update(name).digest("hex").slice(0, 16);
  const other = (text) => text.replaceAll(`app-${app}`, `app-${id}`);
  const digest = (of, text) => createHash(of).update(Buffer.from(text, "latin1"));
  let page = other(await read("index.html")).replace("</head>", `<meta name="newer" content="${name}" /></head>`);
  const digests = new Map();
  for (const entry of (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())) {
    const file = relative(folder, join(entry.parentPath, entry.name));
    if (["index.html", "sw.js"].includes(file)) continue;
    const was = await read(file);
    const is = differently(file, other(was), name);
    await rm(join(folder, file));
    await writeFile(join(folder, other(file)), is, "latin1");
    digests.set(other(file), digest("sha256", is).digest("hex").slice(0, 16));
    page = page.replaceAll(digest("sha384", was).digest("base64"), digest("sha384", is).digest("base64"));
  }
  await writeFile(join(folder, "index.html"), page, "latin1");
  digests.set("./", digest("sha256", page).digest("hex").slice(0, 16));
  const named = other(worker).replace(/build = "\w+"/, `build = "${name}"`);
  const listed = named.replace(/^ {2}"(.+?)": "[0-9a-f]{16}"/gm, (_, address) => `  "${address}": "${digests.get(address.split("?")[0])}"`);
  assert.notEqual(listed, named);
  await writeFile(join(folder, "sw.js"), listed, "latin1");
}

/** Where the page's program is. */
const program = (page) => page.locator("script[data-program]").getAttribute("data-program");

/** Has the page look for another build; how that ends: activated, or redundant. */
const updated = (page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration.update();
    const changing = registration.installing ?? registration.waiting;
    const isOver = () => ["activated", "redundant"].includes(changing?.state ?? "activated");
    while (!isOver()) await new Promise((resolve) => changing.addEventListener("statechange", resolve, { once: true }));
    return changing?.state ?? "activated";
  });

const kept = (page) => page.evaluate(() => caches.keys());
const newer = (page) => page.locator("meta[name=newer]").evaluateAll((all) => all.map(({ content }) => content));

test("a newer build takes over whole, and a page of the one before goes on with its own", () =>
  visited(async (view, { folder, cut, back }) => {
    const { page } = view;
    const [hash, first, old] = [await view.hash(), (await kept(page))[0], await program(page)];
    const sizeOf = (address) =>
      page.evaluate(async (address) => {
        const answer = await fetch(address);
        return answer.ok ? (await answer.arrayBuffer()).byteLength : answer.status;
      }, address);
    const size = await sizeOf(old);
    await rebuild(folder, "second");
    assert.equal(await updated(page), "activated");
    assert.deepEqual((await kept(page)).sort(), [first, "stayfresh-second"].sort());
    // The page that is open is of the build before, and still has it, though the host has it no more.
    assert.equal(await sizeOf(old), size);
    await view.part("live-open").click();
    await view.part("live-clock").waitFor();
    await page.keyboard.press("Escape");
    await view.editor().scrollIntoViewIfNeeded();
    await page.locator(".cm-editor").waitFor();
    await view.runBy(() => view.setSeed(7));
    await view.runBy(() => view.part("undo").click());
    assert.equal(await view.hash(), hash);
    assert.deepEqual(await newer(page), []);
    // The network goes first; then what is kept is the same.
    for (const network of [true, false]) {
      if (!network) await cut();
      await view.leave();
      await view.part("run").waitFor();
      await view.settled();
      assert.deepEqual(await newer(page), ["second"]);
      assert.notEqual(await program(page), old);
      assert.equal(await view.hash(), hash);
      await view.runBy(() => view.setSeed(network ? 8 : 9));
      await view.runBy(() => view.part("undo").click());
      assert.match(await page.evaluate(async () => (await fetch("icon.svg")).text()), /second/);
    }
    await back();
    await rebuild(folder, "third");
    assert.equal(await updated(page), "activated");
    assert.deepEqual((await kept(page)).sort(), ["stayfresh-second", "stayfresh-third"]);
    assert.equal(await sizeOf(old), 404, "what nobody has open any more is gone");
    view.complaints = view.complaints.filter((complaint) => !/ERR_CONNECTION_REFUSED|404/.test(complaint));
    assert.deepEqual(view.complaints, []);
  }));

for (const file of ["index.html", "worker_bg.wasm"]) {
  test(`a host in the middle of getting another build: with another ${file} nothing is kept of it`, () =>
    visited(async (view, { folder, cut }) => {
      const { page } = view;
      const [hash, before] = [await view.hash(), await kept(page)];
      // The host still has this file of the build before.
      const old = await readFile(join(folder, file));
      await rebuild(folder, "half");
      await writeFile(join(folder, file), old);
      assert.equal(await updated(page), "redundant");
      assert.deepEqual(await kept(page), before);
      await cut();
      await view.leave();
      await view.part("run").waitFor();
      await view.settled();
      assert.deepEqual(await newer(page), []);
      assert.equal(await view.hash(), hash);
      await view.runBy(() => view.setSeed(7));
    }));
}
