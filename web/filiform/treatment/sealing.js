// Pages lie on the tablet's disk sealed (AES-GCM, 256 bit), never readable as they are.
//
// The key is the session's: the server makes it at the first asking and forgets it when the session
// ends, so what was sealed in a session that is over can be opened by nobody, whoever has the disk.
// In the browser it is a CryptoKey that no script can read out; signing out and locking delete it.
// Acts that wait lie under a key of their own, the member's: they must be opened again when the session
// in which they were tapped is over (store.js). That key, too, goes with signing out, and the server
// gives it only to this member, or to a colleague who records what somebody can't send any more.
// A plain script, not a module: the service worker and the pages share it (globalThis.filiformSealing).

globalThis.filiformSealing ??= (() => {
  const DATABASE = "filiform-tablet-key";
  const ADDRESS = "/visits/tablet-key/";
  const LONGEST_MS = 12 * 3600 * 1000; // a session's length
  const IV_BYTES = 12; // what AES-GCM takes best; drawn anew for each sealing
  const memory = new Map(); // where a browser gives no IndexedDB the key dies with its worker

  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  async function table(mode, work) {
    if (!globalThis.indexedDB) return undefined;
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("keys", { keyPath: "member" });
    const database = await done(opening);
    try { return await done(work(database.transaction("keys", mode).objectStore("keys"))); } finally { database.close(); }
  }

  const imported = (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  };

  // One member's keys at a time: another's go when these come. slot: the member, with what it is for.
  async function hold(slot, key) {
    await forget(slot.split(" ")[0]);
    const row = { member: slot, key, at: Date.now() };
    memory.set(slot, row);
    await table("readwrite", (keys) => keys.put(row));
    return key;
  }

  // The key that lies here, or null: a dead line is no reason to ask for one.
  async function held(member) {
    const row = globalThis.indexedDB ? await table("readonly", (keys) => keys.get(member)) : memory.get(member);
    const age = row ? Date.now() - row.at : -1;
    if (age >= 0 && age < LONGEST_MS) return row.key;
    if (row) await forget();
    return null;
  }

  async function asked(address, member) {
    const answer = await fetch(address, { redirect: "manual", headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status !== 200) return null;
    const given = await answer.json().catch(() => null);
    return given?.member === member ? given : null; // else the session is another's by now
  }

  // The same, fetched from the server where none lies here; null when it is not given to this member.
  async function keyFor(member) {
    const here = await held(member).catch(() => null);
    if (here) return here;
    const given = await asked(ADDRESS, member);
    return given ? hold(member, await imported(given.key)) : null;
  }

  // The keys of somebody's waiting acts, the one to seal with first, those of former secrets of the server
  // after it. A colleague's are never laid down here.
  async function actsKeys(member, own) {
    if (!globalThis.crypto?.subtle) return null; // not over HTTPS
    const slot = `${member} acts`;
    const here = own ? await held(slot).catch(() => null) : null;
    if (here) return here;
    const given = await asked(`${ADDRESS}?acts=${member}`, member);
    if (!given) return null;
    const keys = await Promise.all(given.keys.map(imported));
    return own ? hold(slot, keys) : keys;
  }

  // but: a member whose keys stay.
  async function forget(but = "") {
    const stays = (slot) => but && slot.split(" ")[0] === but;
    for (const slot of [...memory.keys()]) if (!stays(slot)) memory.delete(slot);
    const slots = await table("readonly", (keys) => keys.getAllKeys()) ?? [];
    for (const slot of slots) if (!stays(slot)) await table("readwrite", (keys) => keys.delete(slot));
  }

  // Which page of whom and when is part of the seal: a sealed page can't be passed off as another,
  // an older one not as a newer.
  const about = (member, path, at) => new TextEncoder().encode([member, path, at].join("\n"));

  async function seal(member, path, bytes, { type = "text/html; charset=utf-8", at = Date.now() } = {}) {
    const key = await keyFor(member);
    if (!key) return null;
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about(member, path, at) }, key, bytes);
    const headers = { "Content-Type": "application/octet-stream", "X-Kept-At": String(at), "X-Sealed-Type": type };
    return new Response(new Blob([iv, closed]), { headers });
  }

  // { bytes, type, at }, or null: no key, another's key, or not as it was sealed.
  async function open(member, path, kept) {
    const type = kept.headers.get("X-Sealed-Type");
    const at = Number(kept.headers.get("X-Kept-At"));
    const key = type ? await held(member).catch(() => null) : null; // unsealed: of a former release
    if (!key) return null;
    try {
      const bytes = new Uint8Array(await kept.arrayBuffer());
      const how = { name: "AES-GCM", iv: bytes.slice(0, IV_BYTES), additionalData: about(member, path, at) };
      return { bytes: new Uint8Array(await crypto.subtle.decrypt(how, key, bytes.slice(IV_BYTES))), type, at };
    } catch { return null; }
  }

  // --- short texts ----------------------------------------------------------------------------------
  const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const named = (parts) => new TextEncoder().encode(parts.join("\n"));

  // parts: what the text is about; it can be opened only as that.
  async function sealText(key, parts, text) {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const how = { name: "AES-GCM", iv, additionalData: named(parts) };
    return base64(new Uint8Array(await new Blob([iv, await crypto.subtle.encrypt(how, key, new TextEncoder().encode(text))]).arrayBuffer()));
  }

  async function openText(keys, parts, sealed) {
    const bytes = bytesOf(sealed);
    const how = { name: "AES-GCM", iv: bytes.slice(0, IV_BYTES), additionalData: named(parts) };
    for (const key of keys) {
      try { return new TextDecoder().decode(await crypto.subtle.decrypt(how, key, bytes.slice(IV_BYTES))); } catch { /* a former key? */ }
    }
    return null;
  }

  return { held, keyFor, actsKeys, forget, seal, open, sealText, openText };
})();
