import assert from "node:assert/strict";
import { test } from "node:test";
import { document, page } from "./dom.js";
import "../filiform/prepare.js";

// --- <keep-aside> -----------------------------------------------------------------------------------
const half = () => page(`<keep-aside><form action="/my/prepare/"><input name="text" value="War"></form></keep-aside>`);

// The page is put away: what stands half told goes out as it is.
const putAway = (state = "hidden") => {
  const sent = [];
  const navigator = { sendBeacon: (address, data) => sent.push([new URL(address, "http://here").pathname, data]) };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
  return sent;
};

test("what is half told is sent when the phone is put away, once", () => {
  const element = half();
  element.querySelector("input").dispatchEvent(new Event("input", { bubbles: true }));
  const [[address, data]] = putAway();
  assert.equal(address, "/my/prepare/");
  assert.equal(data.get("kept-aside"), "yes");
  assert.equal(data.get("text"), "War");
  assert.equal(putAway().length, 0);
  element.remove();
});

test("nothing is sent of an untouched form, of one on its way, or of a page that is gone", () => {
  const element = half();
  assert.equal(putAway().length, 0);
  const input = element.querySelector("input");
  input.dispatchEvent(new Event("input", { bubbles: true }));
  assert.equal(putAway("visible").length, 0);
  element.querySelector("form").dispatchEvent(new Event("submit", { cancelable: true }));
  assert.equal(putAway().length, 0);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  element.remove();
  assert.equal(putAway().length, 0);
});

// --- <name-box> -------------------------------------------------------------------------------------
const box = () => page(`<form><input name="csrfmiddlewaretoken" value="t"><name-box data-suggest="/suggest/">
  <input id="text"><div class="suggested"></div></name-box></form>`).querySelector("name-box");

test("a name that is offered and tapped stands in the field", async () => {
  const element = box();
  globalThis.fetch = async (address, { body }) => {
    assert.equal(address, "/suggest/");
    assert.equal(body.get("text"), "warf");
    return { ok: true, text: async () => '<button type="button" data-text="Warfarin">Warfarin</button>' };
  };
  element.input.value = "warf";
  await element.ask();
  element.querySelector("button").click();
  assert.equal(element.input.value, "Warfarin");
});

test("an answer to an older question, a short text or a dead line offers nothing", async () => {
  const element = box();
  globalThis.fetch = async () => ({ ok: true, text: async () => { element.input.value = "aspi"; return "<button>Warfarin</button>"; } });
  element.input.value = "warf";
  await element.ask();
  assert.equal(element.querySelector("button"), null);
  globalThis.fetch = async () => { throw new TypeError("offline"); };
  await element.ask();
  assert.equal(element.querySelector("button"), null);
  element.place.innerHTML = "<button>Aspirin</button>";
  element.input.value = "a";
  await element.ask();
  assert.equal(element.querySelector("button"), null);
});
