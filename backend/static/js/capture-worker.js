// Lets the page on which statements are taken open without a line: instead of the page comes a frame without any data
// of anybody, whose script finds the notes on the device (capture.js). Nothing else is answered from here.

const CACHE = "capture 1";
const FRAME = "/notes/offline/";
const isCapture = (url) => /^\/notes\/\d+\/$/.test(url.pathname);
const isStatic = (url) => url.pathname.startsWith("/static/");

// What the frame needs comes along with it, and what its scripts import as well.
async function fill() {
  const cache = await caches.open(CACHE);
  const response = await fetch(FRAME, { cache: "no-store" });
  const text = await response.clone().text();
  await cache.put(FRAME, response);
  const found = [...text.matchAll(/(?:src|href)="(\/static\/[^"#]+)/g)].map((one) => one[1]);
  const wanted = [...new Set(found)];
  for (let place = 0; place < wanted.length; place += 1) {
    const answer = await fetch(wanted[place]);
    if (!answer.ok) continue;
    await cache.put(wanted[place], answer.clone());
    if (!/\.(js|css)$/.test(new URL(answer.url).pathname)) continue;
    for (const [, path] of (await answer.text()).matchAll(/(?:from |url\()"?([./][^"')\s]+)"?/g)) {
      const { pathname } = new URL(path, answer.url);
      if (!wanted.includes(pathname)) wanted.push(pathname);
    }
  }
}

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function netFirst(request, instead) {
  try {
    return await fetch(request);
  } catch (problem) {
    const known = await (await caches.open(CACHE)).match(instead, { ignoreSearch: true });
    if (known) return known;
    throw problem;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate" && isCapture(url)) event.respondWith(netFirst(request, FRAME));
  else if (isStatic(url)) event.respondWith(netFirst(request, request.url));
});
