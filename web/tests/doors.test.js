import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { document, move, page } from "./dom.js";
import { readOptions, writeAnswer } from "../filiform/passkey.js";
import { solve, zeroBits } from "../filiform/proof-of-work.js";

const elsewhere = () => document.body.appendChild(document.createElement("div"));
const settled = () => new Promise((resolve) => { setTimeout(resolve, 20); });

// --- <proof-of-work> --------------------------------------------------------------------------------

test("zero bits are counted over the bytes", () => {
  for (const [bytes, bits] of [[[0x80], 0], [[0x7f], 1], [[0x01], 7], [[0, 0x10], 11], [[0, 0], 16]]) {
    assert.equal(zeroBits(new Uint8Array(bytes).buffer), bits, String(bytes));
  }
});

test("the answer is what the server asks for", async () => {
  const number = await solve("a challenge", 9);
  const digest = createHash("sha256").update(`a challenge:${number}`).digest();
  assert.ok(zeroBits(digest) >= 9);
});

test("a sum that is no longer wanted stops", async () => {
  const stop = new AbortController();
  stop.abort();
  assert.equal(await solve("a challenge", 64, stop.signal), undefined);
});

const form = (bits) => page(`<form><proof-of-work challenge="c" bits="${bits}">
  <input type="hidden" name="work" value="c"><input type="hidden" name="work_answer" value=""></proof-of-work>
  <button>Send</button></form>`);

test("the form waits for the answer, then goes with it", async () => {
  form(6);
  const element = document.querySelector("form");
  let sent = 0;
  element.requestSubmit = () => { sent += 1; };
  const submit = new Event("submit", { cancelable: true });
  element.dispatchEvent(submit);
  assert.ok(submit.defaultPrevented);
  for (let tries = 0; tries < 100 && !sent; tries += 1) await settled();
  assert.equal(sent, 1);
  assert.match(document.querySelector("[name=work_answer]").value, /^\d+$/u);
});

test("taken away, it holds no form back", () => {
  form(40);
  const element = document.querySelector("form");
  document.querySelector("proof-of-work").remove();
  const submit = new Event("submit", { cancelable: true });
  element.dispatchEvent(submit);
  assert.ok(!submit.defaultPrevented);
});

// --- <pass-key> -------------------------------------------------------------------------------------

test("bytes travel as base64url in both directions", () => {
  const read = readOptions({ challenge: "-_8", user: { id: "AQ" }, allowCredentials: [{ id: "Ag", type: "public-key" }] });
  assert.deepEqual([...read.challenge], [251, 255]);
  assert.deepEqual([...read.user.id], [1]);
  assert.deepEqual([...read.allowCredentials[0].id], [2]);
  const bytes = (...values) => new Uint8Array(values).buffer;
  const written = writeAnswer({
    id: "Ag", rawId: bytes(2), type: "public-key", response: { clientDataJSON: bytes(251, 255), signature: bytes(1) },
  });
  assert.deepEqual(written, { id: "Ag", rawId: "Ag", type: "public-key", response: { clientDataJSON: "-_8", signature: "AQ" } });
});

const key = () => page(`<div><pass-key options="/o" send="/s" says-no="Nothing came." stay>
  <p data-error hidden></p><button type="button">Go</button></pass-key></div>`).querySelector("pass-key");

const withDevice = (device, answers) => {
  globalThis.PublicKeyCredential = class {};
  // Node 21 and later have a navigator of their own, older ones none.
  Object.defineProperty(globalThis, "navigator", { value: { credentials: { get: device } }, configurable: true });
  const asked = [];
  globalThis.fetch = (address) => {
    asked.push(address);
    return Promise.resolve(answers[address]);
  };
  return asked;
};
const ok = (said) => ({ ok: true, json: () => Promise.resolve(said) });
const credential = { id: "Ag", rawId: new ArrayBuffer(1), type: "public-key", response: {} };

test("a tap asks the device and sends its answer once, also after a move", async () => {
  const asked = withDevice(() => Promise.resolve(credential), { "/o": ok({ challenge: "AA" }), "/s": ok({ proved: true }) });
  const element = key();
  let told;
  element.addEventListener("passkey-done", (event) => { told = event.detail; });
  move(element, elsewhere());
  element.querySelector("button").click();
  await settled();
  assert.deepEqual(asked, ["/o", "/s"]);
  assert.deepEqual(told, { proved: true });
});

test("a device that gives nothing, and a server that refuses, are said", async () => {
  withDevice(() => Promise.reject(new Error("NotAllowedError")), { "/o": ok({ challenge: "AA" }) });
  let element = key();
  element.querySelector("button").click();
  await settled();
  assert.equal(element.querySelector("[data-error]").textContent, "Nothing came.");
  withDevice(() => Promise.resolve(credential), {
    "/o": ok({ challenge: "AA" }), "/s": { ok: false, json: () => Promise.resolve({ error: "Not here." }) },
  });
  element = key();
  element.querySelector("button").click();
  await settled();
  assert.equal(element.querySelector("[data-error]").textContent, "Not here.");
  assert.ok(!element.querySelector("[data-error]").hidden);
});

test("made by script it shows itself where passkeys are possible", () => {
  const element = document.createElement("pass-key");
  document.body.append(element);
  assert.ok(!element.hidden);
});
