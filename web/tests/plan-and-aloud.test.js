import assert from "node:assert/strict";
import { test } from "node:test";
import { document, enter, move, page } from "./dom.js";

const asked = [];
globalThis.fetch = async (address) => {
  const query = new URLSearchParams(address.split("?")[1]);
  asked.push(query);
  const found = {
    entry: `moved-${asked.length}`, where: "Flank, right", body: "<svg data-view='back'></svg>",
    section: `<svg data-depth="${query.get("depth")}"></svg>`,
  };
  return { ok: true, json: async () => found };
};
const spoken = [];
const voices = { all: [] };
globalThis.SpeechSynthesisUtterance = class extends document.defaultView.EventTarget { constructor(text) { super(); this.text = text; } };
globalThis.speechSynthesis = document.defaultView.speechSynthesis = {
  getVoices: () => voices.all,
  addEventListener() {},
  cancel() { spoken.push("cancel"); },
  speak(words) { spoken.push(words.text); queueMicrotask(() => words.dispatchEvent(new Event("end"))); },
};
globalThis.window ??= document.defaultView;
await import("../filiform/assessment.js");
await import("../filiform/consent-aloud.js");

const settled = () => new Promise((done) => { setTimeout(done, 20); });
const elsewhere = () => document.body.appendChild(document.createElement("div"));

// --- settings of a technique --------------------------------------------------------------------------
test("a technique that comes back with a draft shows its own settings", () => {
  const form = page(`<form><article class="plan-card"><input type="radio" name="a-technique" value="electrical" checked>
    <div data-techniques="electrical" hidden></div><div data-techniques="winding"></div></article></form>`);
  form.dispatchEvent(new Event("draft-restored", { bubbles: true }));
  const [current, winding] = form.querySelectorAll("[data-techniques]");
  assert.equal(current.hidden, false);
  assert.equal(winding.hidden, true);
});

// --- <entry-site> -------------------------------------------------------------------------------------
const site = () => page(`<form><article class="plan-card"><input name="a-depth_mm" value="20"><input name="a-angle_deg" value="90">
  <select name="a-heading"><option value="">-</option></select><input type="radio" name="a-palpation" value="flat" checked>
  <entry-site data-look="/look/"><input type="hidden" name="a-entry" value="first"><div data-body tabindex="0"><svg data-view="back"></svg></div>
  <span data-where></span><span data-usual></span><button data-nudge="up"></button><div data-section></div><p data-said></p></entry-site></article></form>`)
  .querySelector("entry-site");

test("an arrow asks for the place half a centimetre on, and the answer goes into the card", async () => {
  asked.length = 0;
  const element = site();
  element.querySelector("[data-nudge]").click();
  await settled();
  assert.deepEqual([asked[0].get("nudge"), asked[0].get("entry"), asked[0].get("depth")], ["up", "first", "20"]);
  assert.equal(element.querySelector("input").value, "moved-1");
  assert.equal(element.querySelector("[data-said]").textContent, "Flank, right");
  assert.equal(element.querySelector("[data-usual]"), null, "it is no longer the atlas' own");
});

test("five quick presses are five steps, each from where the one before ended", async () => {
  asked.length = 0;
  const element = site();
  for (let press = 0; press < 5; press += 1) element.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
  await settled();
  assert.deepEqual(asked.map((one) => one.get("entry")), ["first", "moved-1", "moved-2", "moved-3", "moved-4"]);
});

test("a changed depth is drawn and moves no place; another field asks nothing", async () => {
  asked.length = 0;
  const element = site();
  enter(element.card.querySelector("[name=a-depth_mm]"), "34");
  element.card.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => { setTimeout(done, 320); });
  assert.equal(asked.length, 1);
  assert.equal(element.querySelector("[data-section] svg").dataset.depth, "34");
  assert.equal(element.querySelector("input").value, "first");
});

test("a moved element follows its new card, and asks once", async () => {
  asked.length = 0;
  const element = site();
  const card = document.createElement("article");
  card.className = "plan-card";
  elsewhere().append(card);
  move(element, card);
  element.querySelector("[data-nudge]").click();
  await settled();
  assert.equal(asked.length, 1);
  assert.equal(element.card, card);
});

// --- <consent-aloud> ---------------------------------------------------------------------------------------
const aloud = (lang) => page(`<div><consent-aloud data-what=".text" data-lang="${lang}" data-none="No voice" hidden>
  <button data-read></button><button data-quiet hidden></button><span data-told></span></consent-aloud>
  <article class="text"><h2>What we do</h2><p>One  needle.</p><ul><li><p>A risk</p></li></ul><form class="no-speech"><p>Refuse</p></form></article></div>`)
  .querySelector("consent-aloud");

test("the text is read part by part, once each, without what is for the practitioner", async () => {
  voices.all = [{ lang: "en-GB" }];
  spoken.length = 0;
  const element = aloud("en");
  assert.equal(element.hidden, false);
  element.querySelector("[data-read]").click();
  await settled();
  assert.deepEqual(spoken.filter((one) => one !== "cancel"), ["What we do", "One needle.", "A risk"]);
  assert.equal(document.querySelector(".being-read"), null);
});

test("without a voice of the text's own language it says so and reads nothing", async () => {
  voices.all = [{ lang: "en-GB" }];
  spoken.length = 0;
  const element = aloud("ur");
  element.querySelector("[data-read]").click();
  await new Promise((done) => { setTimeout(done, 760); });
  assert.equal(element.querySelector("[data-told]").textContent, "No voice");
  assert.deepEqual(spoken.filter((one) => one !== "cancel"), []);
});

test("it is quiet when it is stopped, and when it leaves the page", () => {
  const element = aloud("en");
  spoken.length = 0;
  element.querySelector("[data-quiet]").click();
  element.remove();
  assert.deepEqual(spoken, ["cancel", "cancel"]);
});
