// Serves the built page: files, their types, and a folder to serve them under if it is not the top.

import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".woff2": "font/woff2",
};

/** Smaller than this, or compressed already: sent as it is. */
const SMALL = 1024;
const COMPRESSED = new Set([".png", ".woff2"]);

/** As hosts of static pages do it, in good time. */
const compress = promisify(brotliCompress);
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } };

/**
 * Serves `folder` on this machine alone, under `base` (which begins and ends with a slash). Takes the next
 * free port from `port` on, or any if that is 0. Resolves to the address and a way to stop.
 */
export async function serve(folder, { port = 0, base = "/" } = {}) {
  const server = createServer((request, response) => {
    answer(folder, base, request, response).catch(() => response.destroy());
  });
  const listening = await listen(server, port);
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { address: `http://localhost:${listening}${base}`, stop };
}

async function listen(server, first) {
  for (let port = first; ; port += 1) {
    try {
      await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "localhost", () => {
          server.off("error", reject);
          resolve();
        });
      });
      return server.address().port;
    } catch (error) {
      if (error.code !== "EADDRINUSE" || port === 0 || port > first + 100) throw error;
    }
  }
}

async function answer(folder, base, request, response) {
  const send = (status, headers = {}) => response.writeHead(status, { "cache-control": "no-cache", ...headers });
  const path = decoded(new URL(request.url, "http://localhost").pathname);
  if (path === undefined) return send(400).end();
  if (!path.startsWith(base)) return send(404).end("not found\n");
  const file = join(folder, normalize(path.slice(base.length) || "index.html"));
  const inside = file.startsWith(normalize(folder + sep));
  const about = inside ? await stat(file).catch(() => undefined) : undefined;
  if (!about?.isFile()) return send(404, { "content-type": "text/plain" }).end("not found\n");
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  const accepts = /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
  const packs = accepts && about.size >= SMALL && !COMPRESSED.has(extname(file));
  const body = packs ? await packed(file, about) : await readFile(file);
  send(200, { "content-type": type, "content-length": body.length, ...(packs && { "content-encoding": "br" }), vary: "accept-encoding" });
  return response.end(request.method === "HEAD" ? undefined : body);
}

/** Files that were compressed, by what they were then. */
const done = new Map();

function packed(file, { mtimeMs, size }) {
  const key = `${file}\n${mtimeMs}\n${size}`;
  if (!done.has(key)) done.set(key, readFile(file).then((bytes) => compress(bytes, BROTLI)));
  return done.get(key);
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
