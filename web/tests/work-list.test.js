import assert from "node:assert/strict";
import { test } from "node:test";
import { document, move, page, press } from "./dom.js";
import "../filiform/work-list.js";

const LIST = `<work-list><ul><li><a class="cover" href="#1">1</a></li><li><a class="cover" href="#2">2</a><input></li>
  <li><a class="open-check" href="#3">3</a></li></ul></work-list><div id="other"></div>`;
const rows = () => [...document.querySelectorAll("a")];
const here = () => document.activeElement.textContent;

test("up and down go from row to row and stop at the ends", () => {
  const list = page(LIST);
  rows()[0].focus();
  for (const [key, expected] of [["ArrowDown", "2"], ["j", "3"], ["ArrowDown", "3"], ["k", "2"], ["Home", "1"], ["ArrowUp", "1"], ["End", "3"]]) {
    assert.ok(press(document.activeElement, key).defaultPrevented, key);
    assert.equal(here(), expected, key);
  }
  assert.ok(list.isConnected);
});

test("rows stand below one another in Urdu too: up and down stay what they are", () => {
  page(LIST, "rtl");
  rows()[0].focus();
  press(document.activeElement, "ArrowDown");
  assert.equal(here(), "2");
});

test("letters that are typed, and keys with Alt or Control, are left alone", () => {
  page(LIST);
  const field = document.querySelector("input");
  field.focus();
  assert.ok(!press(field, "j").defaultPrevented);
  rows()[0].focus();
  assert.ok(!press(rows()[0], "ArrowDown", { altKey: true }).defaultPrevented);
  assert.equal(here(), "1");
});

test("the first arrow down steps into the list, and no longer when the list is gone", () => {
  const list = page(LIST);
  document.activeElement?.blur?.();
  assert.ok(press(document.body, "ArrowDown").defaultPrevented);
  assert.equal(here(), "1");
  document.activeElement.blur();
  list.remove();
  assert.ok(!press(document.body, "ArrowDown").defaultPrevented);
});

test("a moved list works once, not twice", () => {
  const list = page(LIST);
  move(list, document.getElementById("other"));
  rows()[0].focus();
  press(rows()[0], "ArrowDown");
  assert.equal(here(), "2");
});

test("a list made by script, still empty, swallows no key", () => {
  page("<main></main>").append(document.createElement("work-list"));
  document.activeElement?.blur?.();
  assert.ok(!press(document.body, "ArrowDown").defaultPrevented);
});

test("j steps into the list, too, so that an inbox is worked from the first key on", () => {
  page(LIST);
  document.activeElement?.blur?.();
  assert.ok(!press(document.body, "j", { ctrlKey: true }).defaultPrevented);
  assert.ok(press(document.body, "j").defaultPrevented);
  assert.equal(here(), "1");
});
