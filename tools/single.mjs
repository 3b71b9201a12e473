// The whole page as one HTML file, which runs from a disk, a stick, an e-mail, without a server.

import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** Its name. */
export const SINGLE = "stayfresh.html";

const pack = async (bytes) => (await promisify(gzip)(bytes, { level: 9 })).toString("base64");

/** Makes it from the page built in `folder`, and puts it there. */
export async function writeSingle(folder) {
  const read = (name) => readFile(join(folder, name), "utf8");
  const bytes = (name) => readFile(join(folder, name));
  const files = await readdir(folder);
  const named = (pattern) => files.find((name) => pattern.test(name));
  const page = await read("index.html");

  const font = (await bytes("fonts/geist.woff2")).toString("base64");
  const sheets = [...page.matchAll(/<link rel="stylesheet" href="(?:\.\/)?([^"?]+)"/g)].map(([, name]) => name);
  const style = (await Promise.all(sheets.map(read))).join("\n").replaceAll("fonts/geist.woff2", `data:font/woff2;base64,${font}`);

  const program = await read(named(/^app-[0-9a-f]+\.js$/));
  const packed = {
    program: await pack(await bytes(named(/^app-.*_bg\.wasm$/))),
    engine: await pack(await bytes("worker_bg.wasm")),
    worker: await pack(await bytes("worker.js")),
    editor: await pack(await bytes("editor.js")),
  };
  const data = Object.entries(packed).map(([name, text]) => `<script type="text/plain" id="packed-${name}">${text}</script>`);
  const first = await read("first.js");
  const start = `${program}\n${await read("single.js")}`;
  const body = /<body[^>]*>([\s\S]*)<\/body>/.exec(page)[1].replace(/<script[\s\S]*?<\/script>/g, "");
  const head = /<head>([\s\S]*)<\/head>/.exec(page)[1];
  const kept = head.match(/<meta (?:charset|name)[^>]*>|<title>.*?<\/title>|<link rel="icon"[^>]*>/g);
  const inline = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${inline(first)} ${inline(start)} 'wasm-unsafe-eval' blob:`,
    "worker-src blob:",
    `style-src ${inline(style)}`,
    "font-src data:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  for (const text of [style, first, start]) {
    if (/<\/(script|style)/i.test(text)) throw new Error("a closing tag in what is put in place");
  }
  const html = `<!doctype html>
${/<html[^>]*>/.exec(page)[0]}
<head>
${kept.join("\n")}
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style>${style}</style>
<script>${first}</script>
</head>
<body data-run="idle">${body.trim()}
${data.join("\n")}
<script type="module">${start}</script>
</body>
</html>
`;
  await writeFile(join(folder, SINGLE), html);
  await rm(join(folder, "single.js"));
}
