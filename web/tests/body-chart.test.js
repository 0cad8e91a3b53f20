// What of <body-chart> needs no graphics card: the field, and what is seen without the picture.
// The picture itself is tested in a browser: tests/journeys/test_body_chart.py.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { document, move, page, soon, watched } from "./dom.js";

let asked;
beforeEach(() => { asked = []; });
globalThis.fetch = async (address) => { asked.push(String(address)); throw new TypeError("offline"); };
await import("../filiform/body/chart.js");

const chart = (attributes = "", mode = "paint") => page(`<form><body-chart name="pain" mode="${mode}" surface="/surface" body="/body"
  data-words='{"failed":"No picture here."}' ${attributes}><input name="pain" value="plain"><p data-beside>Beside</p></body-chart></form>`)
  .querySelector("body-chart");
const comesNear = () => { for (const one of [...watched]) one.tell([{ isIntersecting: true }]); };

test("nothing is loaded before the chart comes near sight", async () => {
  const element = chart();
  await soon(20);
  assert.deepEqual(asked, []);
  comesNear();
  await element.ready;
  assert.deepEqual(asked.slice(0, 2), ["/surface", "/body"]);
});

test("a chart that is taken out before anybody saw it loads nothing", async () => {
  const element = chart();
  element.remove();
  await element.ready;
  assert.deepEqual(asked, []);
  assert.equal(watched.size, 0);
});

test("it is a field: its value is sent, set, and reset to what the page came with", () => {
  const element = chart('value="body-1;::1=50"');
  assert.equal(element.internals.sent, "body-1;::1=50");
  element.value = "body-1;::2=50";
  assert.equal(element.internals.sent, "body-1;::2=50");
  element.formResetCallback();
  assert.equal(element.value, "body-1;::1=50");
  element.setAttribute("value", "body-1;::3=50");
  assert.equal(element.value, "body-1;::3=50");
  element.formStateRestoreCallback("body-1;::4=50");
  assert.equal(element.internals.sent, "body-1;::4=50");
});

test("a chart that only shows sends nothing", () => {
  assert.equal(chart('value="body-1;::1=50"', "show").internals.sent, null);
});

test("when the picture fails its reason is said, the fields beneath are used, and the page is told", async () => {
  const element = chart();
  let told = "";
  element.addEventListener("failed", (event) => { told = event.detail.message; });
  comesNear();
  await element.ready;
  assert.equal(told, "offline");
  assert.match(element.textContent, /No picture here/);
  assert.equal(element.internals.sent, null, "the plain field is sent in its place");
  assert.equal(element.querySelector("input").disabled, false);
});

test("a chart that is moved keeps its value and waits again to be seen", async () => {
  const element = chart('value="body-1;::1=50"');
  element.value = "body-1;::2=50";
  move(element, document.body.appendChild(document.createElement("form")));
  assert.equal(element.value, "body-1;::2=50");
  assert.equal(watched.size, 1);
  comesNear();
  await element.ready;
  assert.equal(asked.length, 2);
});

test("a chart made by script keeps what it was given before it stood in the page", () => {
  const element = document.createElement("body-chart");
  element.setAttribute("mode", "paint");
  element.value = "body-1;::5=50";
  page("<form></form>").append(element);
  assert.equal(element.internals.sent, "body-1;::5=50");
  element.remove();
});
