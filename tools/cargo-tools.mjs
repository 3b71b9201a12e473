// Command-line tools, each in exactly one version: the two that turn Rust into a page, and one for tests. From the path,
// from the project's folder in the user's cache, as released, or built from source.

import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { addToPath, output, root, run, windows } from "./process.mjs";

const TRUNK = "0.21.14";
const DENY = "0.20.2";

/** What `get` in setup.mjs needs of each: a name, whether it is ready, and the ways to it. */
export async function cargoTools() {
  const bindgen = await locked("wasm-bindgen");
  return [
    tool({
      programs: ["trunk"],
      version: TRUNK,
      page: `https://github.com/trunk-rs/trunk/releases/download/v${TRUNK}`,
      archive: (target) => `trunk-${target}.${windows ? "zip" : "tar.gz"}`,
      folders: 0,
      install: ["trunk", "--version", TRUNK, "--locked"],
      minutes: 5,
    }),
    tool({
      programs: ["wasm-bindgen", "wasm-bindgen-test-runner"],
      version: bindgen,
      page: `https://github.com/wasm-bindgen/wasm-bindgen/releases/download/${bindgen}`,
      archive: (target) => `wasm-bindgen-${bindgen}-${target}.tar.gz`,
      folders: 1,
      install: ["wasm-bindgen-cli", "--version", bindgen],
      minutes: 3,
    }),
  ];
}

/** What tests need besides: who holds the dependencies to `deny.toml`. */
export function testTools() {
  return [
    tool({
      programs: ["cargo-deny"],
      version: DENY,
      page: `https://github.com/EmbarkStudios/cargo-deny/releases/download/${DENY}`,
      archive: (target) => `cargo-deny-${DENY}-${target}.tar.gz`,
      folders: 1,
      install: ["cargo-deny", "--version", DENY, "--locked"],
      minutes: 4,
    }),
  ];
}

/** Puts on the path what earlier runs of the commands got. */
export async function addToolsToPath() {
  for (const { ready } of await cargoTools()) await ready();
}

function tool({ programs, version, page, archive, folders, install, minutes }) {
  const folder = join(cache(), `${programs[0]}-${version}`);
  const bin = join(folder, "bin");
  const isRight = async (program) => (await output(program, ["--version"]))?.split(/\s+/)[1] === version;
  const allRight = async () => (await Promise.all(programs.map(isRight))).every(Boolean);
  const ready = async () => {
    if (await allRight()) return true;
    if (!existsSync(bin)) return false;
    addToPath(bin);
    return allRight();
  };
  const file = archive(target());
  return {
    name: `${programs[0]} ${version}`,
    ready,
    ways: [
      [`${file} of its release, 10 s`, () => download(`${page}/${file}`, folders, bin)],
      [`from source, about ${minutes} min`, () => build(install, folder)],
    ],
  };
}

/** The version that Cargo.lock pins, so that it is written once. */
async function locked(crate) {
  const lock = await readFile(join(root, "Cargo.lock"), "utf8");
  const version = new RegExp(`^name = "${crate}"\\r?\\nversion = "(.+)"`, "m").exec(lock)?.[1];
  if (version === undefined) throw new Error(`Cargo.lock has no ${crate}`);
  return version;
}

/** A folder that a second clone finds too; nobody's own tools are replaced. */
export function cache() {
  if (process.env.STAYFRESH_TOOLS) return process.env.STAYFRESH_TOOLS;
  if (windows) return join(process.env.LOCALAPPDATA ?? homedir(), "stayfresh");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "stayfresh");
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "stayfresh");
}

/** The platform, as releases name it. */
function target() {
  const arch = process.arch === "arm64" ? "aarch64" : "x86_64";
  if (windows) return `${arch}-pc-windows-msvc`;
  if (process.platform === "darwin") return `${arch}-apple-darwin`;
  return `${arch}-unknown-linux-${arch === "x86_64" ? "musl" : "gnu"}`;
}

/** Unpacks a release into `bin`, without the folders that its files are in. */
async function download(url, folders, bin) {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) }).catch((error) => {
    throw new Error(`${url}: ${error.cause?.message ?? error.message}`);
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  await mkdir(bin, { recursive: true });
  const archive = join(bin, "archive");
  await writeFile(archive, Buffer.from(await response.arrayBuffer()));
  // Windows has a tar that reads zip as well; another one may come first on its path.
  const tar = windows ? join(process.env.SystemRoot ?? "C:\\Windows", "System32", "tar.exe") : "tar";
  await run(tar, ["-xf", archive, "-C", bin, `--strip-components=${folders}`]);
  await rm(archive);
}

/** With little optimisation: they are used for seconds, and it takes most of the time to build them. */
function build(install, folder) {
  return run("cargo", ["install", ...install, "--root", folder, "--force"], {
    env: {
      CARGO_PROFILE_RELEASE_OPT_LEVEL: "1",
      CARGO_PROFILE_RELEASE_LTO: "off",
      CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
    },
  });
}
