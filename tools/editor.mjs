// Bundles the editor of the scenario's text, which the page fetches when it is asked for.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { root } from "./process.mjs";

/** Puts it into `folder`, as one file. */
export async function buildEditor(folder) {
  // Both come with the npm packages, so they cannot be loaded before them.
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(root, "www", "editor", "main.js")],
    outfile: join(folder, "editor.js"),
    bundle: true,
    minify: true,
    // A plain script: it also loads where modules do not, on a page from a disk.
    format: "iife",
    globalName: "stayfreshEditor",
    target: ["chrome123", "firefox121", "safari17.5"],
    legalComments: "eof",
    plugins: [grammars, sheets],
    logLevel: "warning",
  });
}

/** A grammar becomes its parser. */
const grammars = {
  name: "grammars",
  setup(build) {
    build.onLoad({ filter: /\.grammar$/ }, async ({ path }) => {
      const { buildParserFile } = await import("@lezer/generator");
      const { parser } = buildParserFile(await readFile(path, "utf8"), { fileName: path });
      return { contents: parser, loader: "js" };
    });
  },
};

/** Styles go into constructed sheets: the content security policy allows no style elements. */
const sheets = {
  name: "sheets",
  setup(build) {
    build.onLoad({ filter: /[\\/]style-mod\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const condition = "!root.head && root.adoptedStyleSheets";
      if (!text.includes(condition)) throw new Error(`${path} no longer says ${condition}: see that it needs no style element`);
      return { contents: text.replace(condition, "root.adoptedStyleSheets"), loader: "js" };
    });
  },
};
