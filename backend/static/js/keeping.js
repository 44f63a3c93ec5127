// What stays on this device until it is saved. Each user has a key that never leaves this browser (it cannot be
// exported), and with it everything is encrypted in IndexedDB. Logging out wipes all of it, and after 14 days a thing
// goes by itself.
//
// "drafts" holds what was not sent yet; "pages" what a page needs to open without a line.

const DAYS = 14;

export const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function database() {
  const opening = indexedDB.open("kwartet", 2);
  opening.onupgradeneeded = () => {
    const there = opening.result.objectStoreNames;
    if (!there.contains("keys")) opening.result.createObjectStore("keys");
    if (!there.contains("drafts")) opening.result.createObjectStore("drafts", { keyPath: "slot" });
    if (!there.contains("pages")) opening.result.createObjectStore("pages", { keyPath: "slot" });
  };
  const opened = await done(opening);
  // A newer page of ours in another tab wants to change the stores.
  opened.onversionchange = () => opened.close();
  return opened;
}

let opened;

export async function store(name, mode = "readonly") {
  if (!crypto.subtle) throw new Error("nothing can be kept here");
  opened ||= database();
  return (await opened).transaction(name, mode).objectStore(name);
}

async function key(user) {
  const known = await done((await store("keys")).get(user));
  if (known) return known;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Another tab may have been quicker.
  await done((await store("keys", "readwrite")).add(fresh, user)).catch(() => {});
  return done((await store("keys")).get(user));
}

const underWay = new Set();
let wiped = false;

// `record` holds slot, user, and what may be read without the key; `content` is encrypted. Once all of it is wiped
// this page keeps nothing more.
export async function keep(name, record, content) {
  if (wiped) return;
  const keeping = put(name, record, content);
  underWay.add(keeping);
  await keeping.finally(() => underWay.delete(keeping));
}

async function put(name, record, content) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(content));
  const text = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(record.user), plain);
  await done((await store(name, "readwrite")).put({ ...record, iv, text }));
}

export async function read(record) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv }, await key(record.user), record.text);
  return JSON.parse(new TextDecoder().decode(plain));
}

export async function drop(name, slot) {
  await done((await store(name, "readwrite")).delete(slot));
}

// Those that are not too old; the others go. Without `user` those of everybody.
export async function kept(name, user) {
  const every = await done((await store(name)).getAll());
  const old = Date.now() - DAYS * 86400000;
  await Promise.all(every.filter((one) => one.at < old).map((one) => drop(name, one.slot)));
  return every.filter((one) => one.at >= old && (!user || one.user === user));
}

export async function wipe(user) {
  wiped = true;
  await Promise.allSettled(underWay);
  for (const name of ["drafts", "pages"]) {
    const every = await kept(name, user);
    await Promise.all(every.map((one) => drop(name, one.slot)));
  }
  await done((await store("keys", "readwrite")).delete(user));
}

// Somebody went back to the page that they had logged out from.
addEventListener("pageshow", (event) => event.persisted && (wiped = false));

export const clock = (at) => {
  const today = new Date(at).toDateString() === new Date().toDateString();
  const style = today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(at);
};

export async function lineIsThere(patience) {
  try {
    await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(patience) });
    return true;
  } catch {
    return false;
  }
}
