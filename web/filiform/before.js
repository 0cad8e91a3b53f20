// Before the first needle: the moment of every tap, and the rest in one. Who the patient is and
// whether anything changed are never part of it.
// Without a line the start is an act that waits on this tablet, and the page goes on to the treatment
// page as it is at its first moment, if that lies here.
import { openStore } from "./treatment/store.js";
import { newId } from "./treatment/ids.js";

const PROBE_MS = 4000;
const form = document.querySelector("[data-before]");
if (form) {
  const stamp = (box) => {
    const name = `at-${box.name}`;
    form.querySelector(`input[name="${name}"]`)?.remove();
    if (!box.checked) return;
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value: new Date().toISOString() });
    form.append(field);
  };
  form.addEventListener("change", (event) => { if (event.target.type === "checkbox") stamp(event.target); });
  const rest = form.querySelector("[data-rest]");
  rest.hidden = false;
  rest.addEventListener("click", () => {
    for (const box of form.querySelectorAll("input[type=checkbox]:not([data-alone])")) {
      if (!box.checked) { box.checked = true; stamp(box); }
    }
  });

  const { member, visit, ready } = form.dataset;
  const worker = navigator.serviceWorker;
  const store = openStore();
  const goOn = () => location.assign(ready);
  // A start that waits here already: the page of the needles is the one to be on.
  const isMyStart = (row) => row.member === member && row.act.kind === "start";
  store.then((acts) => acts.all(visit)).then((rows) => { if (rows.some(isMyStart)) goOn(); }).catch(() => {});

  // Opened with a line, the next page is fetched for the case that it dies before the start.
  if (worker && form.dataset.keptFor === "0") {
    worker.register("/visits/worker.js", { scope: "/visits/" }).then(() => worker.ready).then(({ active }) => {
      for (const path of [location.pathname, ready]) active.postMessage({ take: path, member });
    }).catch(() => {});
  }

  const lineIsUp = async () => {
    const how = { method: "HEAD", redirect: "manual", headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(PROBE_MS) };
    const answer = await fetch(location.pathname, how).catch(() => null);
    return answer !== null && ![502, 503, 504].includes(answer.status);
  };
  const liesHere = async () => Boolean(globalThis.caches && await (await caches.open(`filiform-treatment-${member}`)).match(ready));

  async function begin() {
    if (await lineIsUp()) { form.submit(); return; }
    const says = form.querySelector("[data-says]");
    if (!(await liesHere())) { says.textContent = form.dataset.notHere; says.hidden = false; return; }
    const act = { act_id: newId(), kind: "start", at: new Date().toISOString() };
    for (const [name, value] of new FormData(form)) if (!["csrfmiddlewaretoken", "list"].includes(name)) act[name] = value;
    await (await store).add({ act_id: act.act_id, treatment: visit, member, act, where: "", state: "waiting" });
    goOn();
  }
  let beginning = false; // a second tap begins nothing twice
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (beginning) return;
    beginning = true;
    begin().catch(() => {}).finally(() => { beginning = false; });
  });
}
