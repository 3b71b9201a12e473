// Keeps the page for when there is no network. The page itself is asked for first, and brings its build's addresses
// with it: all code has addresses that change with it. Icons and the font have none; they are those of the build that is
// kept. A build is kept whole, each file as its digest says, or not at all: two are never mixed, not even where a host is
// in the middle of getting another one.

const build = "BUILD";
/** By address, the digest of what is there. */
const files = { FILES: "" };

const PREFIX = "stayfresh-";
const cache = PREFIX + build;
/** A network that has not answered in whole by then might as well not be there. */
const PATIENCE_MS = 3000;

addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())));

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

/** Keeps this build. */
async function keep() {
  const answers = await Promise.all(Object.entries(files).map(fetched));
  try {
    const own = await caches.open(cache);
    await Promise.all(answers.map(([address, answer]) => own.put(address, answer)));
  } catch (error) {
    await caches.delete(cache);
    throw error;
  }
}

/** A file of this build, and of no other. */
async function fetched([address, digest]) {
  const answer = await fetch(new Request(address, { cache: "no-cache" }));
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer()));
  const written = Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!written.startsWith(digest)) throw new Error(`${address} is of another build`);
  return [address, answer];
}

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
    // In whole: a page of which the rest does not come is none.
    const whole = await answer.arrayBuffer();
    return answer.ok ? new Response(whole, answer) : ((await own()) ?? new Response(whole, answer));
  } catch {
    // Who has nothing else waits as long as it takes.
    return (await own()) ?? fetch(request);
  }
}
