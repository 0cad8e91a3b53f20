import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { document, enter, move, page, press, soon } from "./dom.js";
import "../filiform/intake.js";

const OPTIONS = `<ul role="listbox">${["Warfarin", "Warts"].map((name, n) => `<li role="option" id="o${n}" aria-selected="false"
  data-concept="c${n}" data-kind="medicine" data-text="${name}">${name}</li>`).join("")}</ul>`;
let asked;

function box(direction) {
  asked = [];
  globalThis.fetch = mock.fn(async (address, { body }) => {
    asked.push([address, body.get("text")]);
    return { ok: true, text: async () => OPTIONS };
  });
  return page(`<form><concept-box data-suggest="/suggest/"><input type="text" id="text">
  <input type="hidden" name="concept" value="old"><div data-list></div></concept-box>
  <input type="radio" name="kind" value="medicine"></form>`, direction).querySelector("concept-box");
}
async function typed(element, text) {
  element.field.focus();
  enter(element.field, text);
  await soon(220);
}

test("typing asks once, after a pause, and forgets what was chosen before", async () => {
  const element = box();
  element.field.focus();
  enter(element.field, "w");
  await typed(element, "war");
  assert.deepEqual(asked, [["/suggest/", "war"]]);
  assert.equal(element.concept.value, "");
  assert.equal(element.field.getAttribute("aria-expanded"), "true");
});

test("arrows mark, Enter chooses, the end leads to the beginning; in Urdu as in English", async () => {
  for (const direction of ["ltr", "rtl"]) {
    const element = box(direction);
    await typed(element, "war");
    for (const [key, active] of [["ArrowDown", "o0"], ["ArrowDown", "o1"], ["ArrowDown", "o0"], ["ArrowUp", "o1"]]) {
      press(element.field, key);
      assert.equal(element.field.getAttribute("aria-activedescendant"), active, `${direction} ${key}`);
    }
    let chosen = "";
    element.addEventListener("concept-chosen", (event) => { chosen = event.detail.concept; });
    assert.ok(press(element.field, "Enter").defaultPrevented, "it chooses and doesn't send the form");
    assert.equal(element.field.value, "Warts");
    assert.equal(element.concept.value, "c1");
    assert.equal(chosen, "c1");
    assert.ok(document.querySelector("input[type=radio]").checked);
    assert.equal(element.field.getAttribute("aria-expanded"), "false");
  }
});

test("what was chosen before the last question is answered closes the list for good", async () => {
  const element = box();
  await typed(element, "war");
  enter(element.field, "warf");
  element.choose(element.options[0]);
  await soon(220);
  assert.equal(asked.length, 1);
  assert.equal(element.field.getAttribute("aria-expanded"), "false");
  assert.equal(element.options.length, 0);
  assert.equal(element.concept.value, "c0");
});

test("Escape closes, and Enter with nothing marked is the form's", async () => {
  const element = box();
  await typed(element, "war");
  assert.ok(!press(element.field, "Enter").defaultPrevented);
  press(element.field, "Escape");
  assert.equal(element.options.length, 0);
  assert.equal(element.field.value, "war");
});

test("a moved box asks once for what is typed, one that is gone asks nothing", async () => {
  const element = box();
  move(element, document.body.appendChild(document.createElement("form")));
  await typed(element, "war");
  assert.equal(asked.length, 1);
  enter(element.field, "wart");
  element.remove();
  await soon(220);
  assert.equal(asked.length, 1);
});

test("when the server can't be reached the text stays as it was typed", async () => {
  const element = box();
  globalThis.fetch = async () => { throw new TypeError("offline"); };
  await typed(element, "war");
  assert.equal(element.field.value, "war");
  assert.equal(element.field.getAttribute("aria-expanded"), "false");
});

test("a box made by script without its parts does nothing", () => {
  page("<main></main>").append(document.createElement("concept-box"));
});
