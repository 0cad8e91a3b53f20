// What the treatment page's service worker keeps for a reload without a line (treatment/worker.js) is
// of one member. It is wiped by signing out and locking, and by any page that is of somebody else.
// Acts that still wait are not pages: they stay until they are sent (treatment/store.js).
// The key that opens them goes with them (treatment/sealing.js).

import "./treatment/sealing.js";

const PREFIX = "filiform-treatment-";

export async function wipeKeptPages(but = "") {
  if (!globalThis.caches) return; // not over HTTPS: then nothing is kept either
  await globalThis.filiformSealing.forget(but); // first of all: without it the rest is noise
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== `${PREFIX}${but}` && !(but && name === `${PREFIX}files`));
  await Promise.all(others.map((name) => caches.delete(name)));
}

// A page that says of whom it is: "" means that nobody is signed in.
const { member } = document.body.dataset;
if (member !== undefined) wipeKeptPages(member).catch(() => {});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!globalThis.caches || event.defaultPrevented || !form.matches("[data-wipes]") || form.dataset.wiped) return;
  event.preventDefault();
  form.dataset.wiped = "yes";
  wipeKeptPages().catch(() => {}).finally(() => form.submit());
}, { capture: true });
