import assert from "node:assert/strict";
import { test } from "node:test";
import { document, page } from "./dom.js";

page("");
const { FinishHere } = await import("../filiform/treatment/finish-here.js");

const words = { counted: "counted %(opened)s", miscounted: "%(used)s used, %(in_bin)s in the bin: look", wishKept: "wish" };
const countOf = (act) => ({ act_id: "c", state: "waiting", act: { kind: "count", at: "2026-11-28T10:09:00Z", ...act } });

// inside: needles in the patient; out: needles that were taken out, by taps that wait or by the server.
function shown({ inside = 0, out = 2, up = false, rows = [], servers = false }) {
  const tiles = '<div class="needle leaving"></div>'.repeat(out) + '<div class="needle"></div>'.repeat(inside);
  const room = page(`<div><b data-needles-in>${inside}</b><div class="targets">${tiles}</div>${servers ? '<div class="finish"></div>' : ""}</div>`);
  const template = document.createElement("template");
  template.id = "finish-template";
  template.innerHTML = '<div class="finish finish-here"><p data-counted hidden></p><p data-wished hidden></p></div>';
  room.append(template);
  const finish = new FinishHere({ room, words, line: { up }, queue: { rows, open: rows, wish: undefined }, wants: () => {} });
  finish.show();
  return { room, finish };
}

test("the count is offered without a line when every needle is out, and only then", () => {
  const cases = [[{}, true], [{ up: true }, false], [{ inside: 1 }, false], [{ out: 0 }, false], [{ servers: true }, false]];
  for (const [given, offered] of cases) {
    assert.equal(Boolean(shown(given).room.querySelector(".finish-here")), offered, JSON.stringify(given));
  }
});

test("a count that does not agree with the taps is told at once, while the patient is there", () => {
  const cases = {
    "agrees": [{ opened: "2", in_bin: "2" }, false], "one opened and unused, in the bin": [{ opened: "3", in_bin: "3", unused: "1" }, false],
    "one missing": [{ opened: "2", in_bin: "1" }, true], "one more than tapped": [{ opened: "3", in_bin: "3" }, true],
    "one broken": [{ opened: "2", in_bin: "2", broken: "1" }, true],
  };
  for (const [how, [act, danger]] of Object.entries(cases)) {
    const says = shown({ rows: [countOf(act)] }).room.querySelector("[data-counted]");
    assert.equal(says.classList.contains("danger"), danger, how);
    assert.equal(says.hidden, false);
  }
});
