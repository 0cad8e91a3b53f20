import assert from "node:assert/strict";
import { test } from "node:test";
import { document, enter, page, window } from "./dom.js";
import { Draft, putBack, restore } from "../filiform/drafts.js";

const FORM = `<div><form data-draft="story-1"><textarea name="words"></textarea><input name="since" value="">
  <input type="checkbox" name="worse" value="stairs"><input type="checkbox" name="worse" value="sitting">
  <select name="side"><option value="left">l</option><option value="right">r</option></select>
  <input name="goal"><input name="goal"><input name="drawing" value="b1" hidden>
  <p data-draft-note hidden></p><div data-draft-back hidden><button type="button">b</button></div></form></div>`;
const DRAFT = { words: ["an old word"], since: ["May"], worse: ["sitting"], side: ["right"], goal: ["a", "b"], drawing: ["b1:3"] };

function up() {
  page(FORM);
  const form = document.querySelector("form");
  return { form, field: (name) => form.querySelector(`[name=${name}]`) };
}

test("an untouched form takes the whole draft, each of several fields of a name its own", () => {
  const { form, field } = up();
  const { changed, waiting } = restore(form, DRAFT);
  assert.ok(changed);
  assert.equal(waiting.size, 0);
  assert.deepEqual(["words", "since", "side", "drawing"].map((one) => field(one).value), ["an old word", "May", "right", "b1:3"]);
  assert.deepEqual([...form.querySelectorAll("[name=worse]")].map((one) => one.checked), [false, true]);
  assert.deepEqual([...form.querySelectorAll("[name=goal]")].map((one) => one.value), ["a", "b"]);
});

test("an element of our own among the fields, as a chart is, counts as touched only once it was", () => {
  const { form, field } = up();
  const chart = Object.assign(document.createElement("p"), { name: "drawing", type: undefined, value: "b1" });
  chart.setAttribute("value", "b1");
  Object.defineProperty(form, "elements", { value: [field("drawing"), chart] }); // happy-dom lists no such element
  assert.equal(restore(form, DRAFT).waiting.size, 0);
  assert.deepEqual([field("drawing").value, chart.value], ["b1:3", "b1:3"]);

  chart.value = field("drawing").value = "b1:7";
  const { waiting } = restore(form, DRAFT);
  assert.deepEqual(waiting.get("drawing"), ["b1:3"]);
  assert.equal(chart.value, "b1:7", "what was drawn meanwhile stands");
});

test("what is being typed stands alone; the draft's text waits, and each tap changes the two", () => {
  const { form, field } = up();
  field("words").value = "new";
  const { changed, waiting } = restore(form, DRAFT);
  assert.ok(changed, "the other fields came back");
  assert.equal(field("words").value, "new");
  assert.equal(field("since").value, "May");
  assert.deepEqual([...waiting.keys()], ["words"]);
  putBack(form, waiting);
  assert.equal(field("words").value, "an old word");
  putBack(form, waiting);
  assert.equal(field("words").value, "new");
});

test("nothing waits where the same was typed again, or where the draft was empty", () => {
  for (const [typed, kept] of [["same", "same"], ["new", ""]]) {
    const { form, field } = up();
    field("words").value = typed;
    assert.equal(restore(form, { ...DRAFT, words: [kept] }).waiting.size, 0);
    assert.equal(field("words").value, typed);
  }
});

test("both are kept with the draft: a page that is closed before one was chosen offers it again", async () => {
  const { form, field } = up();
  const sent = [];
  globalThis.fetch = (_address, options) => {
    if (options.method === "PUT") { sent.push(JSON.parse(options.body)); return Promise.resolve({ status: 204 }); }
    return Promise.resolve({ status: 200, json: () => Promise.resolve({ fields: DRAFT }) });
  };
  field("words").value = "new";
  await new Draft(form, "t").begin();
  assert.equal(form.querySelector("[data-draft-back]").hidden, false);
  await new Promise((resolve) => { setTimeout(resolve, 750); });
  assert.deepEqual([sent[0].words, sent[0]["put-back:words"]], [["new"], ["an old word"]]);

  const again = up();
  const { waiting } = restore(again.form, sent[0]);
  assert.equal(again.field("words").value, "new");
  assert.deepEqual(waiting.get("words"), ["an old word"]);
});

test("who leaves before the quiet time is over, or while there is no line, loses nothing", async () => {
  const { form, field } = up();
  const sent = [];
  let line = true;
  globalThis.fetch = (_address, options) => {
    if (options.method !== "PUT") return Promise.resolve({ status: 204 });
    if (!line) return Promise.reject(new TypeError("no line"));
    sent.push(JSON.parse(options.body).words[0]);
    return Promise.resolve({ status: 204 });
  };
  const draft = new Draft(form, "t");
  await draft.begin();
  const leave = () => window.dispatchEvent(new Event("pagehide"));
  leave();
  assert.deepEqual(sent, [], "an untouched form keeps nothing");
  enter(field("words"), "half a word");
  leave();
  assert.deepEqual(sent, ["half a word"]);
  leave();
  assert.equal(sent.length, 1, "nor what was sent already");
  line = false;
  enter(field("words"), "a whole word");
  await draft.now();
  assert.ok(draft.timer, "it is tried again");
  line = true;
  leave();
  assert.deepEqual(sent, ["half a word", "a whole word"]);
  enter(field("words"), "a sentence");
  form.dispatchEvent(new Event("submit"));
  leave();
  assert.equal(sent.length, 2, "a form that was sent keeps none");
});
