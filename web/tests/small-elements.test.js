import assert from "node:assert/strict";
import { test } from "node:test";
import { document, enter, move, page } from "./dom.js";
import "../filiform/assessment.js";
import "../filiform/body-time.js";
import "../filiform/programme.js";

const elsewhere = () => document.body.appendChild(document.createElement("div"));

// --- <dose-stepper> ---------------------------------------------------------------------------------
const stepper = (attributes, value) => page(`<div class="field"><label>Hold</label>
  <dose-stepper><input type="number" value="${value}" ${attributes}></dose-stepper></div>`).querySelector("dose-stepper");

test("a dose goes up and down in its steps and stays within its bounds", () => {
  for (const [attributes, value, way, expected] of [
    ['min="1" max="60" data-step="5"', "10", 1, "15"],
    ['min="1" max="60" data-step="5"', "1", 1, "5"], // people think in round seconds
    ['min="1" max="60" data-step="5"', "58", 1, "60"],
    ['min="1" max="60" data-step="5"', "3", 0, "1"],
    ['min="2" max="9"', "", 1, "3"],
    ["", "4", 1, "5"], // no bounds: no bound
    ["", "0", 0, "-1"],
    ['min="1" max="9" disabled', "4", 1, "4"],
  ]) {
    const element = stepper(attributes, value);
    element.querySelectorAll("button")[way].click();
    assert.equal(element.querySelector("input").value, expected, `${attributes} ${value} ${way}`);
  }
});

test("a step is told to the form, and buttons say what they are for", () => {
  const element = stepper('min="1" max="9"', "4");
  let told = 0;
  element.parentElement.addEventListener("input", () => { told += 1; });
  element.querySelectorAll("button")[0].click();
  assert.equal(told, 1);
  assert.equal(element.querySelectorAll("button")[1].getAttribute("aria-label"), "Hold +");
});

test("a moved stepper has two buttons, not four, and they work", () => {
  const element = stepper('min="1" max="9"', "4");
  move(element, elsewhere());
  assert.equal(element.querySelectorAll("button").length, 2);
  element.querySelectorAll("button")[1].click();
  assert.equal(element.querySelector("input").value, "5");
});

// --- <depth-bar> --------------------------------------------------------------------------------------
const bar = () => page(`<form><div class="plan-card"><input data-depth value="">
  <depth-bar data-end-mm="60" data-limit-mm="30"><svg><g class="planned-mark" hidden></g></svg></depth-bar></div></form>`)
  .querySelector("depth-bar");

test("the mark stands where the entered depth is, and says when it is over the limit", () => {
  const element = bar();
  const [field, mark] = [document.querySelector("input"), element.querySelector(".planned-mark")];
  for (const [typed, place, over] of [
    ["15", "translate(150.0 0)", false], ["30", "translate(300.0 0)", false],
    ["30.5", "translate(305.0 0)", true], ["200", "translate(600.0 0)", true],
  ]) {
    enter(field, typed);
    assert.equal(mark.getAttribute("transform"), place, typed);
    assert.equal(mark.classList.contains("over"), over, typed);
  }
  for (const nothing of ["", "0", "-3", "deep"]) {
    enter(field, nothing);
    assert.ok(mark.hasAttribute("hidden"), nothing);
  }
});

test("a restored draft moves the mark, a moved bar follows the field of its new card", () => {
  const element = bar();
  const mark = element.querySelector(".planned-mark");
  document.querySelector("input").value = "12";
  document.querySelector("form").dispatchEvent(new Event("draft-restored"));
  assert.equal(mark.getAttribute("transform"), "translate(120.0 0)");
  const former = document.querySelector("input");
  const card = document.createElement("div");
  card.className = "plan-card";
  card.innerHTML = "<input data-depth>";
  elsewhere().append(card);
  move(element, card);
  enter(card.querySelector("input"), "20");
  enter(former, "40");
  assert.equal(mark.getAttribute("transform"), "translate(200.0 0)");
});

test("a bar made by script outside any card does nothing", () => {
  page("<main></main>").append(document.createElement("depth-bar"));
});

// --- <body-time> --------------------------------------------------------------------------------------
const time = (chart = "<body-chart></body-chart>") => page(`<body-time data-moments="/moments/">${chart}<form data-slider>
  <label data-with-script hidden><input type="range" min="0" max="2" value="2"></label>
  <p data-without-script><select name="body"><option value="a">1 May</option><option value="b">2 May</option>
  <option value="c" selected>3 May</option></select></p></form>
  <div role="status"><div data-moment="c" data-show='{"c":3}'>third</div></div></body-time>`);
const moments = `<div data-moment="a" data-show='{"a":1}'>first</div><div data-moment="b" data-show='{"b":2}'>second</div>
  <div data-moment="c" data-show='{"c":3}'>third</div>`;
const served = (answer) => {
  const asked = [];
  globalThis.fetch = async (address) => { asked.push(address); return answer(); };
  return asked;
};
const shown = (element) => [...element.querySelectorAll("[data-moment]")].filter((one) => !one.hidden).map((one) => one.textContent);
const settled = () => new Promise((resolve) => { setTimeout(resolve); });

test("the slider shows one visit, in words and on the body, and fetches the others once", async () => {
  const asked = served(() => new Response(moments));
  const element = time();
  const range = element.querySelector("input");
  assert.equal(element.querySelector("[data-with-script]").hidden, false);
  assert.deepEqual(shown(element), ["third"]);
  assert.deepEqual(asked, []);
  for (const [value, words, day, drawn] of [["0", "first", "1 May", '{"a":1}'], ["2", "third", "3 May", '{"c":3}']]) {
    enter(range, value);
    assert.equal(range.getAttribute("aria-valuetext"), day);
    await settled();
    assert.deepEqual(shown(element), [words]);
    assert.equal(element.querySelector("body-chart").dataset.show, drawn);
  }
  assert.deepEqual(asked, ["/moments/"]);
});

test("a slider that moved on while the visits came shows where it stands", async () => {
  served(() => new Response(moments));
  const element = time();
  for (const value of ["1", "0"]) enter(element.querySelector("input"), value);
  await settled();
  assert.deepEqual(shown(element), ["first"]);
});

test("without an answer, and for a visit that isn't in it, the page is asked", async () => {
  for (const answer of [() => new Response("", { status: 423 }), () => { throw new TypeError("no network"); }, () => new Response("")]) {
    served(answer);
    const element = time();
    enter(element.querySelector("input"), "1");
    await settled();
    assert.equal(element.querySelector("[data-without-script]").hidden, false);
    assert.equal(element.querySelector("select").value, "b");
    assert.deepEqual(shown(element), ["third"]);
  }
});

test("when the chart fails the page is asked, and a moved slider still slides", async () => {
  served(() => new Response(moments));
  const element = time();
  move(element, elsewhere());
  enter(element.querySelector("input"), "0");
  await settled();
  assert.deepEqual(shown(element), ["first"]);
  element.querySelector("body-chart").dispatchEvent(new Event("failed"));
  assert.equal(element.querySelector("[data-with-script]").hidden, true);
  assert.equal(element.querySelector("[data-without-script]").hidden, false);
});

test("without a chart the words follow alone", async () => {
  served(() => new Response(moments));
  const element = time("");
  enter(element.querySelector("input"), "0");
  await settled();
  assert.deepEqual(shown(element), ["first"]);
});
