import assert from "node:assert/strict";
import { test } from "node:test";
import { document, move, page, schemes, watched } from "./dom.js";
import "../filiform/consent.js";

const PATH = "M10 20 L30 40 M50 60";
const pad = (value = "") => page(`<form><signature-pad name="signature" value="${value}" data-label="Sign here"
  data-undo="Undo" data-clear="Clear"><p>On paper</p></signature-pad></form>`).querySelector("signature-pad");

function draw(element, ...places) {
  const send = (kind, [x, y]) => {
    const event = new Event(kind, { bubbles: true, cancelable: true });
    Object.assign(event, { button: 0, pointerId: 1, clientX: x, clientY: y });
    element.canvas.dispatchEvent(event);
  };
  element.canvas.getBoundingClientRect = () => ({ left: 0, top: 0, width: 300, height: 100 });
  send("pointerdown", places[0]);
  for (const place of places.slice(1)) send("pointermove", place);
  send("pointerup", places.at(-1));
}

test("what is drawn is sent with the form, in the pad's own units", () => {
  const element = pad();
  let told = 0;
  element.form.addEventListener("input", () => { told += 1; });
  draw(element, [10, 10], [20, 30]);
  assert.equal(element.value, "M20 20 L40 60");
  assert.equal(element.internals.sent, element.value);
  assert.ok(element.classList.contains("signed"));
  assert.equal(told, 1);
});

test("a stroke can be taken back, and all of it", () => {
  const element = pad(PATH);
  const [undo, clear] = element.querySelectorAll("button");
  undo.click();
  assert.equal(element.value, "M10 20 L30 40");
  clear.click();
  assert.equal(element.value, "");
  assert.ok(!element.classList.contains("signed"));
});

test("a reset form has the signature that the page came with", () => {
  const element = pad(PATH);
  element.querySelectorAll("button")[1].click();
  element.formResetCallback();
  assert.equal(element.internals.sent, PATH);
});

test("a disabled pad takes no stroke", () => {
  const element = pad();
  element.formDisabledCallback(true);
  draw(element, [10, 10], [20, 30]);
  assert.equal(element.value, "");
  assert.ok([...element.querySelectorAll("button")].every((button) => button.disabled));
  element.formDisabledCallback(false);
  draw(element, [10, 10]);
  assert.equal(element.value, "M20 20");
});

test("a moved pad keeps the signature, one canvas, and fits and repaints as before", () => {
  const element = pad(PATH);
  const before = [watched.size, schemes.listeners.size];
  move(element, document.body.appendChild(document.createElement("form")));
  assert.equal(element.value, PATH);
  assert.equal(element.internals.sent, PATH);
  assert.equal(element.querySelectorAll("canvas").length, 1);
  assert.deepEqual([watched.size, schemes.listeners.size], before);
  draw(element, [10, 10]);
  assert.equal(element.value, `${PATH} M20 20`);
  element.remove();
  assert.deepEqual([watched.size, schemes.listeners.size], [before[0] - 1, before[1] - 1]);
});

test("a pad made by script can be given a value before and after it stands in the page", () => {
  page("<form></form>");
  const element = document.createElement("signature-pad");
  element.dataset.label = "Sign here";
  element.setAttribute("value", PATH);
  document.querySelector("form").append(element);
  assert.equal(element.value, PATH);
  element.value = "M1 2";
  assert.equal(element.internals.sent, "M1 2");
});
