// Keeps the page for when there is no network. Every address but the page's own changes with what is behind it, so
// what is kept is never wrong; the page itself is asked for first, and brings its build's addresses with it. A
// build is kept whole or not at all: two are never mixed.

const build = "BUILD";
const files = ["FILES"];

const PREFIX = "stayfresh-";
const cache = PREFIX + build;
/** A network that has not answered by then might as well not be there. */
const PATIENCE_MS = 3000;

addEventListener("install", (event) => {
  const keep = async () => (await caches.open(cache)).addAll(files.map((file) => new Request(file, { cache: "no-cache" })));
  event.waitUntil(keep().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  // The build before stays: a page that is open may still ask for its engine.
  const forget = async () => {
    const kept = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== cache);
    await Promise.all(kept.slice(0, -1).map((name) => caches.delete(name)));
  };
  event.waitUntil(forget().then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

async function page(request) {
  const kept = async () => (await caches.open(cache)).match("./");
  const isPage = new URL(request.url).pathname === new URL("./", location.href).pathname;
  if (!isPage) return fetch(request);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? answer : ((await kept()) ?? answer);
  } catch (error) {
    const page = await kept();
    if (page === undefined) throw error;
    return page;
  }
}
