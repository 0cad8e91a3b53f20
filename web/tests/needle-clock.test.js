import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { document, move, page } from "./dom.js";

let now = 1_000_000;
performance.now = () => now;
// The page's own ticking is left out: a test moves the time and asks for the look.
globalThis.setInterval = () => 0;
await import("../filiform/treatment.js");

const clock = (seconds) => page(`<needle-clock seconds="${seconds}"></needle-clock>`);
beforeEach(() => { now = 1_000_000; });

test("seconds are shown as a clock", () => {
  for (const [seconds, text] of [["0", "0:00"], ["9", "0:09"], ["95", "1:35"], ["3600", "1:00:00"], ["4505", "1:15:05"], ["", "0:00"]]) {
    assert.equal(clock(seconds).textContent, text, seconds);
  }
});

test("it counts on from what the server gave", () => {
  const element = clock("95");
  now += 10_400;
  element.show();
  assert.equal(element.textContent, "1:45");
});

test("a clock that is moved in the page goes on", () => {
  const element = clock("95");
  now += 60_000;
  move(element, document.body.appendChild(document.createElement("div")));
  assert.equal(element.textContent, "2:35", "a needle is not younger because its card was moved");
});

test("the server's next answer sets it again", () => {
  const element = clock("95");
  now += 60_000;
  element.setAttribute("seconds", "200");
  assert.equal(element.textContent, "3:20");
});

test("a clock that is gone is not kept", () => {
  const element = clock("5");
  const { all } = element.constructor;
  assert.ok(all.has(element));
  element.remove();
  assert.ok(!all.has(element));
});

test("a clock made by script without seconds starts at nought", () => {
  const element = document.createElement("needle-clock");
  page("<main></main>").append(element);
  assert.equal(element.textContent, "0:00");
});
