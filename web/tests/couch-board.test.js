import assert from "node:assert/strict";
import { test } from "node:test";
import { document, page } from "./dom.js";

// A stream that a test speaks through.
const streams = [];
class Stream {
  constructor(address) { Object.assign(this, { address, readyState: 1, listeners: {} }); streams.push(this); }

  addEventListener(kind, listener) { this.listeners[kind] = listener; }

  say(data) { this.listeners.board({ data }); }

  close() { this.readyState = 2; }
}
globalThis.EventSource = Stream;
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
// The clocks of all needles go on for as long as a page is open; here they end with the test.
const every = globalThis.setInterval;
globalThis.setInterval = (...words) => every(...words).unref();
await import("../filiform/couch-board.js");

const board = () => page('<div><couch-board data-events="/couches/events/"><p>empty</p></couch-board><p data-no-line hidden>old</p></div>')
  .querySelector("couch-board");

test("what the stream says takes the place of what was shown", () => {
  const element = board();
  const stream = streams.at(-1);
  assert.equal(stream.address, "/couches/events/");
  stream.say("<p>A. K., 3 needles</p>");
  assert.equal(element.textContent, "A. K., 3 needles");
  element.remove();
});

test("taken out of the page it listens no longer", () => {
  const element = board();
  const stream = streams.at(-1);
  element.remove();
  assert.equal(stream.readyState, 2);
});

test("with the stream gone the page is asked for again, and a line says when that fails too", async () => {
  const element = board();
  streams.at(-1).readyState = 2;
  element.heard = 0;
  globalThis.fetch = () => Promise.reject(new Error("no line"));
  await element.watch();
  assert.equal(document.querySelector("[data-no-line]").hidden, false);
  globalThis.fetch = async () => ({ ok: true, text: async () => "<couch-board><p>B. M., 1 needle</p></couch-board>" });
  await element.watch();
  assert.equal(element.textContent, "B. M., 1 needle");
  assert.equal(document.querySelector("[data-no-line]").hidden, true);
  element.remove();
});
