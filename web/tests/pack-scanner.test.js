import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./dom.js";

await import("../filiform/pack-scanner.js");

const turn = () => new Promise((resolve) => { setTimeout(resolve, 0); });
const scanner = () => page(`<form><pack-scanner module="/nowhere.js" wasm="/reader.wasm" starts="Scan" stops="Stop" none="No camera.">
  <div class="field"><label for="scan">Scan</label><input id="scan" name="scan"></div></pack-scanner></form>`).querySelector("pack-scanner");

test("without a camera it says so, and the field stays", async () => {
  const element = scanner();
  element.querySelector("button").click();
  await turn();
  await turn();
  assert.equal(element.querySelector("[role=status]").textContent, "No camera.");
  assert.equal(element.querySelector("button").textContent, "Scan");
});

test("what was read fills the field whole and sends the form", () => {
  const element = scanner();
  let sent = 0;
  element.closest("form").requestSubmit = () => { sent += 1; };
  element.read("0108712345000011\u001d10L1");
  assert.equal(element.querySelector("input").value, "0108712345000011\u001d10L1");
  assert.equal(sent, 1);
});

test("a second tap opens no second camera, and one that comes too late is stopped", async () => {
  const element = scanner();
  const usual = globalThis.navigator;
  let opened = 0;
  let stopped = 0;
  const stream = { getTracks: () => [{ stop: () => { stopped += 1; } }] };
  const mediaDevices = { getUserMedia: async () => { opened += 1; await turn(); return stream; } };
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices }, configurable: true });
  element.detector = { detect: async () => [] };
  element.querySelector("button").click();
  element.querySelector("button").click();
  element.remove();
  await turn();
  await turn();
  Object.defineProperty(globalThis, "navigator", { value: usual, configurable: true, writable: true });
  assert.deepEqual([opened, stopped], [1, 1]);
  assert.equal(element.querySelector("video"), null);
});
