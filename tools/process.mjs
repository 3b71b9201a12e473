// Child processes, the same on Linux, macOS and Windows: no shell, and a failure is an error.

import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the project. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const windows = process.platform === "win32";

/** Puts a folder first on the path of every later child. */
export function addToPath(folder) {
  const path = process.env.PATH ?? "";
  if (!path.split(delimiter).includes(folder)) process.env.PATH = folder + delimiter + path;
}

/** Runs a program in the top of the project, its output going where ours goes. Rejects unless it exits with 0. */
export async function run(program, args, { env = {} } = {}) {
  const { code } = await child(program, args, env, "inherit");
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")}: exit code ${code}`);
}

/** The standard output of a program, or undefined if it is missing or fails. */
export async function output(program, args) {
  try {
    const { code, text } = await child(program, args, {}, ["ignore", "pipe", "ignore"]);
    return code === 0 ? text.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** npm, as a program and what comes before its arguments: it is a script, which this Node starts without a shell. */
export function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith("js")) return [process.execPath, [script]];
  return windows ? ["cmd", ["/d", "/c", "npm"]] : ["npm", []];
}

/** Runs npm. */
export function npm(args) {
  const [program, before] = npmCommand();
  return run(program, [...before, ...args]);
}

function child(program, args, env, stdio) {
  return new Promise((resolve, reject) => {
    const started = spawn(program, args, { cwd: root, env: { ...process.env, ...env }, stdio });
    let text = "";
    started.stdout?.setEncoding("utf8").on("data", (part) => (text += part));
    started.on("error", (error) =>
      reject(error.code === "ENOENT" ? new Error(`${program} is not installed, or not on the path`) : error),
    );
    started.on("close", (code, signal) => resolve({ code: code ?? signal, text }));
  });
}

