// Takes out of WebAssembly what browsers do not need: names of functions and what else is not run.

import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The magic number and the version. */
const HEADER = 8;
/** The kind of section that changes nothing of what a program does. */
const CUSTOM = 0;

/** Slims every program in `folder`. */
export async function slim(folder) {
  for (const name of (await readdir(folder)).filter((name) => name.endsWith(".wasm"))) {
    const path = join(folder, name);
    await writeFile(path, withoutCustom(await readFile(path)));
  }
}

function withoutCustom(program) {
  const kept = [program.subarray(0, HEADER)];
  for (let at = HEADER; at < program.length; ) {
    const [length, from] = leb128(program, at + 1);
    if (program[at] !== CUSTOM) kept.push(program.subarray(at, from + length));
    at = from + length;
  }
  return Buffer.concat(kept);
}

/** A whole number as WebAssembly writes it, and where it ends. */
function leb128(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at += 1) {
    value += (bytes[at] & 0x7f) * 2 ** shift;
    if (bytes[at] < 0x80) return [value, at + 1];
  }
}
