// The visits that this tablet takes along. Opening the page with a line fetches the pages of each visit
// anew, one after another; the service worker keeps them sealed (treatment/worker.js).

const list = document.getElementById("on-tablet");
const LONGEST_MS = 60_000;

function ask(active, path, member) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data.taken);
    setTimeout(resolve, LONGEST_MS, false);
    active.postMessage({ take: path, member }, [port2]);
  });
}

function say(row, taken) {
  const tag = row.querySelector("[data-taken]");
  tag.textContent = taken ? tag.dataset.yes : tag.dataset.no;
  tag.classList.toggle("good", taken);
  tag.classList.toggle("danger", !taken);
}

async function takeAlong() {
  const { member } = list.dataset;
  await navigator.serviceWorker.register("/visits/worker.js", { scope: "/visits/" });
  const { active } = await navigator.serviceWorker.ready;
  await ask(active, location.pathname, member);
  for (const row of list.querySelectorAll("[data-visit]")) {
    let taken = true;
    for (const link of row.querySelectorAll("[data-page]")) taken = await ask(active, new URL(link.href).pathname, member) && taken;
    taken = await ask(active, row.dataset.ready, member) && taken;
    say(row, taken);
  }
  list.dataset.done = "yes";
}

// A kept list was taken along whole or not: what lies here is asked of the tablet, not remembered.
async function look() {
  const { member } = list.dataset;
  const store = await caches.open(`filiform-treatment-${member}`);
  for (const row of list.querySelectorAll("[data-visit]")) {
    const paths = [...[...row.querySelectorAll("[data-page]")].map((link) => new URL(link.href).pathname), row.dataset.ready];
    say(row, (await Promise.all(paths.map((path) => store.match(path)))).every(Boolean));
  }
}

const kept = list.dataset.keptFor !== "0";
list.querySelector("[data-no-line]").hidden = !kept;
if (!navigator.serviceWorker || !globalThis.caches) list.querySelector("[data-unable]").hidden = false;
else (kept ? look() : takeAlong()).catch(() => { list.querySelector("[data-unable]").hidden = false; });
