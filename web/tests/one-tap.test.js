import assert from "node:assert/strict";
import { test } from "node:test";
import { document, move, page } from "./dom.js";
import "../filiform/one-tap.js";

const FORM = `<one-tap><form><textarea name="text">See you</textarea>
  <a data-channel="whatsapp" href="https://wa.me/92300?text=old">W</a><a data-channel="sms" href="sms:+92300?body=">S</a>
  <input type="radio" name="channel" value="call" checked><input type="radio" name="channel" value="whatsapp">
  <button data-mark>Mark</button></form></one-tap><div id="other"></div>`;
const settled = () => new Promise((resolve) => { setTimeout(resolve, 10); });

function up(html = FORM) {
  const element = page(html);
  const form = document.querySelector("form");
  const sent = [];
  form.requestSubmit = (button) => sent.push(button);
  return { element, sent, text: document.querySelector("textarea"), links: [...document.querySelectorAll("a")] };
}

test("the links hold what stands in the form now, spaces and Urdu as telephones read them", () => {
  const { text, links } = up();
  assert.equal(links[0].getAttribute("href"), "https://wa.me/92300?text=See%20you");
  text.value = "کل & 5?";
  text.dispatchEvent(new Event("input", { bubbles: true }));
  assert.equal(links[1].getAttribute("href"), `sms:+92300?body=${encodeURIComponent("کل & 5?")}`);
});

test("one tap opens the message and notes the answer by that way", async () => {
  const { sent, links } = up();
  links[0].click();
  await settled();
  assert.equal(sent.length, 1);
  assert.equal(document.querySelector("input[value=whatsapp]").checked, true);
});

test("nothing is sent or noted without words", async () => {
  const { sent, links, text } = up();
  text.value = "  ";
  const tap = new MouseEvent("click", { bubbles: true, cancelable: true });
  links[0].dispatchEvent(tap);
  await settled();
  assert.ok(tap.defaultPrevented);
  assert.equal(sent.length, 0);
});

test("moved on the page it notes once, taken away it notes nothing", async () => {
  const { element, sent, links } = up();
  move(element, document.getElementById("other"));
  links[0].click();
  await settled();
  assert.equal(sent.length, 1);
  links[0].click();
  element.remove();
  await settled();
  assert.equal(sent.length, 1);
});
