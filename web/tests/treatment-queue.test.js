import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { soon } from "./dom.js";

const { Queue } = await import("../filiform/treatment/queue.js");
const { SealedStore, TextStore, storeSoon } = await import("../filiform/treatment/store.js");

// A clinic's computer that keeps acts by their ids, as the real one does, behind a line that a test cuts.
class Clinic {
  constructor() { this.record = []; this.arrived = []; this.line = "up"; this.refuses = new Map(); this.breaksOn = new Set(); }

  async post(act) {
    await soon();
    if (this.line === "cut") return { kind: "offline" };
    if (this.line !== "up") return { kind: this.line, status: this.line === "broken" ? 503 : 0 };
    this.arrived.push(act.act_id);
    if (this.breaksOn.has(act.act_id)) return { kind: "broken", status: 500 };
    const code = this.refuses.get(act.act_id);
    if (code) return { kind: "refused", reasons: [{ id: code, text: `because ${code}` }] };
    if (!this.record.includes(act.act_id)) this.record.push(act.act_id);
    if (this.line === "up" && this.losesAnswers) return { kind: "offline" };
    return { kind: "stored" };
  }
}

// The disk of a tablet; a store is what one tab sees of it.
class Disk {
  constructor() { this.texts = new Map(); }

  getItem(name) { return this.texts.get(name) ?? null; }

  setItem(name, text) { this.texts.set(name, text); }

  removeItem(name) { this.texts.delete(name); }
}

let clinic;
let disk;
let tabs;
function tab(member = "sana") {
  const queue = new Queue({
    treatment: "t1", member, store: new TextStore(disk), pauses: [5], post: (act) => clinic.post(act), probe: async () => clinic.line === "up",
  });
  tabs.push(queue);
  return queue;
}
beforeEach(() => { clinic = new Clinic(); disk = new Disk(); tabs = []; });
afterEach(() => { for (const queue of tabs) queue.close(); });

const insertion = (id) => ({ act_id: id, kind: "insertion", target: "m1", at: "2026-11-28T10:00:00Z" });
const removal = (id, needle) => ({ act_id: id, kind: "removal", needle, at: "2026-11-28T10:05:00Z" });
const twitch = (id, needle) => ({ act_id: id, kind: "twitch", needle, at: "2026-11-28T10:02:00Z" });
const ids = (rows) => rows.map((row) => row.act_id);
async function until(holds, what) {
  for (let turn = 0; turn < 2000; turn += 1) { if (holds()) return; await soon(5); }
  assert.fail(`never: ${what}`);
}

test("acts arrive once and in the order of the taps", async () => {
  const queue = tab();
  for (const id of ["a", "b", "c"]) queue.add(insertion(id));
  await until(() => clinic.record.length === 3, "three arrived");
  assert.deepEqual(clinic.arrived, ["a", "b", "c"]);
});

test("a dead line holds everything, whatever kind of dead it is, and then all arrive in order", async () => {
  for (const line of ["cut", "broken", "signedOut", "locked", "notAllowed"]) {
    clinic = new Clinic();
    disk = new Disk();
    clinic.line = line;
    const queue = tab();
    queue.add(insertion("a"));
    queue.add(removal("b", "a"));
    await until(() => queue.failures > 1, `${line}: tried twice`);
    assert.deepEqual(ids(queue.waiting), ["a", "b"], line);
    assert.deepEqual(queue.refused, [], line);
    clinic.line = "up";
    await until(() => clinic.record.length === 2, `${line}: arrived`);
    assert.deepEqual(clinic.record, ["a", "b"], line);
    assert.equal(queue.trouble, "", line);
    queue.close();
  }
});

test("a lost answer makes no second act", async () => {
  clinic.losesAnswers = true;
  const queue = tab();
  queue.add(insertion("a"));
  await until(() => clinic.arrived.length > 2, "sent again");
  clinic.losesAnswers = false;
  await until(() => queue.stored.length === 1, "acknowledged");
  assert.deepEqual(clinic.record, ["a"]);
});

test("a refusal in the middle is kept with its reason and holds no later act", async () => {
  clinic.refuses.set("b", "target-not-planned");
  const queue = tab();
  for (const id of ["a", "b", "c"]) queue.add(insertion(id));
  await until(() => clinic.record.length === 2, "the others arrived");
  assert.deepEqual(clinic.record, ["a", "c"]);
  assert.deepEqual(ids(queue.refused), ["b"]);
  assert.equal(queue.refused[0].refusal[0].text, "because target-not-planned");
});

test("what rests on a refused needle waits with it, and nothing else does", async () => {
  clinic.refuses.set("a", "target-not-planned");
  const queue = tab();
  queue.add(insertion("a"));
  queue.add(twitch("a-twitch", "a"));
  queue.add({ act_id: "a-undo", kind: "void", replaces: "a-twitch", at: "2026-11-28T10:03:00Z" });
  queue.add(insertion("b"));
  queue.add(removal("a-out", "a"));
  queue.add(removal("b-out", "b"));
  await until(() => clinic.record.length === 2, "the other needle went in and out");
  assert.deepEqual(clinic.record, ["b", "b-out"]);
  assert.deepEqual(ids(queue.after(queue.refused[0])), ["a-twitch", "a-undo", "a-out"]);
  assert.deepEqual(queue.waiting, []);
});

test("tried again after it was mended, it arrives before what rests on it", async () => {
  clinic.refuses.set("a", "target-not-planned");
  const queue = tab();
  queue.add(insertion("a"));
  queue.add(removal("a-out", "a"));
  await until(() => queue.refused.length === 1, "refused");
  clinic.refuses.clear();
  await queue.again(queue.refused[0]);
  await until(() => clinic.record.length === 2, "both arrived");
  assert.deepEqual(clinic.record, ["a", "a-out"]);
});

test("dismissed, it goes with what rests on it, and only then", async () => {
  clinic.refuses.set("a", "target-not-planned");
  const queue = tab();
  queue.add(insertion("a"));
  queue.add(removal("a-out", "a"));
  await until(() => queue.refused.length === 1, "refused");
  assert.equal((await new TextStore(disk).all("t1")).length, 2);
  await queue.dismiss(queue.refused[0]);
  assert.deepEqual(await new TextStore(disk).all("t1"), []);
});

test("what the record says already needs no decision", async () => {
  clinic.refuses.set("b", "needle-already-out");
  const queue = tab();
  queue.add(removal("b", "x"));
  await until(() => queue.stored.length === 1, "settled");
  assert.deepEqual(queue.refused, []);
});

test("an act on which the server breaks stands aside when the line is up, so that removals go on", async () => {
  clinic.breaksOn.add("a");
  const queue = tab();
  queue.add(insertion("a"));
  queue.add(removal("b", "x"));
  await until(() => clinic.record.includes("b"), "the removal arrived");
  assert.equal(queue.refused[0].refusal[0].id, "broke");
  assert.equal(clinic.arrived.filter((id) => id === "a").length, 3, "three times tried");
});

test("a server that breaks on everything is a dead line, and nothing stands aside", async () => {
  clinic.breaksOn.add("a");
  const queue = tab();
  queue.probe = async () => false;
  queue.add(insertion("a"));
  await until(() => clinic.arrived.length > 5, "kept trying");
  assert.deepEqual(queue.refused, []);
});

test("acts outlive the tab and are sent when the page is opened again", async () => {
  clinic.line = "cut";
  const first = tab();
  first.add(insertion("a"));
  first.add(twitch("b", "a"));
  await until(() => first.failures > 0, "tried");
  first.close();
  clinic.line = "up";
  const second = tab();
  await second.send();
  assert.deepEqual(clinic.record, ["a", "b"]);
});

test("a refusal outlives the tab, too", async () => {
  clinic.refuses.set("a", "target-not-planned");
  const first = tab();
  first.add(insertion("a"));
  await until(() => first.refused.length === 1, "refused");
  first.close();
  const second = tab();
  await second.load();
  assert.deepEqual(ids(second.refused), ["a"]);
});

test("two tabs send each act once as far as the record goes, and in order", async () => {
  clinic.line = "cut";
  const [one, other] = [tab(), tab()];
  one.add(insertion("a"));
  await soon(5);
  other.add(insertion("b"));
  one.add(removal("c", "a"));
  await until(() => one.failures > 0 && other.failures > 0, "both tried");
  clinic.line = "up";
  await until(() => clinic.record.length === 3, "all arrived");
  assert.deepEqual(clinic.record, ["a", "b", "c"]);
});

test("another member's acts are neither shown as one's own nor sent, until taken over by name", async () => {
  clinic.line = "cut";
  const sana = tab("sana");
  sana.add(insertion("a"));
  await until(() => sana.failures > 0, "tried");
  await kill(sana);
  clinic.line = "up";
  const omar = tab("omar");
  await omar.send();
  assert.deepEqual(clinic.record, []);
  assert.deepEqual(ids(omar.strangers), ["a"]);
  assert.deepEqual(omar.rows, []);
  await omar.adopt();
  assert.deepEqual(clinic.record, ["a"]);
  assert.equal(omar.rows[0].act.tapped_by, "sana");
});

test("an acknowledged act is forgotten only once the page shows it", async () => {
  const queue = tab();
  await queue.add(insertion("a"));
  assert.deepEqual(ids(queue.stored), ["a"]);
  await queue.forget(["a"]);
  assert.deepEqual(await new TextStore(disk).all("t1"), []);
});

test("where a browser keeps nothing the acts still live in the page, which says so", async () => {
  const store = new TextStore(null);
  assert.equal(store.lasting, false);
  const full = new TextStore({ getItem: () => null, setItem: () => { throw new Error("full"); }, removeItem: () => {} });
  for (const one of [store, full]) {
    await one.add({ act_id: "a", treatment: "t1" });
    assert.deepEqual((await one.all("t1")).map((row) => row.n), [1]);
  }
  assert.equal(full.lasting, false);
});

test("a tap while the store is still being opened is kept", async () => {
  let opened;
  const store = storeSoon(new Promise((resolve) => { opened = resolve; }));
  const adding = store.add({ act_id: "a", treatment: "t1" });
  opened(new TextStore(disk));
  await adding;
  assert.equal((await store.all("t1")).length, 1);
});

test("an act that a full disk can't keep is sent all the same", async () => {
  const queue = tab();
  queue.store.add = async () => { throw new Error("full"); };
  await queue.add(insertion("a"));
  await until(() => clinic.record.length === 1, "arrived");
  assert.deepEqual(ids(queue.stored), ["a"]);
  await queue.forget(["a"]);
  assert.deepEqual(queue.adding, []);
});

test("a start without a line goes first; refused, it holds all that follows until a person decides", async () => {
  const begin = { act_id: "s", kind: "start", at: "2026-11-28T09:59:00Z" };
  const count = { act_id: "c", kind: "count", at: "2026-11-28T10:09:00Z" };
  const sequence = [begin, insertion("a"), twitch("t", "a"), removal("r", "a"), count];
  for (const decide of ["anyway", "dismiss"]) {
    clinic = new Clinic();
    disk = new Disk();
    clinic.line = "cut";
    clinic.refuses.set("s", "visit-cancelled");
    const post = clinic.post.bind(clinic);
    clinic.post = async (act) => { if (act.anyway === "yes") clinic.refuses.delete("s"); return post(act); };
    for (const act of sequence) tab().add(act); // each in a tab of its own: the tablet was restarted in between
    const queue = tab();
    await until(() => tabs.every((one) => one.adding.length === 0), "kept on the tablet");
    clinic.line = "up";
    await queue.load();
    await queue.send();
    await until(() => queue.refused.length === 1 && queue.sending === null, "refused");
    assert.deepEqual(clinic.record, [], "nothing goes by the side of it");
    assert.deepEqual(ids(queue.after(queue.refused[0])), ["a", "t", "r", "c"]);
    await queue[decide](queue.refused[0]);
    if (decide === "anyway") await until(() => clinic.record.length === 5, "all arrived");
    assert.deepEqual(clinic.record, decide === "anyway" ? ["s", "a", "t", "r", "c"] : []);
  }
});

test("the wish to sign outlives a restart, holds nothing up and is never sent", async () => {
  const queue = tab();
  await queue.wants({ act_id: "w", kind: "sign", at: "2026-11-28T10:10:00Z" });
  await queue.wants({ act_id: "w2", kind: "sign", at: "2026-11-28T10:11:00Z" });
  const after = tab();
  await after.load();
  assert.equal(after.wish.act_id, "w");
  assert.deepEqual(after.open, []);
  await after.add(insertion("a"));
  assert.deepEqual(clinic.arrived, ["a"]);
});

// --- sealed on the disk ---------------------------------------------------------------------------------
// As the server does: each member's keys, to whoever is signed in at the clinic; a session ends and begins.
const secret = crypto.getRandomValues(new Uint8Array(32));
let signedIn = true;
globalThis.fetch = async (address) => {
  const member = new URL(address, "https://clinic.test").searchParams.get("acts");
  if (!signedIn) return new Response("", { status: 401 });
  const bytes = secret.map((byte, place) => byte ^ member.charCodeAt(place % member.length));
  return Response.json({ member, keys: [btoa(String.fromCharCode(...bytes))] });
};
function sealedTab(member = "sana") {
  const queue = tab(member);
  queue.store = new SealedStore(new TextStore(disk), member);
  return queue;
}
// Tapped without a line, and on the disk.
async function tapped(queue, ...acts) {
  for (const act of acts) queue.add(act, "Infraspinatus, right");
  await until(() => queue.adding.length === 0, "kept");
}
// The tab is killed: what it was sending gets no answer, and it sends no more.
async function kill(queue) {
  queue.post = async () => ({ kind: "offline" });
  queue.send = async () => {};
  await until(() => queue.sending === null, "stopped");
  queue.close();
}
const onDisk = () => [...disk.texts.values()].join("");
const signOut = async () => { signedIn = false; await globalThis.filiformSealing.forget(); };

test("waiting acts lie sealed, outlive signing out, and arrive in order when the same person is back", async () => {
  clinic.line = "cut";
  const before = sealedTab();
  await tapped(before, insertion("a"), twitch("t", "a"), removal("b", "a"));
  for (const word of ["insertion", "twitch", "target", "2026-11-28", "Infraspinatus"]) assert.ok(!onDisk().includes(word), `${word} is readable`);
  await kill(before);
  await signOut();
  clinic.line = "up";
  const closed = sealedTab();
  await tapped(closed, insertion("later"));
  await until(() => closed.trouble === "offline", "held back");
  assert.equal(closed.shut.length, 3, "nothing is lost");
  assert.deepEqual(clinic.arrived, [], "and nothing goes by the side of it");
  signedIn = true;
  await until(() => clinic.record.length === 4, "all arrived");
  assert.deepEqual(clinic.record, ["a", "t", "b", "later"]);
});

test("acts that are sealed at different speeds lie on the disk in the order of the taps", async () => {
  clinic.line = "cut";
  const pace = { a: 40, t: 10, b: 0 };
  const seals = {
    actsKeys: async () => ["key"],
    sealText: async (_key, [, , id], text) => { await soon(pace[id]); return btoa(text); },
    openText: async (_keys, _about, sealed) => atob(sealed),
  };
  const queue = tab();
  queue.store = new SealedStore(new TextStore(disk), "sana", seals);
  for (const act of [insertion("a"), twitch("t", "a"), removal("b", "a")]) queue.add(act);
  await until(() => queue.adding.length === 0, "kept");
  assert.deepEqual(ids(await queue.store.all("t1")), ["a", "t", "b"]);
  clinic.line = "up";
  await until(() => clinic.record.length === 3, "arrived");
  assert.deepEqual(clinic.arrived, ["a", "t", "b"]);
});

test("a colleague's sealed acts are shown and recorded in both names", async () => {
  clinic.line = "cut";
  const sana = sealedTab("sana");
  await tapped(sana, insertion("a"));
  await kill(sana);
  await signOut();
  signedIn = true;
  clinic.line = "up";
  const hamza = sealedTab("hamza");
  await hamza.load();
  assert.deepEqual(ids(hamza.strangers), ["a"]);
  let sent;
  hamza.post = async (act) => { sent = act; return clinic.post(act); };
  await hamza.adopt();
  await until(() => clinic.record.length === 1, "arrived");
  assert.equal(sent.tapped_by, "sana");
});

test("an act that was tapped while no key was at hand is kept open, and sealed as soon as there is one", async () => {
  clinic.line = "cut";
  await signOut();
  const keyless = sealedTab();
  await tapped(keyless, insertion("a"));
  await kill(keyless);
  assert.ok(onDisk().includes("insertion"), "better open than lost");
  signedIn = true;
  const queue = sealedTab();
  await queue.load();
  assert.deepEqual(ids(queue.waiting), ["a"]);
  assert.ok(!onDisk().includes("insertion"));
});

test("an act can't be passed off as another: what was moved to another id stays shut and holds nothing up", async () => {
  clinic.line = "cut";
  const before = sealedTab();
  await tapped(before, insertion("a"));
  await kill(before);
  const [row] = JSON.parse(disk.texts.get("filiform-acts"));
  disk.setItem("filiform-acts", JSON.stringify([{ ...row, act_id: "forged" }]));
  clinic.line = "up";
  const queue = sealedTab();
  await queue.add(insertion("b"));
  await until(() => clinic.record.length === 1, "arrived");
  assert.deepEqual([clinic.record, ids(queue.shut)], [["b"], ["forged"]]);
});

test("without power after any write to the disk, what lay on it arrives once and in order", async () => {
  const sequence = [insertion("a"), twitch("t", "a"), insertion("b"), removal("r", "a")];
  for (let writes = 0; writes < 10; writes += 1) {
    clinic = new Clinic();
    disk = new Disk();
    let left = writes;
    // What this tab sees of the disk: nothing is written after the power is gone.
    const write = (name, text) => { if (left <= 0) throw new Error("no power"); left -= 1; disk.setItem(name, text); };
    const powered = { getItem: (name) => disk.getItem(name), setItem: write, removeItem: (name) => write(name, "[]") };
    const dying = sealedTab();
    dying.store = new SealedStore(new TextStore(powered), "sana");
    dying.post = async (act) => (left <= 0 ? { kind: "offline" } : clinic.post(act)); // and nothing sent
    for (const act of sequence) dying.add(act);
    await until(() => left <= 0 || clinic.record.length === sequence.length, "dead, or done");
    left = 0;
    await kill(dying);
    const lay = ids(await new TextStore(disk).all("t1"));
    const again = sealedTab();
    await again.load();
    await again.send();
    await until(() => again.waiting.length === 0, "all sent");
    const arrived = sequence.map((act) => act.act_id).filter((id) => lay.includes(id) || clinic.record.includes(id));
    assert.deepEqual(clinic.record, arrived, `power lost after ${writes} writes`);
  }
});
