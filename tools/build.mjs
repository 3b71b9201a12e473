// Builds the page into dist/.

import { join } from "node:path";

import { buildEditor } from "./editor.mjs";
import { writeOffline } from "./offline.mjs";
import { root, run } from "./process.mjs";
import { writeSingle } from "./single.mjs";
import { slim } from "./slim.mjs";

/** Where the built page is. */
export const dist = join(root, "dist");

/** Builds it as it is to be published. */
export async function buildPage() {
  // Trunk then needs no network, so it cannot wait for one.
  await run("cargo", ["fetch", "--locked"]);
  // Trunk takes NO_COLOR=1, which is the convention, for a mistake.
  const env = process.env.NO_COLOR ? { NO_COLOR: "true" } : {};
  await run("trunk", ["build", "--release", "--locked", "--offline"], { env });
  await slim(dist);
  await buildEditor(dist);
  // A browser draws it; without one the page works, and is empty until its program has come.
  const { findBrowser } = await import("./browser.mjs");
  if ((await findBrowser()) === undefined) console.log("no browser: the page is built without its first look");
  else await (await import("./prerender.mjs")).prerender(dist);
  await writeSingle(dist);
  await writeOffline(dist);
}
