// The Python packages of the tests beyond one machine, in an environment of their own.

import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { cache } from "./cargo-tools.mjs";
import { output, root, run, windows } from "./process.mjs";

/** What is wanted, and the versions of all that this needs in turn. */
const [WANTED, NEEDED] = ["tests/beyond/requirements.txt", "tests/beyond/constraints.txt"];
const LISTS = ["examples/dask/requirements.txt", WANTED, NEEDED];

/** The environment's Python, and how it is got. */
export async function python() {
  const lists = await Promise.all(LISTS.map((list) => readFile(join(root, list), "utf8")));
  const hash = createHash("sha256").update(lists.join("\n")).digest("hex").slice(0, 16);
  const folder = join(cache(), `python-${hash}`);
  const program = join(folder, windows ? "Scripts/python.exe" : "bin/python");
  // Written last of all.
  const stamp = join(folder, "whole");
  const ready = async () => (await readFile(stamp, "utf8").catch(() => "")) === hash && (await output(program, ["--version"])) !== undefined;
  const make = async () => {
    await rm(folder, { recursive: true, force: true });
    await run(windows ? "python" : "python3", ["-m", "venv", folder]);
    const [wanted, needed] = [WANTED, NEEDED].map((list) => join(root, list));
    await run(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", wanted, "-c", needed]);
    await writeFile(stamp, hash);
  };
  return { program, ready, ways: [["python3 -m venv and pip install, 30 s (Python 3.10 or newer)", make]] };
}
