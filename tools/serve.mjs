// Serves the built page: files, their types, and a folder to serve them under if it is not the top.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

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
  send(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "content-length": about.size });
  if (request.method === "HEAD") return response.end();
  return createReadStream(file).on("error", () => response.destroy()).pipe(response);
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
