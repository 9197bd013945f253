// Keeps the whole app on the device, so that it opens with no network. A new version waits until a person says so.
const NAME = "small-steps-" + "VERSION";
const FILES = ["FILES"];
const HOME = "/app/index.html";

self.addEventListener("install", (event) => {
  const wanted = FILES.map((name) => new Request("/app/" + name, { cache: "no-cache" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(wanted)));
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
