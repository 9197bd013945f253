// Keeps the whole app on the device, so that it opens with no network. A new version waits until a person says so.
const NAME = "small-steps-" + "VERSION";
const FILES = {}; // name -> "sha256-..." of its bytes, written by the build
const HOME = "/app/index.html";

async function hashed(answer) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
  return "sha256-" + btoa(String.fromCharCode(...hash));
}

// Only bytes with the right hash are kept: never half of one version and half of another. What an older version, or
// an interrupted visit, already brought here is not asked for again.
async function keep(cache, name, hash) {
  const url = "/app/" + name;
  const old = await caches.match(url, { ignoreVary: true });
  if (old && (await hashed(old.clone())) === hash) return cache.put(url, old);
  const ask = (mode) => fetch(url, { cache: mode, integrity: hash });
  const fresh = await ask("force-cache").catch(() => ask("reload")); // the page has just fetched most of them
  if (!fresh.ok) throw new Error(url);
  return cache.put(url, fresh);
}

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    for (const [name, hash] of Object.entries(FILES)) await keep(cache, name, hash);
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("small-steps-") && name !== NAME) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "update now") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith("/app/")) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    const page = event.request.mode === "navigate";
    const kept = await cache.match(page ? HOME : url.origin + url.pathname, { ignoreVary: true });
    return kept || fetch(event.request);
  })());
});
