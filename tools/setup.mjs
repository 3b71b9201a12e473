// What a fresh machine lacks, got once: each part says what it is about to do and how long that takes, and
// is skipped when it is there. Versions are pinned, here or in the lock files.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { cargoTools, testTools } from "./cargo-tools.mjs";
import { npm, output, root, run } from "./process.mjs";
import { python } from "./python.mjs";

const WASM = "wasm32-unknown-unknown";

/** What building the page takes. */
export async function forBuilding() {
  await rust();
  await get(`Rust's ${WASM}`, hasWasm, [["rustup target add, 10 s", () => run("rustup", ["target", "add", WASM])]]);
  await npmPackages();
  for (const { name, ready, ways } of await cargoTools()) await get(name, ready, ways);
}

/** What the tests take besides: of `steps`, or of all. */
export async function forTesting(steps = ["page", "supply"]) {
  for (const [component, program] of [["rustfmt", "cargo-fmt"], ["clippy", "cargo-clippy"]]) {
    await get(component, () => hasVersion(program), [
      ["rustup component add, 10 s", () => run("rustup", ["component", "add", component])],
    ]);
  }
  // Comes with the npm packages, so it cannot be loaded before them.
  const { findBrowser, browserWays } = await import("./browser.mjs");
  await get("browser", async () => (await findBrowser()) !== undefined, browserWays());
  if (steps.includes("page")) {
    const { findFirefox, firefoxWays } = await import("./firefox.mjs");
    await get("Firefox", async () => (await findFirefox()) !== undefined, firefoxWays());
  }
  if (steps.includes("supply")) for (const { name, ready, ways } of testTools()) await get(name, ready, ways);
  const { ready, ways } = await python();
  await get("Python packages", ready, ways);
}

/** Gets something unless it is `ready`: the first of the `ways` after which it is. */
async function get(name, ready, ways) {
  if (await ready()) return console.log(`have  ${name}`);
  for (const [how, way] of ways) {
    console.log(`get   ${name}: ${how}`);
    const since = performance.now();
    const failure = await way().catch((error) => error);
    const took = `${((performance.now() - since) / 1000).toFixed(0)} s`;
    if (await ready()) return console.log(`got   ${name} in ${took}`);
    console.log(`      not this way${failure ? `: ${failure.message}` : ""} (${took})`);
  }
  throw new Error(`could not get ${name}; the reason is above`);
}

const hasVersion = async (program) => (await output(program, ["--version"])) !== undefined;

const hasWasm = async () => existsSync((await output("rustc", ["--print", "target-libdir", "--target", WASM])) ?? "");

/** The Rust that Cargo.toml asks for, or a newer one. */
async function rust() {
  const manifest = await readFile(join(root, "Cargo.toml"), "utf8");
  const wanted = /^rust-version = "(.+)"/m.exec(manifest)[1];
  const [major, minor] = wanted.split(".").map(Number);
  const ready = async () => {
    const found = /^rustc (\d+)\.(\d+)/.exec((await output("rustc", ["--version"])) ?? "");
    return found !== null && (Number(found[1]) > major || (Number(found[1]) === major && Number(found[2]) >= minor));
  };
  await get(`Rust ${wanted} or newer`, ready, [
    [
      "rustup toolchain install, 1 min (rustup itself comes from https://rustup.rs)",
      async () => {
        // For these commands alone: the user's default stays as it is.
        process.env.RUSTUP_TOOLCHAIN = wanted;
        await run("rustup", ["toolchain", "install", wanted, "--profile", "minimal"]);
      },
    ],
  ]);
}

/** The packages of package-lock.json; a stamp remembers which lock file they are of. */
async function npmPackages() {
  const stamp = join(root, "node_modules", ".lock-hash");
  const lock = await readFile(join(root, "package-lock.json"));
  const hash = createHash("sha256").update(lock).digest("hex");
  const ready = async () => (await readFile(stamp, "utf8").catch(() => "")) === hash;
  const ci = async () => {
    await npm(["ci"]);
    await writeFile(stamp, hash);
  };
  await get("npm packages", ready, [["npm ci, 10 s", ci]]);
}
