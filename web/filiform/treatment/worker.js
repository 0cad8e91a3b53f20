// The service worker of the treatment page: when the line is dead, a reload still shows the needles.
//
// It stands between /visits/ and the network, and touches only the treatment page itself and the files
// that this page asks for. The network always goes first; a kept page is shown when nobody answers.
// Kept are pages of one member at a time: a page for another, signing out or locking wipes them. What
// is of a patient is kept sealed (sealing.js, which comes before this script); files of the house are not.

const sealing = self.filiformSealing;
const PREFIX = "filiform-treatment-";
const FILES = `${PREFIX}files`;
const TREAT = /^\/visits\/[0-9a-f-]{36}\/treat\/(ready\/)?$/;
const PAGE = /^\/visits\/(on-tablet|[0-9a-f-]{36}\/(treat|treat\/ready|story|safety|plan))\/$/; // to be taken along
const FILE = /^\/(static|body)\//;
const BUILD = /^\/patients\/[0-9a-f-]{36}\/body\.bin$/; // the patient's own body: kept with the member's pages
const NOBODY_THERE = new Set([502, 503, 504]); // the proxy speaks, the clinic's computer doesn't
const ANSWER_MS = 8000;
const LONGEST_MS = 12 * 3600 * 1000; // a session's length: no page is shown longer than one could be signed in

const late = (ms) => new Promise((resolve) => { setTimeout(resolve, ms, null); });

async function names() { return (await caches.keys()).filter((name) => name.startsWith(PREFIX)); }
async function wipe(but = "") {
  await sealing.forget(but && but.slice(PREFIX.length));
  for (const name of await names()) if (name !== but && (but === "" || name !== FILES)) await caches.delete(name);
}

async function put(path, answer, member, at = Date.now()) {
  const sealed = await sealing.seal(member, path, await answer.arrayBuffer(), { type: answer.headers.get("Content-Type") ?? "text/html", at });
  const store = await caches.open(PREFIX + member);
  if (sealed) await store.put(path, sealed); else await store.delete(path); // without a key nothing is kept
  return store;
}

async function keep(path, answer, member, since) {
  await wipe(PREFIX + member); // others' pages
  const store = await put(path, answer, member);
  const part = await store.match(`${path}state/`);
  if (part && Number(part.headers.get("X-Kept-At")) < since) await store.delete(`${path}state/`);
}

async function drop(path) {
  for (const name of await names()) if (name !== FILES) await (await caches.open(name)).delete(path);
}

// Files of the house are anybody's; what is of a patient goes with the pages, and is wiped with them.
async function shelve(address, answer) {
  const { pathname } = new URL(address);
  if (FILE.test(pathname)) await (await caches.open(FILES)).put(address, answer);
  const pages = BUILD.test(pathname) ? (await names()).find((name) => name !== FILES) : undefined;
  if (pages) await put(pathname, answer, pages.slice(PREFIX.length));
}

// The page says for how long it was kept, so that its clocks go on from then.
async function kept(path) {
  const found = await opened(path);
  if (!found) return null;
  const html = new TextDecoder().decode(found.bytes);
  const ageS = Math.max(1, Math.round((Date.now() - found.at) / 1000));
  return answerOf(html.replace('data-kept-for="0"', `data-kept-for="${ageS}"`), found.type);
}

const answerOf = (body, type) => new Response(body, { status: 200, headers: { "Content-Type": type } });

// What lies under the path, unsealed. What can't be opened any more, or is too old, goes.
async function opened(path) {
  for (const name of await names()) {
    const lies = name === FILES ? undefined : await (await caches.open(name)).match(path, { ignoreVary: true });
    if (!lies) continue;
    const found = await sealing.open(name.slice(PREFIX.length), path, lies);
    const age = found ? Date.now() - found.at : -1;
    if (age >= 0 && age < LONGEST_MS) return found;
    await drop(path);
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
  if (answer.type === "opaqueredirect") { if (TREAT.test(path)) await wipe(); } // signed out
  else if (answer.ok && member) await keep(path, answer, member, since);
  else if (answer.ok && (!TREAT.test(path) || answer.headers.get("X-Treatment-Before"))) await refresh(path, answer);
  else if (answer.status !== 423 && answer.status < 500) await drop(path);
}

// --- visits that are taken along: their pages are kept although nobody has opened them -----------------
const OF_MEMBER = /<body[^>]* data-member="([0-9a-f-]{36})"/;

// A page that was taken along and is opened with a line is kept as it is now.
async function refresh(path, answer) {
  const html = await answer.text();
  const member = OF_MEMBER.exec(html)?.[1];
  if (member && await (await caches.open(PREFIX + member)).match(path)) await putPage(path, html, member);
}

const putPage = (path, html, member) => put(path, answerOf(html, "text/html; charset=utf-8"), member);

// Whether the page lies here now, of this member and with all its files.
async function take(path, member) {
  if (!PAGE.test(path)) return false;
  const answer = await fetch(path, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return false;
  const html = await answer.text();
  if (OF_MEMBER.exec(html)?.[1] !== member) return false;
  await wipe(PREFIX + member);
  await putPage(path, html, member);
  await sealing.actsKeys(member, true).catch(() => null); // what is tapped without a line has to lie sealed, too
  const files = [...html.matchAll(/(?:src|href)="((?:\/static|\/body)\/[^"#]+)"/g)].map((found) => found[1]);
  const all = await Promise.all(files.map((address) => takeFile(new URL(address, self.location.origin).href, new Set())));
  return all.every(Boolean) && Boolean(await opened(path));
}

// A file of the house, with what it asks for itself: imports of a script, pictures and types of a style.
const ASKS = { js: /(?:from|import)\s*\(?\s*["']([^"']+)["']/g, css: /(?:url\(\s*["']?|@import\s+["'])([^"')]+)/g };
async function takeFile(address, seen) {
  const { origin, pathname } = new URL(address);
  if (origin !== self.location.origin || !FILE.test(pathname) || seen.has(address)) return true;
  seen.add(address);
  const store = await caches.open(FILES);
  let answer = await store.match(address); // its name changes with its content
  if (!answer) {
    answer = await fetch(address).catch(() => null);
    if (answer?.status !== 200) return false;
    await store.put(address, answer.clone());
  }
  const asks = ASKS[pathname.split(".").pop()];
  if (!asks) return true;
  const text = await answer.text();
  for (const [, name] of text.matchAll(asks)) {
    if (/^(\.{0,2}\/)/.test(name) || asks === ASKS.css && !name.includes(":")) {
      if (!(await takeFile(new URL(name.split("#")[0], address).href, seen))) return false;
    }
  }
  return true;
}

async function file(event) {
  const { request } = event;
  let answer;
  try { answer = await fetch(request); } catch (error) {
    const { pathname } = new URL(request.url);
    if (BUILD.test(pathname)) {
      const build = await opened(pathname);
      if (build) return answerOf(build.bytes, build.type);
    }
    const found = FILE.test(pathname) ? await (await caches.open(FILES)).match(request.url, { ignoreVary: true }) : undefined;
    if (found) return found;
    throw error;
  }
  const from = event.clientId && await self.clients.get(event.clientId);
  if (answer.status === 200 && from && PAGE.test(new URL(from.url).pathname)) {
    const copy = answer.clone();
    event.waitUntil(shelve(request.url, copy));
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
  const { keep: path, files = [], take: along, member } = event.data ?? {};
  if (along) event.waitUntil(take(along, member).catch(() => false).then((taken) => event.ports[0]?.postMessage({ taken })));
  if (!path || !TREAT.test(path)) return;
  event.waitUntil((async () => {
    const since = Date.now();
    const answer = await fetch(path, { headers: { "HX-Request": "true" }, redirect: "manual" });
    await remember(path, answer, since);
    for (const address of files) await fetch(address).then((one) => (one.status === 200 ? shelve(address, one) : null)).catch(() => {});
  })().catch(() => {}));
});

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  // Files of the release before are of no use to the page of this one; its pages lay here unsealed.
  event.waitUntil(clear().then(() => self.clients.claim()));
});

async function clear() {
  await caches.delete(FILES);
  for (const name of await names()) {
    const store = await caches.open(name);
    for (const path of await store.keys()) if (!(await store.match(path))?.headers.get("X-Sealed-Type")) await store.delete(path);
  }
}
