import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { document, page, press } from "./dom.js";
import { clockOf, minutesOf } from "../filiform/diary.js";

const lane = (line, visits) => `<section data-line="${line}"><h2>${line}</h2><ol class="lane-times" data-day="2026-11-30">${visits}</ol></section>`;
const visit = `<li class="visit" data-visit="v1" data-at="10:00" data-minutes="40" data-practitioner="sana">
  <a href="#v"><span class="number">10:00–10:40</span> Amna</a></li>`;
const FORM = `<form class="diary-move" data-address="/visits/00000000-0000-0000-0000-000000000000/reschedule/">
  <input name="day"><input name="at"><input name="minutes"><input name="practitioner"><input name="room"></form><p data-says></p>`;
const board = (direction = "ltr", form = FORM) => {
  const words = 'data-words-held="held" data-words-lifted="lifted" data-words-left="left"';
  page(`<diary-board ${words}>${lane("sana", visit)}${lane("hamza", "")}${form}</diary-board>`, direction);
  const sent = [];
  const move = document.querySelector(".diary-move");
  if (move) move.submit = () => sent.push(Object.fromEntries([...move.elements].map((one) => [one.name, one.value])));
  return { link: document.querySelector(".visit a"), sent, move };
};
const says = () => document.querySelector("[data-says]").textContent;

test("M, arrows and Enter send the form with the new time and practitioner", () => {
  const { link, sent, move } = board();
  link.focus();
  press(link, "m");
  assert.equal(says(), "held");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "ArrowRight"]) press(link, key);
  assert.equal(says(), "hamza 10:05");
  press(link, "Enter");
  assert.deepEqual(sent, [{ day: "2026-11-30", at: "10:05", minutes: "40", practitioner: "hamza", room: "" }]);
  assert.ok(move.action.endsWith("/visits/v1/reschedule/"));
});

test("Escape leaves the visit where it was, and so does putting it down there", () => {
  for (const keys of [["ArrowDown", "Escape"], ["Enter"]]) {
    const { link, sent } = board();
    for (const key of ["m", ...keys]) press(link, key);
    assert.deepEqual(sent, []);
    assert.equal(says(), "left");
    assert.equal(link.querySelector(".number").textContent, "10:00–10:40");
  }
});

test("in Urdu the next column lies to the left", () => {
  const { link, sent } = board("rtl");
  for (const key of ["m", "ArrowLeft", "Enter"]) press(link, key);
  assert.equal(sent[0].practitioner, "hamza");
});

test("a visit stays on its day, and whoever may not move visits picks none up", () => {
  assert.equal(clockOf(minutesOf("23:55") + 30), "23:55");
  assert.equal(clockOf(minutesOf("00:05") - 30), "00:00");
  const { link } = board("ltr", "");
  assert.equal(press(link, "m").defaultPrevented, false);
});

const touch = (link, type, x, y) => {
  const event = new document.defaultView.Event(type, { bubbles: true, cancelable: true });
  link.dispatchEvent(Object.assign(event, { pointerType: "touch", button: 0, pointerId: 1, clientX: x, clientY: y }));
};

test("a finger that rests on a visit lifts it, and one that moves at once scrolls", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { link, sent } = board();
  touch(link, "pointerdown", 50, 50);
  touch(link, "pointermove", 50, 90);
  mock.timers.tick(500);
  assert.equal(says(), "");
  touch(link, "pointerup", 50, 90);
  document.elementsFromPoint = () => [document.querySelector('[data-line="hamza"] .lane-times')];
  touch(link, "pointerdown", 50, 50);
  touch(link, "pointermove", 53, 52);
  mock.timers.tick(500);
  assert.equal(says(), "lifted");
  touch(link, "pointermove", 250, 50);
  touch(link, "pointerup", 250, 50);
  assert.deepEqual(sent, [{ day: "2026-11-30", at: "10:00", minutes: "40", practitioner: "hamza", room: "" }]);
  mock.timers.reset();
});
