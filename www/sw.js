// Keeps the page for when there is no network. The page itself is asked for first, and brings its build's addresses
// with it: all code has addresses that change with it. Icons and the font have none; they are this build's, never
// an older one's. A build is kept whole or not at all: two are never mixed.

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
  else event.respondWith(kept(request).then((kept) => kept ?? fetch(request)));
});

/** What this build has; else what the one before has, for a page of it that is still open. */
async function kept(request) {
  return (await (await caches.open(cache)).match(request)) ?? caches.match(request);
}

async function page(request) {
  const own = async () => (await caches.open(cache)).match("./");
  const isPage = new URL(request.url).pathname === new URL("./", location.href).pathname;
  if (!isPage) return fetch(request);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? answer : ((await own()) ?? answer);
  } catch (error) {
    const page = await own();
    if (page === undefined) throw error;
    return page;
  }
}
