// Cargo runs this with a test compiled to WebAssembly. wasm-bindgen's own runner serves the test as a page;
// we open that in the same browser as all other tests. (Alone, it would need a WebDriver of exactly the
// browser's version.)

import { spawn } from "node:child_process";

import { launchBrowser } from "./browser.mjs";
import { addToolsToPath } from "./cargo-tools.mjs";

/** How long a test may be silent. */
const PATIENCE_S = Number(process.env.WASM_TEST_TIMEOUT_S ?? 300);

await addToolsToPath();
// `cargo test --quiet` says so here too, but that runner does not know the word.
const args = process.argv.slice(2).filter((arg) => arg !== "--quiet");
const server = spawn("wasm-bindgen-test-runner", args, {
  env: {
    ...process.env,
    NO_HEADLESS: "1",
    WASM_BINDGEN_USE_BROWSER: "1",
    WASM_BINDGEN_TEST_ADDRESS: "127.0.0.1:0",
  },
  stdio: ["ignore", "pipe", "inherit"],
});
server.on("error", (error) => fail(`wasm-bindgen-test-runner: ${error.message}`));
// It ends by itself when it cannot serve, and with 0 when there is no test.
server.on("exit", (code) => process.exit(code || (process.env.WASM_TESTS_EXPECTED ? 1 : 0)));
process.on("exit", () => server.kill());

let said = "";
server.stdout.setEncoding("utf8").on("data", (text) => {
  const before = addressIn(said);
  said += text;
  const address = addressIn(said);
  if (address === undefined) process.stdout.write(text);
  else if (before === undefined) open(address).then((ok) => process.exit(ok ? 0 : 1), (error) => fail(error.message));
});

const addressIn = (text) => /available at (http:\S+)/.exec(text)?.[1];

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Opens the page, shows what it says as it says it, and tells whether all tests passed. */
async function open(address) {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    // A long test keeps the page busy: it answers when it is done.
    page.setDefaultTimeout(PATIENCE_S * 1000);
    page.on("pageerror", (error) => console.error(error.message));
    page.on("crash", () => fail("the page crashed"));
    await page.goto(address);
    let shown = "";
    for (let quiet = 0; quiet < PATIENCE_S * 5; quiet += 1) {
      const text = await page.locator("#output").textContent();
      const verdict = /^test result: (ok|FAILED)/m.exec(text)?.[1];
      if (text !== shown) quiet = 0;
      shown = text;
      if (verdict !== undefined) {
        console.log(text);
        return verdict === "ok";
      }
      await page.waitForTimeout(200);
    }
    console.log(shown);
    throw new Error(`the test said nothing new for ${PATIENCE_S} s`);
  } finally {
    await browser.close();
  }
}
