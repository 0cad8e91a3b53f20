// The moving part of the treatment page: taken from the server, and what was tapped shown over it.

import { showCount } from "../counts.js";
import { announce } from "../filiform.js";
import { age } from "./needle-clock.js";

const TEMPLATE_ID = "00000000-0000-4000-8000-000000000000";
const secondsSince = (iso) => Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000)) || 0;

export const needleOf = (id) => document.querySelector(`[data-needle="${CSS.escape(id ?? "")}"]`);
export const listOf = (target) => document.querySelector(`[data-needles-of="${CSS.escape(target ?? "")}"]`);
export const cardOf = (act) => (needleOf(act.needle) ?? listOf(act.target))?.closest(".target") ?? null;
export const muscleOf = (act) => cardOf(act)?.querySelector("h2")?.textContent.trim() ?? "";

// --- the server's answer takes the place of the moving part. What somebody is typing stays ------------
export function swap(html, agedS = 0) {
  const old = document.getElementById("treatment");
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("treatment");
  if (!fresh) return false;
  const typed = [...old.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((field) => field.id && changed(field));
  const open = [...old.querySelectorAll("details[open]")].map((part) => part.querySelector("[id]")?.id ?? part.id).filter(Boolean);
  const focused = document.activeElement?.id;
  const scrolled = old.querySelector(".all-out")?.scrollTop ?? 0;
  age(fresh, agedS);
  old.replaceWith(document.adoptNode(fresh));
  for (const was of typed) {
    const now = document.getElementById(was.id);
    if (!now || now.type === "password") continue;
    if (was.type === "checkbox" || was.type === "radio") now.checked = was.checked; else now.value = was.value;
  }
  for (const id of open) { const part = document.getElementById(id)?.closest("details"); if (part) part.open = true; }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  const over = fresh.querySelector(".all-out");
  if (over) over.scrollTop = scrolled;
  const says = fresh.querySelector("[data-announce]");
  announce(says ? says.dataset.announce : `${fresh.dataset.in} ${fresh.querySelector(".needles-now span:last-child")?.textContent ?? ""}`);
  window.htmx?.process?.(fresh);
  return true;
}
function changed(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

// --- what was tapped is shown at once, marked as not saved --------------------------------------------
// So a needle put in without a network can be worked and taken out without one.
function moveNumber(by) {
  const number = document.querySelector("[data-needles-in]");
  showCount(number, Math.max(0, Number(number.textContent) + by));
  number.closest(".treatment-bar").classList.toggle("some", number.textContent !== "0");
}

const SHOWN = {
  "insertion": (act) => {
    const list = listOf(act.target);
    const template = document.getElementById("needle-template");
    if (!list || !template || needleOf(act.act_id)) return;
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll(TEMPLATE_ID, act.act_id);
    const row = holder.firstElementChild;
    row.classList.add("unsent");
    age(row, secondsSince(act.at));
    list.append(row);
    list.closest(".target").classList.add("has-needles");
    moveNumber(1);
  },
  "removal": (act) => {
    const row = needleOf(act.needle);
    if (row && !row.classList.contains("leaving")) { row.classList.add("leaving", "unsent"); moveNumber(-1); }
    document.querySelector(`[data-out-row="${CSS.escape(act.needle)}"]`)?.classList.add("leaving");
  },
  "twitch": (act) => {
    const twitches = needleOf(act.needle)?.querySelector("[data-twitches]");
    if (twitches) twitches.textContent = String(Number(twitches.textContent) + 1);
  },
  "pain-reproduced": (act) => needleOf(act.needle)?.querySelector(`#pain-${CSS.escape(act.needle)}`)?.classList.add("on"),
};
export function foresee(act) { SHOWN[act.kind]?.(act); showOnBody(); }

// A refused removal took no needle off the record, so the needle stays in sight; a refused insertion
// is a needle in the patient, whatever the record says.
export function replay(rows) {
  for (const row of rows) if (row.state !== "refused" || row.act.kind === "insertion") foresee(row.act);
}

// --- the body: a pin for each planned site, whose state follows the needles -----------------------------
const body = document.getElementById("treatment-body");
export function stateOf(target) {
  const card = listOf(target)?.closest(".target");
  if (card?.querySelector(".needle:not(.leaving)")) return "in";
  return card?.querySelector(".needle.leaving, .out-needles") ? "out" : "planned";
}
export function showOnBody() {
  if (!body) return;
  const shown = JSON.parse(body.dataset.show);
  for (const pin of shown.pins) pin.state = stateOf(pin.id);
  const now = JSON.stringify(shown);
  if (now !== body.dataset.show) body.dataset.show = now;
}
// A tap on a planned point is the tap on its "Needle is in"; on any other it leads to its buttons.
function tapped(target) {
  const insert = document.getElementById(`insert-${target}`);
  if (insert && stateOf(target) === "planned") { insert.form.requestSubmit(insert); return; }
  const card = listOf(target)?.closest(".target");
  card?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  card?.querySelector(".needle-acts button, .insert-button")?.focus({ preventScroll: true });
}
body?.addEventListener("pick", (event) => { if (event.detail.pin) tapped(event.detail.pin); });
body?.addEventListener("ready", () => { for (const hint of document.querySelectorAll("[data-chart-hint]")) hint.hidden = false; showOnBody(); });
