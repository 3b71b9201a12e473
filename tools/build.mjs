// Builds the page into dist/.

import { join } from "node:path";

import { root, run } from "./process.mjs";

/** Where the built page is. */
export const dist = join(root, "dist");

/** Builds it as it is to be published. */
export async function buildPage() {
  // Trunk then needs no network, so it cannot wait for one.
  await run("cargo", ["fetch", "--locked"]);
  // Trunk takes NO_COLOR=1, which is the convention, for a mistake.
  const env = process.env.NO_COLOR ? { NO_COLOR: "true" } : {};
  await run("trunk", ["build", "--release", "--locked", "--offline"], { env });
}
