// A Chromium to test in: the one that is there, else one that can be had.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { chromium } from "playwright-core";

import { root, run, windows } from "./process.mjs";

const FLAGS = [
  "--disable-quic",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let found;

/** Where a Chromium, Chrome or Edge is that does start, or undefined. `STAYFRESH_BROWSER` goes before all. */
export async function findBrowser() {
  for (const path of found ? [] : candidates().filter(existsSync)) {
    const browser = await start(path).catch(() => undefined);
    if (browser === undefined) continue;
    await browser.close();
    found = path;
    break;
  }
  return found;
}

/** Starts it, without a window. */
export async function launchBrowser() {
  const path = await findBrowser();
  if (path === undefined) throw new Error("no browser: `npm test` gets one, or set STAYFRESH_BROWSER to a Chromium");
  return start(path);
}

/** The ways to one, for `get` in setup.mjs. */
export function browserWays() {
  const playwright = join(root, "node_modules", "playwright-core", "cli.js");
  const ways = [["playwright's Chromium, 1 min", () => run(process.execPath, [playwright, "install", "chromium"])]];
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    ways.unshift([
      "apt-get install chromium, 2 min",
      async () => {
        await run("apt-get", ["update", "-q"]);
        await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", "chromium"], {
          env: { DEBIAN_FRONTEND: "noninteractive" },
        });
      },
    ]);
  }
  return ways;
}

const start = (executablePath) =>
  // The sandbox is not to be had as root, and in most containers.
  chromium.launch({ executablePath, chromiumSandbox: false, args: FLAGS });

function candidates() {
  if (process.env.STAYFRESH_BROWSER) return [process.env.STAYFRESH_BROWSER];
  return [...installed(), chromium.executablePath()];
}

function installed() {
  if (windows) {
    const roots = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA].filter(Boolean);
    const programs = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];
    return programs.flatMap((program) => roots.map((folder) => join(folder, program)));
  }
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge"].map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const programs = ["chromium", "google-chrome-stable", "google-chrome", "chromium-browser", "microsoft-edge"];
  return programs.flatMap((program) => folders.map((folder) => join(folder, program)));
}
