// A Firefox to test in: the one that is there, else one that can be had. Driven over WebDriver BiDi, which stock ones
// speak.

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";

import puppeteer from "puppeteer-core";

import { cache } from "./cargo-tools.mjs";
import { root, run, windows } from "./process.mjs";

/** Where one that was got for the project is. */
const got = () => join(cache(), "firefox");

/** Where a Firefox is, or undefined. `STAYFRESH_FIREFOX` goes before all. */
export async function findFirefox() {
  if (process.env.STAYFRESH_FIREFOX) return process.env.STAYFRESH_FIREFOX;
  return [...installed(), ...(await unpacked())].find(existsSync);
}

/** Starts it, without a window; all that it opens is private, if that is asked for. */
export async function launchFirefox({ isPrivate = false } = {}) {
  const executablePath = await findFirefox();
  if (executablePath === undefined) throw new Error("no Firefox: `npm test` gets one, or set STAYFRESH_FIREFOX to one");
  const extraPrefsFirefox = isPrivate ? { "browser.privatebrowsing.autostart": true } : {};
  return puppeteer.launch({ browser: "firefox", executablePath, headless: true, extraPrefsFirefox });
}

/** The ways to one, for `get` in setup.mjs. */
export function firefoxWays() {
  const browsers = join(root, "node_modules", "@puppeteer", "browsers", "lib", "cjs", "main-cli.js");
  const ways = [
    [
      "Mozilla's Firefox, 1 min",
      () => run(process.execPath, [browsers, "install", "firefox@stable", "--path", got()]),
    ],
  ];
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const install = ["install", "-q", "-y", "--no-install-recommends", "firefox-esr"];
    ways.unshift([
      "apt-get install firefox-esr, 1 min",
      async () => {
        await run("apt-get", ["update", "-q"]);
        await run("apt-get", install, { env: { DEBIAN_FRONTEND: "noninteractive" } });
      },
    ]);
  }
  return ways;
}

function installed() {
  if (windows) {
    const roots = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"]].filter(Boolean);
    return roots.map((folder) => join(folder, "Mozilla Firefox", "firefox.exe"));
  }
  if (process.platform === "darwin") return ["/Applications/Firefox.app/Contents/MacOS/firefox"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return ["firefox", "firefox-esr"].flatMap((program) => folders.map((folder) => join(folder, program)));
}

/** Those that were unpacked for the project, the last first. */
async function unpacked() {
  const versions = await readdir(join(got(), "firefox")).catch(() => []);
  const within = windows
    ? [["core", "firefox.exe"], ["firefox", "firefox.exe"]]
    : [["firefox", "firefox"], ["Firefox.app", "Contents", "MacOS", "firefox"]];
  return versions.sort().reverse().flatMap((version) => within.map((path) => join(got(), "firefox", version, ...path)));
}
