// The service worker of the treatment page: when the line is dead, a reload still shows the needles.
//
// It stands between /visits/ and the network, and touches only the treatment page itself and the files
// that this page asks for. The network always goes first; a kept page is shown when nobody answers.
// Kept are pages of one member at a time: a page for another, signing out or locking wipes them.

const PREFIX = "filiform-treatment-";
const FILES = `${PREFIX}files`;
const PAGE = /^\/visits\/[0-9a-f-]{36}\/treat\/$/;
const FILE = /^\/(static|body)\//;
const BUILD = /^\/patients\/[0-9a-f-]{36}\/body\.bin$/; // the patient's own body: kept with the member's pages
const NOBODY_THERE = new Set([502, 503, 504]); // the proxy speaks, the clinic's computer doesn't
const ANSWER_MS = 8000;
const LONGEST_MS = 12 * 3600 * 1000; // a session's length: no page is shown longer than one could be signed in

const late = (ms) => new Promise((resolve) => { setTimeout(resolve, ms, null); });

async function names() { return (await caches.keys()).filter((name) => name.startsWith(PREFIX)); }
async function wipe(but = "") {
  for (const name of await names()) if (name !== but && (but === "" || name !== FILES)) await caches.delete(name);
}

async function keep(path, answer, member, since) {
  const mine = PREFIX + member;
  await wipe(mine); // others' pages
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Set-Cookie"]) headers.delete(name);
  headers.set("X-Kept-At", String(Date.now()));
  const store = await caches.open(mine);
  await store.put(path, new Response(await answer.blob(), { status: 200, headers }));
  const part = await store.match(`${path}state/`);
  if (part && Number(part.headers.get("X-Kept-At")) < since) await store.delete(`${path}state/`);
}

async function drop(path) {
  for (const name of await names()) if (name !== FILES) await (await caches.open(name)).delete(path);
}

// Files of the house are anybody's; what is of a patient goes with the pages, and is wiped with them.
async function shelf(address) {
  const { pathname } = new URL(address);
  if (FILE.test(pathname)) return caches.open(FILES);
  const pages = BUILD.test(pathname) ? (await names()).find((name) => name !== FILES) : undefined;
  return pages ? caches.open(pages) : null;
}

// The page says for how long it was kept, so that its clocks go on from then.
async function kept(path) {
  for (const name of await names()) {
    const found = name === FILES ? undefined : await (await caches.open(name)).match(path, { ignoreVary: true });
    if (!found) continue;
    const age = Date.now() - Number(found.headers.get("X-Kept-At"));
    if (!(age >= 0 && age < LONGEST_MS)) { await drop(path); return null; }
    const html = (await found.text()).replace('data-kept-for="0"', `data-kept-for="${Math.max(1, Math.round(age / 1000))}"`);
    return new Response(html, { status: 200, headers: found.headers });
  }
  return null;
}

async function page(event, path) {
  const since = Date.now();
  let failure = null;
  const answer = await Promise.race([fetch(event.request).catch((error) => { failure = error; return null; }), late(ANSWER_MS)]);
  if (answer === null || NOBODY_THERE.has(answer.status)) {
    const found = await kept(path);
    if (found) return found;
    if (answer) return answer;
    if (failure) throw failure;
    return fetch(event.request.url); // slow, and nothing is kept: go on waiting
  }
  event.waitUntil(remember(path, answer.clone(), since));
  return answer;
}

async function remember(path, answer, since) {
  const member = answer.headers.get("X-Treatment-Keep");
  if (answer.type === "opaqueredirect") await wipe(); // signed out
  else if (answer.ok && member) await keep(path, answer, member, since);
  else if (answer.status !== 423 && answer.status < 500) await drop(path);
}

async function file(event) {
  const { request } = event;
  let answer;
  try { answer = await fetch(request); } catch (error) {
    const found = await caches.match(request.url, { ignoreVary: true });
    if (found) return found;
    throw error;
  }
  const from = event.clientId && await self.clients.get(event.clientId);
  if (answer.status === 200 && from && PAGE.test(new URL(from.url).pathname)) {
    const copy = answer.clone();
    event.waitUntil(shelf(request.url).then((files) => files?.put(request.url, copy)));
  }
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (PAGE.test(pathname) && !search) event.respondWith(page(event, pathname));
  } else if (FILE.test(pathname) || BUILD.test(pathname)) event.respondWith(file(event));
});

// A page that was opened before the worker was there asks for itself and its files to be kept. It was
// noted as read when it was opened; HX-Request says that this is no second reading.
self.addEventListener("message", (event) => {
  const { keep: path, files = [] } = event.data ?? {};
  if (!path || !PAGE.test(path)) return;
  event.waitUntil((async () => {
    const since = Date.now();
    const answer = await fetch(path, { headers: { "HX-Request": "true" }, redirect: "manual" });
    await remember(path, answer, since);
    for (const address of files) await (await shelf(address))?.add(address).catch(() => {});
  })().catch(() => {}));
});

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  // Files of the release before are of no use to the page of this one.
  event.waitUntil(caches.delete(FILES).then(() => self.clients.claim()));
});
