import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import vm from "node:vm";

const PATH = "/visits/01a22213-0792-7795-b9d3-400ed1473572/treat/";
const HOME = "https://clinic.test";
const SCRIPT = readFileSync(new URL("../filiform/treatment/worker.js", import.meta.url), "utf8");
const SEALING = readFileSync(new URL("../filiform/treatment/sealing.js", import.meta.url), "utf8");
const PAGE = '<div id="treatment-page" data-kept-for="0">three needles</div>';

class Shelf {
  constructor() { this.kept = new Map(); }

  key(request) { return new URL(request.url ?? request, HOME).href; }

  async put(request, answer) { this.kept.set(this.key(request), answer); }

  async match(request) { return this.kept.get(this.key(request))?.clone(); }

  async delete(request) { return this.kept.delete(this.key(request)); }

  async keys() { return [...this.kept.keys()]; }
}

let shelves;
let listeners;
let network;
let now;
let member;
let sessions;
let sealing;
const session = () => { if (!sessions.has(member)) sessions.set(member, crypto.getRandomValues(new Uint8Array(32))); return sessions.get(member); };
function start() {
  shelves = new Map();
  listeners = {};
  now = 1_000_000_000;
  const caches = {
    keys: async () => [...shelves.keys()],
    open: async (name) => { if (!shelves.has(name)) shelves.set(name, new Shelf()); return shelves.get(name); },
    delete: async (name) => shelves.delete(name),
    match: async (request) => (await Promise.all([...shelves.values()].map((shelf) => shelf.match(request)))).find(Boolean),
  };
  const self = {
    location: new URL(`${HOME}/visits/worker.js`), addEventListener: (kind, listener) => { listeners[kind] = listener; },
    clients: { get: async () => ({ url: HOME + PATH }), claim: async () => {} }, skipWaiting: () => {},
  };
  class Clock extends Date { static now() { return now; } }
  sessions = new Map();
  // As the server does: one key for a session, given to its member.
  const askKey = async () => (member ? Response.json({ member, key: btoa(String.fromCharCode(...session())) }) : new Response("", { status: 302 }));
  const askActs = async (of) => (member ? Response.json({ member: of, keys: [btoa(String.fromCharCode(...session()))] }) : new Response("", { status: 302 }));
  const ask = (request) => {
    const [address, of] = String(request.url ?? request).split("?acts=");
    if (address !== "/visits/tablet-key/") return network(request);
    return of ? askActs(of) : askKey();
  };
  const context = vm.createContext({
    self, caches, fetch: ask,
    Response, Headers, URL, Set, Date: Clock, crypto, TextEncoder, TextDecoder, Uint8Array, Blob, atob,
    setTimeout: (ring, ms, ...given) => setTimeout(ring, ms / 1000, ...given),
  });
  vm.runInContext(SEALING, context);
  self.filiformSealing = context.filiformSealing;
  sealing = self.filiformSealing;
  vm.runInContext(SCRIPT, context);
}
beforeEach(start);

function answerFor(whose, html = PAGE) {
  member = whose || member;
  return new Response(html, { headers: { "Content-Type": "text/html", ...(whose ? { "X-Treatment-Keep": whose } : {}) } });
}
const redirect = { type: "opaqueredirect", status: 0, ok: false, headers: new Headers(), clone() { return this; } };

// What the browser would show: undefined where the worker lets a request pass.
async function navigate(path = PATH, more = {}) {
  const waits = [];
  let answer;
  listeners.fetch({
    request: { method: "GET", mode: "navigate", url: HOME + path, ...more }, clientId: "tab",
    respondWith: (given) => { answer = given; }, waitUntil: (work) => waits.push(work),
  });
  try { return await answer; } finally { await Promise.all(waits); }
}
const dead = async () => { throw new TypeError("no line"); };
async function opened(whose = "sana") { network = async () => answerFor(whose); await navigate(); }

test("with a line the network is shown, never what is kept", async () => {
  await opened();
  network = async () => answerFor("sana", "four needles");
  assert.equal(await (await navigate()).text(), "four needles");
});

test("without a line the kept page is shown and says for how long it was kept", async () => {
  await opened();
  now += 300_000;
  network = dead;
  assert.equal(await (await navigate()).text(), PAGE.replace('"0"', '"300"'));
});

test("a proxy without the clinic's computer and a line that hangs are dead, too", async () => {
  await opened();
  for (const nobody of [async () => new Response("", { status: 502 }), async () => new Response("", { status: 504 }), () => new Promise(() => {})]) {
    network = nobody;
    assert.match(await (await navigate()).text(), /three needles/);
  }
});

test("a server that refuses or breaks is shown as it is", async () => {
  await opened();
  for (const status of [500, 423, 403]) {
    network = async () => new Response("as it is", { status });
    assert.equal((await navigate()).status, status);
  }
  network = dead;
  await assert.rejects(navigate(), "403: it is no longer this reader's page");
});

test("a locked screen does not lose the page, an ended session does", async () => {
  await opened();
  network = async () => new Response("", { status: 423 });
  await navigate();
  network = dead;
  assert.match(await (await navigate()).text(), /three needles/);
  network = async () => redirect;
  await navigate();
  network = dead;
  await assert.rejects(navigate());
});

test("a page for another member wipes the pages of the first", async () => {
  await opened("sana");
  network = async () => answerFor("hamza", "hamza's page");
  const other = PATH.replace("01a2", "02b3");
  await navigate(other);
  network = dead;
  await assert.rejects(navigate(), "sana's page is gone");
  assert.equal(await (await navigate(other)).text(), "hamza's page");
});

test("a page that is not to be kept is not kept, and one that was is dropped", async () => {
  await opened();
  network = async () => answerFor("", "signed");
  await navigate();
  network = dead;
  await assert.rejects(navigate());
});

test("nothing is shown longer than a session lasts, or from a clock that ran backwards", async () => {
  for (const passed of [12 * 3600 * 1000 + 1, -60_000]) {
    start();
    await opened();
    now += passed;
    network = dead;
    await assert.rejects(navigate(), String(passed));
  }
});

test("a newly kept page takes the place of the older moving part, not of a newer one", async () => {
  await opened();
  const shelf = shelves.get("filiform-treatment-sana");
  for (const [keptAt, stays] of [[now - 1, false], [now + 1, true]]) {
    await shelf.put(`${PATH}state/`, new Response("part", { headers: { "X-Kept-At": String(keptAt) } }));
    await opened();
    assert.equal(Boolean(await shelf.match(`${PATH}state/`)), stays);
  }
});

test("other pages, other methods and other addresses pass untouched", async () => {
  network = dead;
  for (const [path, more] of [[PATH.replace("treat", "targets"), {}], [PATH, { method: "POST" }], [`${PATH}?log=all`, {}], ["/today/", {}]]) {
    assert.equal(await navigate(path, more), undefined, path);
  }
});

test("files of the page are kept as they come and shown without a line", async () => {
  const file = { mode: "no-cors", url: `${HOME}/static/filiform/base.css` };
  await opened();
  network = async () => new Response("style");
  await navigate("", file);
  network = dead;
  assert.equal(await (await navigate("", file)).text(), "style");
});

test("what lies on the disk is not the page, and is another text each time", async () => {
  const bodies = [];
  for (let time = 0; time < 2; time += 1) {
    await opened();
    const lies = await shelves.get("filiform-treatment-sana").match(PATH);
    bodies.push(Buffer.from(await lies.arrayBuffer()).toString("latin1"));
  }
  assert.ok(bodies.every((body) => !body.includes("needles") && body.length >= PAGE.length));
  assert.notEqual(bodies[0], bodies[1]);
});

test("without the session's key the kept page is noise, and a new session's key opens nothing of the old", async () => {
  for (const then of [() => {}, () => { sessions.clear(); return sealing.keyFor("sana"); }]) {
    start();
    await opened();
    await sealing.forget();
    await then();
    network = dead;
    await assert.rejects(navigate(), "the key is gone");
    assert.equal((await shelves.get("filiform-treatment-sana").keys()).length, 0, "and what can't be opened goes");
  }
});

test("a sealed page that was changed, moved to another patient or given another time is not shown", async () => {
  const other = PATH.replace("01a2", "02b3");
  const meddled = {
    "one bit": async (lies) => { const bytes = new Uint8Array(await lies.arrayBuffer()); bytes[20] ^= 1; return [PATH, bytes, lies.headers]; },
    "another patient": async (lies) => [other, await lies.arrayBuffer(), lies.headers],
    "another time": async (lies) => [PATH, await lies.arrayBuffer(), { ...Object.fromEntries(lies.headers), "X-Kept-At": String(now - 1) }],
    "unsealed": async () => [PATH, "a page", { "X-Kept-At": String(now) }],
  };
  for (const [how, meddle] of Object.entries(meddled)) {
    start();
    await opened();
    const shelf = shelves.get("filiform-treatment-sana");
    const [path, body, headers] = await meddle(await shelf.match(PATH));
    await shelf.put(path, new Response(body, { headers }));
    network = dead;
    await assert.rejects(navigate(path), how);
  }
});

test("the key can't be read out of the browser", async () => {
  member = "sana";
  const key = await sealing.keyFor("sana");
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("where the server gives no key, or another's, nothing is kept", async () => {
  for (const whose of ["", "hamza"]) {
    start();
    network = async () => { const answer = answerFor("sana"); member = whose; return answer; };
    await navigate();
    network = dead;
    await assert.rejects(navigate(), whose);
  }
});

const SANA = "01a22213-0792-7795-b9d3-00000000aaaa";
const HAMZA = "01a22213-0792-7795-b9d3-00000000bbbb";
async function takeAlong(path, whose) {
  const waits = [];
  const said = [];
  const ports = [{ postMessage: (answer) => said.push(answer.taken) }];
  listeners.message({ data: { take: path, member: whose }, ports, waitUntil: (work) => waits.push(work) });
  await Promise.all(waits);
  return said[0];
}
const PLAN = PATH.replace("treat", "plan");
const pageOf = (whose, text) => `<body data-member="${whose}"><script src="/static/a.js"></script>${text}</body>`;

test("a visit that is taken along is read without a line, with the files that its files ask for", async () => {
  member = SANA;
  const files = { "/static/a.js": 'import { b } from "./b.js";', "/static/b.js": "export const b = 1;" };
  network = async (request) => new Response(files[new URL(request.url ?? request, HOME).pathname] ?? pageOf(SANA, "depth 12 mm"));
  assert.equal(await takeAlong(PLAN, SANA), true);
  network = dead;
  assert.match(await (await navigate(PLAN)).text(), /depth 12 mm/);
  member = "";
  assert.ok(await sealing.actsKeys(SANA, true), "what is tapped without a line will lie sealed");
  assert.equal(await sealing.actsKeys("hamza", false), null);
  member = SANA;
  assert.equal(await (await navigate("", { mode: "no-cors", url: `${HOME}/static/b.js` })).text(), files["/static/b.js"]);
  network = async () => new Response(pageOf(SANA, "depth 9 mm"));
  await navigate(PLAN);
  network = dead;
  assert.match(await (await navigate(PLAN)).text(), /depth 9 mm/, "opened with a line, it is kept as it is now");
});

test("nothing is taken along that is of another member, is refused, or lacks a file; other pages are not kept by being opened", async () => {
  member = SANA;
  const cases = {
    "of another": async () => new Response(pageOf(HAMZA, "")), "refused": async () => new Response("", { status: 403 }),
    "no line": dead,
    "a file lacks": async (request) => (String(request).includes("static") ? new Response("", { status: 404 }) : new Response(pageOf(SANA, ""))),
  };
  for (const [how, answer] of Object.entries(cases)) { network = answer; assert.equal(await takeAlong(PLAN, SANA), false, how); }
  start();
  member = SANA;
  network = async () => new Response(pageOf(SANA, ""));
  await navigate(PLAN);
  network = dead;
  await assert.rejects(navigate(PLAN));
});
