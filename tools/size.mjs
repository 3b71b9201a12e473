// What a browser fetches of the built page, and for what, in kB of brotli: fails where it is more than it may be.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";

/** What is fetched together: what for, whether a file is in it, and how many kB it aims at and fails above. */
const PARTS = [
  { what: "before the first chart", goal: 220, most: 250, has: (name, page) => name === "index.html" || page.waitsFor(name) },
  { what: "to change and run it: the program", most: 1000, has: (name) => /^app-/.test(name) },
  { what: "to change and run it: the engine", most: 750, has: (name) => /^(engine|worker)/.test(name) },
  { what: "when asked for: the editor", has: (name) => name === "editor.js" },
];

/** Prints a line for each part of the page in `folder`. */
export async function reportSize(folder) {
  const page = await firstLook(folder);
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll("\\", "/"));
  const tooLarge = [];
  for (const { what, goal, most, has } of PARTS) {
    const files = names.filter((name) => has(name, page));
    if (files.length === 0) throw new Error(`${what}: no file of the page is in it`);
    const sizes = await Promise.all(files.map((name) => packed(join(folder, name))));
    const size = sizes.reduce((sum, size) => sum + size, 0) / 1000;
    const limits = [goal && `goal ${goal}`, most && `at most ${most}`].filter(Boolean).join(", ");
    console.log(`${what.padEnd(36)} ${size.toFixed(0).padStart(5)} kB   ${limits}`);
    if (most !== undefined && size > most) tooLarge.push(`${what}: ${size.toFixed(0)} kB, and at most ${most}`);
  }
  if (tooLarge.length > 0) throw new Error(tooLarge.join("\n"));
}

/** What the page draws its first charts with: they are in it, and wait for its styles, their font, and what runs before. */
async function firstLook(folder) {
  const html = await readFile(join(folder, "index.html"), "utf8");
  if (!/<svg class="drawn\b/.test(html)) throw new Error("the page has no chart in it: it was built without a browser");
  const links = [...html.matchAll(/<link rel="stylesheet" href="(?:\.\/)?([^"?]+)/g), ...html.matchAll(/<script src="(?:\.\/)?([^"?]+)/g)];
  const waited = new Set(links.map(([, name]) => name));
  return { waitsFor: (name) => waited.has(name) || name.endsWith(".woff2") };
}

const packed = async (path) => (await promisify(brotliCompress)(await readFile(path))).length;
