import assert from "node:assert/strict";
import { test } from "node:test";
import { document, move, page } from "./dom.js";

const said = [];
globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
globalThis.speechSynthesis = {
  cancel() { said.length = 0; },
  speak(one) { said.push(one); },
  getVoices: () => [{ lang: "ur_PK" }],
};
globalThis.SpeechRecognition = class {
  start() { globalThis.ear = this; }
  abort() { this.stopped = true; }
};

await import("../filiform/patient.js");

const READ = `<div lang="ur"><read-aloud data-say="Read" data-stop="Stop"><h1>سانس</h1>
  <p lang="en">Sit up.</p></read-aloud></div>`;

// <read-aloud>
test("everything is read in its own language, and a second tap is silence", () => {
  page(READ);
  const tap = document.querySelector("read-aloud button");
  tap.click();
  assert.deepEqual(said.map(({ text, lang }) => [text, lang]), [["سانس", "ur-PK"], ["Sit up.", "en-GB"]]);
  assert.match(tap.textContent, /Stop/);
  tap.click();
  assert.equal(said.length, 0);
  assert.match(tap.textContent, /Read/);
});

test("moved elsewhere it has one button, and removed it is silent", () => {
  page(READ);
  const element = document.querySelector("read-aloud");
  move(element, document.body.appendChild(document.createElement("div")));
  assert.equal(element.querySelectorAll("button").length, 1);
  element.querySelector("button").click();
  element.remove();
  assert.equal(said.length, 0);
});

// <voice-answer>
test("what is said stands behind what was typed", () => {
  page(`<voice-answer lang="ur" data-speak="Speak" data-listening="Listening"><textarea>پہلے</textarea></voice-answer>`);
  const element = document.querySelector("voice-answer");
  element.querySelector("button").click();
  assert.equal(globalThis.ear.lang, "ur-PK");
  globalThis.ear.onresult({ results: [[{ transcript: "درد" }]] });
  globalThis.ear.onend();
  assert.equal(element.querySelector("textarea").value, "پہلے درد");
  assert.match(element.querySelector("button").textContent, /Speak/);
  element.remove();
  assert.equal(globalThis.ear.stopped, true);
});
