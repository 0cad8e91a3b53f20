import assert from "node:assert/strict";
import { test } from "node:test";
import { document, move, page } from "./dom.js";

await import("../filiform/alarm-bell.js");

const settled = () => new Promise((resolve) => { setTimeout(resolve, 10); });

const elsewhere = () => document.body.appendChild(document.createElement("div"));

// The line to the server: what it is asked with, and what it answers.
const line = (answers) => {
  const asked = [];
  globalThis.fetch = async (_address, { headers }) => {
    asked.push(headers);
    const answer = answers.shift();
    if (answer === "cut") throw new TypeError("no line");
    return {
      ok: Boolean(answer),
      headers: new Map([["ETag", "\"seen\""]]),
      json: async () => answer,
    };
  };
  return asked;
};

const bell = async () => {
  document.title = "Today";
  page(`<alarm-bell data-ask="/alarms/" data-title="Alarm" data-one="One message" data-many="Several">
    <button data-turn-on hidden>Bell</button><a class="ringing" hidden><span></span></a></alarm-bell>`);
  await settled();
  const element = document.querySelector("alarm-bell");
  return { element, bar: element.querySelector(".ringing") };
};

// <alarm-bell>
test("it rings in the bar and the title until somebody has taken the message", async () => {
  line([{ ringing: 1, open: "/inbox/7/" }, { ringing: 0, open: "/inbox/" }]);
  const { element, bar } = await bell();
  assert.equal(bar.hidden, false);
  assert.equal(bar.getAttribute("href"), "/inbox/7/");
  assert.equal(bar.textContent.trim(), "One message");
  assert.equal(document.title, "● Alarm (1)");
  await element.ask();
  assert.equal(bar.hidden, true);
  assert.equal(document.title, "Today");
  element.remove();
});

test("a line that is cut silences nothing", async () => {
  line([{ ringing: 2, open: "/inbox/" }, "cut"]);
  const { element, bar } = await bell();
  await element.ask();
  assert.equal(bar.hidden, false);
  assert.equal(bar.textContent.trim(), "Several");
  element.remove();
  assert.equal(document.title, "Today");
});

test("what has been heard already is asked for by its tag, so that the answer is short", async () => {
  const asked = line([{ ringing: 0, open: "/inbox/" }, undefined]);
  const { element } = await bell();
  await element.ask();
  assert.deepEqual(asked, [{}, { "If-None-Match": "\"seen\"" }]);
  element.remove();
});

test("an answer that comes after it was taken out of the page rings nowhere", async () => {
  line([{ ringing: 0, open: "/inbox/" }, { ringing: 1, open: "/inbox/7/" }]);
  const { element } = await bell();
  const asked = element.ask();
  element.remove();
  await asked;
  assert.equal(element.ring, undefined);
  assert.equal(document.title, "Today");
});

test("moved in the page, it goes on ringing", async () => {
  line([{ ringing: 1, open: "/inbox/" }, { ringing: 1, open: "/inbox/" }]);
  const { element, bar } = await bell();
  move(element, elsewhere());
  await settled();
  assert.equal(bar.hidden, false);
  assert.match(document.title, /Alarm/u);
  element.remove();
});
