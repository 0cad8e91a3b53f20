import assert from "node:assert/strict";
import { test } from "node:test";
import { document, page } from "./dom.js";

globalThis.setInterval = () => 0;
let at = Date.parse("2026-11-28T07:00:00Z");
Date.now = () => at;
const { clockErrorMs, tellAll } = await import("../filiform/clock.js");

const time = (told, datetime = "2026-11-28T07:00:00Z") => page(`<time datetime="${datetime}" data-told="${told}">07:00</time>`);

test("the words follow the clock", () => {
  const element = time("ago");
  for (const [minutes, text] of [[0, "just now"], [12, "12 min ago"], [200, "3 h 20 min ago"], [2 * 1440, "2 days ago"]]) {
    at = Date.parse("2026-11-28T07:00:30Z") + minutes * 60_000;
    tellAll();
    assert.equal(element.textContent, text);
  }
});

test("they are in the language of their part of the page", () => {
  at = Date.parse("2026-11-28T08:00:30Z");
  const urdu = page('<section lang="ur-pk"><time datetime="2026-11-28T07:00:00Z" data-told="for">07:00 سے</time></section>');
  tellAll();
  assert.equal(urdu.textContent, "1 گھنٹے سے");
  document.documentElement.lang = "ur";
  const whole = time("ago");
  tellAll();
  assert.equal(whole.textContent, "1 گھنٹہ پہلے");
  document.documentElement.lang = "en";
});

test("what is to come is counted down", () => {
  at = Date.parse("2026-11-28T05:00:00Z");
  const element = time("in");
  tellAll();
  assert.equal(element.textContent, "in 2 h");
});

test("a moment that can't be read keeps the server's words", () => {
  const element = time("ago", "some day");
  tellAll();
  assert.equal(element.textContent, "07:00");
});

test("a tablet three hours off is set right by the server, a second off is left alone", () => {
  const entry = (duration) => ({ responseStart: 100, serverTiming: [{ name: "now", duration }] });
  assert.equal(clockErrorMs(entry(1_000_000), 1_000_000 + 3 * 3_600_000), 3 * 3_600_000 + 100);
  assert.equal(clockErrorMs(entry(1_000_000), 1_001_000), 0);
  assert.equal(clockErrorMs({ responseStart: 100 }, 5), 0);
  assert.equal(clockErrorMs(undefined, 5), 0);
});
