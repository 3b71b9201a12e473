// The command line, as `npm test -- cli` or `cargo build --release` built it.

import { join } from "node:path";

import { output, windows } from "./process.mjs";

/** Its path. */
export async function programPath() {
  const metadata = await output("cargo", ["metadata", "--format-version=1", "--no-deps"]);
  return join(JSON.parse(metadata).target_directory, "release", windows ? "stayfresh.exe" : "stayfresh");
}
