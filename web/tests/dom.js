// A page for the elements, without a browser: happy-dom, and what it lacks.

import { Window } from "happy-dom";

export const window = new Window({ url: "http://clinic.test/" });

// happy-dom knows no form-associated elements: what they would send is kept where a test can ask.
class Internals {
  constructor(element) { this.element = element; this.sent = undefined; }

  get form() { return this.element.closest("form"); }

  setFormValue(value) { this.sent = value; }
}
if (!("attachInternals" in window.HTMLElement.prototype)) {
  window.HTMLElement.prototype.attachInternals = function attach() { return new Internals(this); };
}

export const watched = new Set(); // what is observed at this moment
class Watcher {
  constructor(tell) { this.tell = tell; this.all = new Set(); }

  observe(element) { this.all.add(element); watched.add(this); }

  disconnect() { this.all.clear(); watched.delete(this); }
}

export const schemes = { listeners: new Set() };
function matchMedia() {
  return {
    matches: false,
    addEventListener: (_kind, listener) => schemes.listeners.add(listener),
    removeEventListener: (_kind, listener) => schemes.listeners.delete(listener),
  };
}

export const painted = []; // calls to a canvas
const brush = new Proxy({}, { get: (_, name) => (...words) => painted.push([name, ...words]), set: () => true });
window.HTMLCanvasElement.prototype.getContext = () => brush;
window.HTMLElement.prototype.scrollIntoView = () => {};
window.HTMLElement.prototype.setPointerCapture = () => {};

Object.assign(window, { ResizeObserver: Watcher, IntersectionObserver: Watcher, matchMedia });
for (const name of [
  "document", "HTMLElement", "customElements", "Event", "CustomEvent", "KeyboardEvent", "MouseEvent", "FormData", "Node",
  "DOMParser", "MutationObserver", "ResizeObserver", "IntersectionObserver", "matchMedia", "getComputedStyle",
  "requestAnimationFrame", "cancelAnimationFrame", "location", "sessionStorage", "AbortController", "AbortSignal",
]) {
  const value = window[name];
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
globalThis.addEventListener = window.addEventListener.bind(window);
globalThis.CSS ??= { escape: (text) => text.replace(/["\\]/g, "\\$&") };
globalThis.devicePixelRatio = 1;

export const { document } = window;

// Puts a page up and returns its first element.
export function page(html, direction = "ltr") {
  document.documentElement.dir = direction;
  // As a browser's parser of fragments does: an element comes into the page with its children.
  const holder = document.createElement("div");
  holder.innerHTML = html;
  document.body.replaceChildren(...holder.childNodes);
  return document.body.firstElementChild;
}

export function move(element, to) {
  element.remove();
  to.append(element);
}

export function press(element, key, more = {}) {
  const event = new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  element.dispatchEvent(event);
  return event;
}

export function enter(field, value) {
  field.value = value;
  field.dispatchEvent(new window.Event("input", { bubbles: true }));
}

export function choose(select, value) {
  select.value = value;
  select.dispatchEvent(new window.Event("change", { bubbles: true }));
}

export const soon = (ms = 0) => new Promise((resolve) => { setTimeout(resolve, ms); });
