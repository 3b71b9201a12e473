// The page without a network: the build's files and their digests, for the service worker, which keeps them.

import { createHash } from "node:crypto";
import { appendFile, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { SINGLE } from "./single.mjs";

/** Files whose names do not say what is in them: their addresses do. */
const NAMED = ["first.js", "start.js"];

/** Gives the files in `folder` addresses that change with them, and lists these in the service worker. */
export async function writeOffline(folder) {
  const page = join(folder, "index.html");
  let html = await readFile(page, "utf8");
  for (const name of NAMED) {
    const address = `${name}?${await digest(join(folder, name))}`;
    const named = html.replace(new RegExp(`(src="(?:\\./)?)${name}"`), (_, before) => `${before}${address}"`);
    if (named === html) throw new Error(`${page} does not ask for ${name}`);
    html = named;
  }
  await writeFile(page, html);

  const build = engineBuild(await readFile(join(folder, await programOf(folder)), "latin1"));
  // The page does not work with the editor of another build.
  await appendFile(join(folder, "editor.js"), `stayfreshEditor.build = ${JSON.stringify(build)};\n`);
  const workers = new Set(["editor.js", "engine.js", "worker.js", "worker_bg.wasm"]);
  const files = { "./": await digest(page) };
  const all = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const path of all.map((file) => join(file.parentPath, file.name)).sort()) {
    const name = path.slice(folder.length + 1).replaceAll("\\", "/");
    if (["index.html", "sw.js", SINGLE].includes(name) || name.endsWith(".txt")) continue;
    const own = await digest(path);
    files[name + (NAMED.includes(name) ? `?${own}` : workers.has(name) ? `?${build}` : "")] = own;
  }
  const worker = join(folder, "sw.js");
  const template = await readFile(worker, "utf8");
  const listed = JSON.stringify(files, null, 2);
  const named = createHash("sha256").update(template).update(listed).digest("hex").slice(0, 16);
  await writeFile(worker, template.replace('"BUILD"', JSON.stringify(named)).replace('{ FILES: "" }', listed));
}

const digest = async (path) => createHash("sha256").update(await readFile(path)).digest("hex").slice(0, 16);

const programOf = async (folder) => (await readdir(folder)).find((name) => /^app-.*_bg\.wasm$/.test(name));

/** The build's name for its engine, as the program asks for it. */
function engineBuild(program) {
  const found = /\.\/engine\.js\?(\d+\.\d+\.\d+-[0-9a-f]{16})/.exec(program);
  if (found === null) throw new Error("the program does not say which engine it asks for");
  return found[1];
}
