import assert from "node:assert/strict";
import { test } from "node:test";
import { document, move, page, watched } from "./dom.js";
import "../filiform/exercise-figure.js";

const figure = (attributes = "", moving = "/moving.svg") => page(`<div><exercise-figure ${attributes} data-play="Show" data-stop="Stop"
  data-moving="${moving}"><img src="/still.svg" alt="Picture"></exercise-figure></div>`).querySelector("exercise-figure");
const shown = (element) => element.querySelector("img").getAttribute("src");

test("a tap shows the movement, another one the still picture, and the button says what it does", () => {
  const element = figure();
  const button = element.querySelector("button");
  assert.equal(shown(element), "/still.svg");
  assert.equal(button.getAttribute("aria-label"), "Show");
  button.click();
  assert.equal(shown(element), "/moving.svg");
  assert.equal(button.getAttribute("aria-label"), "Stop");
  button.click();
  assert.equal(shown(element), "/still.svg");
});

test("what doesn't move has no button", () => {
  assert.equal(figure("", "").querySelector("button"), null);
});

test("only one moves at a time, and none out of sight", () => {
  const one = figure();
  const two = one.cloneNode(true);
  two.querySelector("button").remove();
  one.after(two);
  one.querySelector("button").click();
  two.querySelector("button").click();
  assert.equal(shown(one), "/still.svg");
  assert.equal(shown(two), "/moving.svg");
  two.seen(false);
  assert.equal(shown(two), "/still.svg");
});

test("it begins by itself only where it is asked to, and never against the wish for less motion", () => {
  const asked = figure("autoplay");
  asked.seen(true);
  assert.equal(shown(asked), "/moving.svg");
  const still = figure();
  still.seen(true);
  assert.equal(shown(still), "/still.svg");
  const usual = globalThis.matchMedia;
  globalThis.matchMedia = () => ({ matches: true });
  const calm = figure("autoplay");
  calm.seen(true);
  globalThis.matchMedia = usual;
  assert.equal(shown(calm), "/still.svg");
});

test("moved in the page it keeps one button, works, and watches no longer when it is gone", () => {
  const element = figure();
  move(element, document.body);
  assert.equal(element.querySelectorAll("button").length, 1);
  element.querySelector("button").click();
  assert.equal(shown(element), "/moving.svg");
  const before = watched.size;
  element.remove();
  assert.equal(watched.size, before - 1);
  assert.equal(shown(element), "/still.svg");
});

test("made by script it works as well", () => {
  const element = document.createElement("exercise-figure");
  element.dataset.moving = "/m.svg";
  const picture = document.createElement("img");
  picture.setAttribute("src", "/s.svg");
  element.append(picture);
  document.body.append(element);
  element.querySelector("button").click();
  assert.equal(shown(element), "/m.svg");
});
