import assert from "node:assert/strict";
import { test } from "node:test";
import { document, page } from "./dom.js";

await import("../filiform/count-steps.js");

const steps = (required = "required") => page(`<count-steps less="One fewer" more="One more"><div class="field"><label for="n">In the bin</label>
  <input id="n" type="number" min="0" max="200" ${required}></div></count-steps>`);
const tap = (element, text) => [...element.querySelectorAll("button")].find((button) => button.textContent === text).click();

test("nothing is filled in, and one tap gives the number", () => {
  const element = steps();
  const field = element.querySelector("input");
  assert.equal(field.value, "");
  tap(element, "8");
  assert.equal(field.value, "8");
  assert.equal(element.querySelector("[aria-pressed=true]").textContent, "8");
});

test("plus and minus go on from it and never below the least", () => {
  const element = steps();
  tap(element, "+");
  tap(element, "+");
  tap(element, "−");
  assert.equal(element.querySelector("input").value, "1");
  tap(element, "−");
  tap(element, "−");
  assert.equal(element.querySelector("input").value, "0");
});

test("what is mostly none has no row of numbers; moved in the page, it isn't made twice", () => {
  const element = steps("");
  assert.equal(element.querySelectorAll("[data-value]").length, 0);
  document.body.append(element);
  assert.equal(element.querySelectorAll("button").length, 2);
});

test("where packs hold several needles the server says how far the numbers go, also for the unused", () => {
  const element = page(`<count-steps><div class="field"><label for="n">Not used</label>
    <input id="n" type="number" min="0" data-taps="20"></div></count-steps>`);
  assert.equal(element.querySelectorAll("[data-value]").length, 21);
  tap(element, "17");
  assert.equal(element.querySelector("input").value, "17");
});
