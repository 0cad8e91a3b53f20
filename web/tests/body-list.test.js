import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { choose, document, enter, move, page, press, soon } from "./dom.js";

// Two regions of a body of 8 patches: the left half is 0 to 3, the right 4 to 7.
const MAP = { release: "body-1", count: 8, regions: [["arm", true, [[0, 1]], [2, 2]], ["back", false, [[2, 3]], [1, 3]]] };
let asked = 0;
let online = true;
globalThis.fetch = async () => { asked += 1; return { ok: online, status: 503, json: async () => MAP }; };
const { RegionMap, read, write } = await import("../filiform/body-list.js");

const EXTENTS = ["none", "part", "half", "all"].map((one) => `<option value="${one}">${one}</option>`).join("");
const LINE = `<li class="marked-line" data-region="" data-side=""><span data-name></span>
  <select data-field="extent" data-label="how much">${EXTENTS}</select></li>`;
const PLACES = [["arm left", "Arm, left"], ["arm right", "Arm, right"], ["back midline", "Back"]];
const FIELD = (text, number) => `<div class="drawing-field">
  <body-chart value="${text}"></body-chart><input data-drawing-text name="pain" value="${text}">
  <body-list data-regions="/regions/${number}" data-says-marked="marked" data-says-gone="taken out" data-none="Nothing">
    <p data-nothing></p><ul data-lines></ul><template data-line>${LINE}</template><p data-says></p>
    <details data-places open><p data-search hidden><input data-search-words></p><p data-found></p>
    <section data-group><ul>${PLACES.map(([place, name]) => `<li data-words="${name}"><select name="p-${place}" data-place="${place}"
      aria-label="${name}">${EXTENTS}</select></li>`).join("")}</ul></section></details>
  </body-list></div>`;
let number = 0;
async function list(text = "", direction = "ltr") {
  number += 1;
  const element = page(`<form>${FIELD(text, number)}</form>`, direction).querySelector("body-list");
  await soon();
  return element;
}
const place = (element, name) => element.querySelector(`[data-place="${name}"]`);
beforeEach(() => { online = true; });

// --- the drawing's text -------------------------------------------------------------------------------
test("a drawing's text is read and written without loss", () => {
  const map = new RegionMap(MAP);
  for (const text of ["", "body-1;::0-1=100", "body-1;:3:0=40,4-7=100|sharp::2=7"]) assert.equal(write(read(text, map), map), text);
  assert.equal(read("body-0;:0=1", map), null, "of an older body: nobody guesses");
});

test("what a list marks takes the place of the same kind of pain, not of another", () => {
  const map = new RegionMap(MAP);
  const layers = read("body-1;:3:0-1=100|sharp:5:0=50", map);
  map.edit(layers, null, { place: "arm left", kind: ":7", extent: "half" });
  assert.equal(write(layers, map), "body-1;:7:0-1=50|sharp:5:0=50");
});

// --- the element --------------------------------------------------------------------------------------
test("what is chosen changes the drawing, the form is told, and it is read out", async () => {
  const element = await list();
  let told = 0;
  document.querySelector("form").addEventListener("input", () => { told += 1; });
  choose(place(element, "arm right"), "all");
  assert.equal(element.input.value, "body-1;::4-5=100");
  assert.equal(element.chart.getAttribute("value"), element.input.value);
  assert.equal(told, 1);
  assert.equal(element.querySelector("[data-says]").textContent, "Arm, right: marked");
  const row = element.querySelector(".marked-line");
  assert.equal(row.querySelector("[data-name]").textContent, "Arm, right");
  choose(row.querySelector("select"), "none");
  assert.equal(element.input.value, "");
  assert.equal(element.querySelectorAll(".marked-line").length, 0);
});

test("left is the patient's left in Urdu too", async () => {
  const element = await list("", "rtl");
  choose(place(element, "arm left"), "all");
  assert.equal(element.input.value, "body-1;::0-1=100");
});

test("what is drawn on the body changes the list", async () => {
  const element = await list();
  element.chart.value = "body-1;::2-3=100";
  element.chart.dispatchEvent(new Event("input", { bubbles: true }));
  assert.equal(place(element, "back midline").value, "half");
  assert.equal(element.input.value, "body-1;::2-3=100");
});

test("a list that is moved in the page works as before", async () => {
  const element = await list("body-1;::0-1=100");
  const field = element.closest(".drawing-field");
  move(field, document.body.appendChild(document.createElement("form")));
  await soon();
  assert.equal(place(element, "arm left").value, "all");
  choose(place(element, "arm right"), "all");
  assert.equal(element.input.value, "body-1;::0-1=100,4-5=100");
  assert.equal(element.querySelectorAll(".marked-line").length, 2);
  move(element, field); // alone, within its field
  await soon();
  choose(place(element, "arm left"), "none");
  assert.equal(element.input.value, "body-1;::4-5=100");
  field.closest("form").dispatchEvent(new Event("draft-restored"));
  assert.equal(place(element, "arm right").value, "all");
});

test("a list that comes into another field follows that one", async () => {
  const element = await list("body-1;::0-1=100");
  const former = element.input;
  const other = document.createElement("div");
  other.className = "drawing-field";
  other.innerHTML = '<body-chart value="body-1;::4-5=100"></body-chart><input data-drawing-text value="body-1;::4-5=100">';
  document.body.append(other);
  move(element, other);
  await soon();
  choose(place(element, "back midline"), "all");
  assert.equal(other.querySelector("input").value, "body-1;::2-7=100");
  assert.equal(former.value, "body-1;::0-1=100", "the field it left is left alone");
});

test("a draft that comes back is shown", async () => {
  const element = await list();
  element.input.value = "body-1;::4-5=100";
  document.querySelector("form").dispatchEvent(new Event("draft-restored"));
  assert.equal(place(element, "arm right").value, "all");
});

test("words find places, Enter goes to the first and doesn't send the form", async () => {
  const element = await list();
  const search = element.querySelector("[data-search-words]");
  enter(search, "right ARM");
  assert.deepEqual([...element.querySelectorAll("[data-group] li")].map((row) => row.hidden), [true, false, true]);
  assert.ok(press(search, "Enter").defaultPrevented);
  assert.equal(document.activeElement, place(element, "arm right"));
  enter(search, "knee");
  assert.equal(element.querySelector("[data-found]").textContent, "Nothing");
});

test("without the regions the fields keep their names, so that the server reads them", async () => {
  online = false;
  const element = await list();
  assert.equal(place(element, "arm left").name, "p-arm left");
  const before = asked;
  online = true;
  move(element, element.closest(".drawing-field"));
  await soon();
  assert.equal(asked, before + 1, "the connection may be back");
  choose(place(element, "arm left"), "all");
  assert.equal(element.input.value, "body-1;::0-1=100");
});

test("with them only one field is sent", async () => {
  const element = await list();
  assert.equal(element.querySelectorAll("[name]").length, 0);
});

test("a list made by script outside a field does nothing", async () => {
  page("<main></main>").append(document.createElement("body-list"));
  await soon();
});
