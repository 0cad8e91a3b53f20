import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { document, page } from "./dom.js";

let now = 1_000_000;
performance.now = () => now;
globalThis.setInterval = () => 0;
await import("../filiform/treatment/needle-clock.js");
const { Dwell } = await import("../filiform/treatment/dwell.js");

let sounds = 0;
const tones = { wake() {}, play() { sounds += 1; } };
const room = (dueS) => page(`<div><a data-point-needle="n"></a><div class="needle" data-needle="n"
  data-due="${dueS}"><needle-clock seconds="290"></needle-clock></div></div>`);
beforeEach(() => { now = 1_000_000; sounds = 0; });

test("at its time a needle rings and is marked, on its tile and on the body", () => {
  const root = room(300);
  const dwell = new Dwell(root, tones);
  dwell.look();
  assert.equal(root.querySelectorAll(".due").length, 0);
  assert.equal(sounds, 0);
  now += 10_000;
  dwell.look();
  assert.equal(root.querySelectorAll(".due").length, 2);
  assert.equal(sounds, 1);
  for (let second = 0; second < 5; second += 1) dwell.look();
  assert.equal(sounds, 2, "it goes on until somebody comes");
});

test("a touch quiets what has rung, and the mark stays until the needle is out", () => {
  const root = room(300);
  const dwell = new Dwell(root, tones);
  dwell.begin();
  now += 60_000;
  dwell.look();
  document.dispatchEvent(new Event("pointerdown"));
  sounds = 0;
  for (let second = 0; second < 12; second += 1) dwell.look();
  assert.equal(sounds, 0);
  assert.ok(root.querySelector(".needle").classList.contains("due"));
});

test("a technique that leaves no needle in has no alarm", () => {
  const root = room(0);
  const dwell = new Dwell(root, tones);
  now += 3_600_000;
  dwell.look();
  assert.equal(root.querySelectorAll(".due").length, 0);
});
