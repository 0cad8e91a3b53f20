// The red button: what to do is on the tablet already, so it comes without a line, and every tap is
// an act in the same queue. A guide is a template of the page; the server shows the same one as long as
// the event runs.

import { age } from "./needle-clock.js";

const TEMPLATE_ID = "00000000-0000-4000-8000-000000000000";
const VITALS = ["pulse", "pressure", "saturation", "consciousness"];
const secondsSince = (iso) => Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000)) || 0;

export function showGuide(act) {
  const template = document.querySelector(`template[data-guide="${CSS.escape(act.event_kind)}"]`);
  const place = document.getElementById("guide-place");
  if (!template || !place || place.querySelector(`[data-event="${CSS.escape(act.act_id)}"]`)) return;
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll(TEMPLATE_ID, act.act_id);
  age(holder, secondsSince(act.at));
  place.replaceChildren(holder.firstElementChild);
  const room = document.getElementById("emergency");
  room.classList.add("running");
  room.querySelector("#emergency-title").lastChild.textContent = ` ${template.dataset.name}`;
  room.querySelector(".emergency-kinds").hidden = true;
  room.scrollTop = 0;
}

const guideOf = (act) => document.querySelector(`.guide[data-event="${CSS.escape(act.event)}"]`);
const chosen = (guide, name, value) => guide.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`);

export const EMERGENCY_SHOWN = {
  "event": showGuide,
  "event-step": (act) => { const guide = guideOf(act); if (guide) chosen(guide, "step", act.step)?.classList.add("on"); },
  "vitals": (act) => {
    const guide = guideOf(act);
    for (const name of VITALS) {
      const place = act[name] && guide?.querySelector(`[data-value="${name}"]`);
      if (place) place.textContent = chosen(guide, name, act[name])?.textContent ?? act[name];
    }
  },
  "called": (act) => {
    const place = guideOf(act)?.querySelector('[data-value="called"]');
    const word = place && chosen(guideOf(act), "called", act.called)?.textContent;
    if (word && !place.textContent.includes(word)) place.textContent = `${place.textContent} ${word}`.trim();
  },
  "event-end": (act) => {
    if (!guideOf(act)) return;
    document.getElementById("guide-place").replaceChildren();
    document.getElementById("emergency").classList.remove("running");
    document.querySelector(".emergency-kinds").hidden = false;
  },
};

// Links without script; with it the overlay stays while the moving part is swapped.
export function beginEmergency(room) {
  const show = (open) => {
    room.classList.toggle("in-emergency", open);
    room.classList.toggle("not-in-emergency", !open);
    if (open) { room.classList.remove("stopping"); document.getElementById("emergency")?.focus({ preventScroll: true }); }
  };
  document.addEventListener("click", (event) => {
    const opens = event.target.closest("#wrong");
    const closes = event.target.closest("[data-closes-emergency], #stop-only");
    if (!opens && !closes) return;
    event.preventDefault();
    show(Boolean(opens));
    if (closes?.id === "stop-only") { room.classList.add("stopping"); room.classList.remove("not-stopping"); document.getElementById("all-out")?.focus(); }
  });
  // Two taps for a vital sign: which, and how much. Then its list makes way.
  document.addEventListener("submit", (event) => {
    const list = event.target.closest("details.vital");
    if (list) list.open = false;
    if (event.target.closest("details.over")) show(false);
  });
}
