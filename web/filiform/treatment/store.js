// Where acts wait on this tablet: they outlive the tab, the browser and a flat battery.
//
// A row: { n, act_id, treatment, member, act, state: "waiting" | "stored" | "refused", refusal?, says? }.
// n gives the order in which they were tapped, over all tabs. A row holds ids, kinds, times and needle
// sizes; no name of a patient and no free text. On the disk everything but the ids, the state and n lies
// sealed (sealing.js) under the key of the member who tapped: whoever finds the tablet reads nothing, and
// the act reaches the record all the same, in the hands of that member or of a colleague.

import "./sealing.js";

const DATABASE = "filiform-acts";
const ROWS = "acts";

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const finished = (work) => new Promise((resolve, reject) => {
  work.oncomplete = resolve;
  work.onabort = () => reject(work.error);
  work.onerror = () => reject(work.error);
});

class DatabaseStore {
  lasting = true;

  constructor(database) { this.database = database; }

  // strict: what is acknowledged to the practitioner's finger is on the disk, as on the server.
  async write(change) {
    const work = this.database.transaction(ROWS, "readwrite", { durability: "strict" });
    const end = finished(work);
    const answer = change(work.objectStore(ROWS));
    await end;
    return answer?.result;
  }

  async all(treatment) {
    const rows = this.database.transaction(ROWS).objectStore(ROWS).index("treatment");
    return (await done(rows.getAll(treatment))).sort((one, other) => one.n - other.n);
  }

  add(row) { return this.write((rows) => rows.add(row)); }

  put(row) { return this.write((rows) => rows.put(row)); }

  drop(numbers) { return this.write((rows) => { for (const n of numbers) rows.delete(n); }); }
}

// The same in localStorage, where a browser gives no IndexedDB (some private windows), or only in
// this page where it gives neither; then the page warns before it is closed.
export class TextStore {
  constructor(texts) { this.storage = texts; this.lasting = Boolean(texts); this.text = "[]"; }

  read() {
    try { return JSON.parse((this.storage ? this.storage.getItem(DATABASE) : this.text) ?? "[]"); } catch { return []; }
  }

  save(rows) {
    this.text = JSON.stringify(rows);
    if (!this.storage) return;
    try {
      if (rows.length) this.storage.setItem(DATABASE, this.text); else this.storage.removeItem(DATABASE);
    } catch { this.storage = null; this.lasting = false; } // full or forbidden: this page still has them
  }

  async all(treatment) { return this.read().filter((row) => row.treatment === treatment); }

  async add(row) {
    const rows = this.read();
    const n = Math.max(0, ...rows.map((other) => other.n)) + 1;
    this.save([...rows, { ...row, n }]);
    return n;
  }

  async put(row) { this.save(this.read().map((other) => (other.n === row.n ? row : other))); }

  async drop(numbers) { this.save(this.read().filter((row) => !numbers.includes(row.n))); }
}

// The same, sealed. A row that can't be opened now is `shut`: "no-key" until the server gives the key,
// "broken" when its key doesn't open it. Without any key an act lies open: better than lost.
export class SealedStore {
  constructor(store, member, seals = globalThis.filiformSealing) { Object.assign(this, { store, member, seals, keys: new Map(), last: Promise.resolve() }); }

  get lasting() { return this.store.lasting; }

  // Kept in this page, too: it seals on when signing out in another tab has taken the key from the disk.
  async keysOf(member) {
    if (!this.keys.has(member)) {
      const found = await this.seals?.actsKeys(member, member === this.member).catch(() => null);
      if (found) this.keys.set(member, found);
    }
    return this.keys.get(member) ?? null;
  }

  about(row) { return [row.member, row.treatment, row.act_id]; }

  async close(row) {
    const keys = await this.keysOf(row.member);
    if (!keys) return row;
    const { act, where, refusal, ...rest } = row;
    return { ...rest, sealed: await this.seals.sealText(keys[0], this.about(row), JSON.stringify({ act, where, refusal })) };
  }

  async open(row) {
    const { sealed, ...rest } = row;
    if (!sealed) {
      const closed = await this.close(row); // tapped when no key was at hand, or of a former release
      if (closed.sealed) await this.store.put(closed);
      return row;
    }
    const keys = await this.keysOf(row.member);
    if (!keys) return { ...row, shut: "no-key" };
    const text = await this.seals.openText(keys, this.about(row), sealed);
    return text === null ? { ...row, shut: "broken" } : { ...rest, ...JSON.parse(text) };
  }

  async all(treatment) {
    const rows = [];
    for (const row of await this.store.all(treatment)) rows.push(await this.open(row));
    return rows;
  }

  // Sealed side by side, laid down one after another: a removal that is sealed sooner than its needle must
  // not lie, and be sent, before it.
  add(row) {
    const laid = Promise.all([this.close(row), this.last]).then(([closed]) => this.store.add(closed));
    this.last = laid.catch(() => {});
    return laid;
  }

  async put(row) { return this.store.put(await this.close(row)); }

  drop(numbers) { return this.store.drop(numbers); }
}

function textStorage() {
  try {
    localStorage.setItem(`${DATABASE}-try`, "1");
    localStorage.removeItem(`${DATABASE}-try`);
    return localStorage;
  } catch { return null; }
}

export async function openStore() {
  try {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      const rows = request.result.createObjectStore(ROWS, { keyPath: "n", autoIncrement: true });
      rows.createIndex("treatment", "treatment");
      rows.createIndex("act_id", "act_id", { unique: true });
    };
    const store = new DatabaseStore(await done(request));
    navigator.storage?.persist?.().catch(() => {}); // not to be cleared when the disk is short
    return store;
  } catch { return new TextStore(textStorage()); }
}

// The store while it is still being opened: a tap in the page's first moments is not lost.
export function storeSoon(member = "", opening = openStore().then((store) => (member ? new SealedStore(store, member) : store))) {
  const soon = { lasting: true };
  for (const name of ["all", "add", "put", "drop"]) soon[name] = async (given) => (await opening)[name](given);
  opening.then((store) => Object.defineProperty(soon, "lasting", { get: () => store.lasting }));
  return soon;
}
