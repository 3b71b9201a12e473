// Editing the scenario's text: a mistake is explained where it is, the text stays, and nothing else is lost.

import assert from "node:assert/strict";
import { test } from "node:test";

import { badInputs } from "./bad-input.mjs";
import { QUICK, cli, playground } from "./harness.mjs";

const open = playground();

test("runs what is written", () =>
  open(async (view) => {
    const { stdout } = await cli(["run", "-", "--json"], { input: QUICK });
    assert.equal(await view.hash(), JSON.parse(stdout).results_hash);
  }));

test("says what is wrong, keeps the text, and goes on when it is mended", () =>
  open(async (view) => {
    for (const { name, text, says } of badInputs(QUICK)) {
      await view.setJson(text);
      await view.part("json-error").waitFor({ timeout: 5000 }).catch(() => assert.fail(`${name}: no message`));
      assert.match(await view.jsonError(), says, name);
      assert.equal(await view.json(), text, `${name}: the text changed`);
      const { code, stderr } = await cli(["check", "-"], { input: text });
      assert.equal(code, 2, `${name}: the command line's exit code`);
      assert.match(stderr, says, `${name}, on the command line`);
    }
    await view.setJson(QUICK);
    await view.part("json-error").waitFor({ state: "hidden" });
    await view.run();
  }));

test("takes 50 MB for a mistake, not for its end", { timeout: 180_000 }, () =>
  open(async (view) => {
    await view.part("scenario-json").evaluate((part) => {
      part.value = " ".repeat(50e6);
      part.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await view.part("json-error").waitFor({ timeout: 120_000 });
    await view.setJson(QUICK);
    await view.part("json-error").waitFor({ state: "hidden" });
    await view.run();
  }));
