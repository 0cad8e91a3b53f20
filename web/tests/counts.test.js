import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./dom.js";
import { showCount } from "../filiform/counts.js";

test("the word beside a number is of its number", () => {
  const number = page('<b>0</b><span data-one="needle in" data-many="needles in">needles in</span>');
  const said = (count) => { showCount(number, count); return `${number.textContent} ${number.nextElementSibling.textContent}`; };
  assert.deepEqual([0, 1, 2, 11].map(said), ["0 needles in", "1 needle in", "2 needles in", "11 needles in"]);
});

test("a number that stands alone only changes", () => {
  const number = page("<p><b>4</b></p>").firstElementChild;
  showCount(number, 5);
  assert.equal(number.textContent, "5");
});
