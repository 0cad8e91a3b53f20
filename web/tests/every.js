// Every element's tests in one process, file after file: loading the page's stand-in anew for each
// takes ten times as long as the tests do. A file finds the page empty and the globals as they were;
// only its beforeEach goes on in the files after it, and may therefore set what is the file's own alone.

import { readdirSync } from "node:fs";
import { test } from "node:test";
import { document } from "./dom.js";

const folder = new URL(".", import.meta.url);

function putBack(usual) {
  document.body.replaceChildren(); // what ticks or asks in a page ends with it
  for (const [name, was] of Object.entries(usual)) {
    if (was.configurable) Object.defineProperty(globalThis, name, was);
  }
}

for (const name of readdirSync(folder).filter((one) => one.endsWith(".test.js")).sort()) {
  const usual = Object.getOwnPropertyDescriptors(globalThis);
  await import(new URL(name, folder));
  // Tests run in the order in which they were made: this one comes when the file's own are over.
  await test(`${name} leaves the globals as they were`, () => putBack(usual));
}
// A clock that ticks in the page would hold the process.
await document.defaultView.happyDOM.abort();
