// What the treatment page's service worker keeps for a reload without a line (treatment/worker.js) is
// of one member. It is wiped by signing out and locking, and by any page that is of somebody else.
// Acts that still wait are not pages: they stay, sealed, until they are sent (treatment/store.js).
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

// Acts of this member that wait on this tablet: by visit, the oldest first. Nothing is opened for that.
async function waitingHere() {
  if (!globalThis.indexedDB || !(await indexedDB.databases?.())?.some((one) => one.name === "filiform-acts")) return [];
  const database = await new Promise((resolve, reject) => {
    const opening = indexedDB.open("filiform-acts");
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  try {
    return await new Promise((resolve, reject) => {
      const asking = database.transaction("acts").objectStore("acts").getAll();
      asking.onsuccess = () => resolve(asking.result.filter((row) => (!member || row.member === member) && ["waiting", "refused"].includes(row.state)));
      asking.onerror = () => reject(asking.error);
    });
  } finally { database.close(); }
}

function leave(form) {
  form.dataset.wiped = "yes";
  wipeKeptPages().catch(() => {}).finally(() => form.submit());
}

// Who signs out while acts wait is told so: they can be sent now, or stay sealed until the next sign-in.
function warn(form, rows) {
  const dialog = form.querySelector("template[data-left]").content.firstElementChild.cloneNode(true);
  dialog.querySelector("[data-count]").textContent = String(rows.length);
  dialog.querySelector("[data-send]").href = `/visits/${rows[0].treatment}/treat/`;
  dialog.querySelector("[data-stay]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-leave]").addEventListener("click", () => leave(form));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-wipes]") || form.dataset.wiped) return;
  event.preventDefault();
  const rows = form.querySelector("template[data-left]") ? await waitingHere().catch(() => []) : [];
  if (rows.length) warn(form, rows); else leave(form);
}, { capture: true });
