// The page as one file: opened from a disk, without a server.

import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { launchBrowser } from "../../tools/browser.mjs";
import { dist } from "../../tools/build.mjs";
import { root } from "../../tools/process.mjs";
import { SINGLE } from "../../tools/single.mjs";
import { QUICK, View, cli, watch } from "./harness.mjs";

let folder;
let browser;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "stayfresh-"));
  await copyFile(join(dist, SINGLE), join(folder, "anything.html"));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

test("one file runs from a disk, asks for nothing, and gives the command line's numbers", async () => {
  const page = await browser.newPage();
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).protocol));
  await page.addInitScript(watch);
  const view = new View(page);
  await view.open(pathToFileURL(join(folder, "anything.html")).href);
  await view.settled();
  const { stdout } = await cli(["run", "push-vs-pull", "--json"]);
  assert.equal(await view.hash(), JSON.parse(stdout).results_hash);
  await view.runBy(() => view.setJson(QUICK));
  // It has no other file to hand out, and no one to ask.
  assert.equal(await page.locator("a[download]").count(), 0);
  assert.deepEqual([...new Set(asked)].filter((protocol) => !["file:", "data:", "blob:"].includes(protocol)), []);
  assert.equal(asked.filter((protocol) => protocol === "file:").length, 1);
  assert.deepEqual(view.complaints, []);
  // What was changed is there again.
  await page.waitForFunction(() => localStorage.getItem("stayfresh.scenario") !== null);
  await page.reload();
  await view.part("run").waitFor();
  assert.equal(await view.json(), QUICK);
  await page.close();
});

test("what is built keeps its policy: no script of the text runs, and the one file asks nobody", async () => {
  const policy = async (...path) => {
    const html = await readFile(join(...path), "utf8");
    const [, said] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html);
    return Object.fromEntries(said.split(";").map((directive) => {
      const [what, ...from] = directive.trim().split(/\s+/);
      return [what, from];
    }));
  };
  const built = await policy(dist, "index.html");
  assert.deepEqual(built, await policy(root, "www", "index.html"));
  const single = await policy(dist, SINGLE);
  for (const [what, from] of [...Object.entries(built), ...Object.entries(single)]) {
    const unsafe = from.filter((one) => /unsafe-(inline|eval|hashes)/.test(one) && one !== "'wasm-unsafe-eval'");
    assert.deepEqual(unsafe, [], what);
  }
  assert.deepEqual(single["default-src"], ["'none'"]);
  assert.equal(single["connect-src"], undefined);
  // Its scripts are known by their hashes.
  assert.deepEqual(single["script-src"].filter((one) => !/^('sha256-.+'|'wasm-unsafe-eval'|blob:)$/.test(one)), []);
});
