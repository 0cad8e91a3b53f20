// The moving part of the treatment page: taken from the server, and what was tapped shown over it.

import { showCount } from "../counts.js";
import { announce } from "../filiform.js";
import { EMERGENCY_SHOWN } from "./emergency.js";
import { age } from "./needle-clock.js";

const TEMPLATE_ID = "00000000-0000-4000-8000-000000000000";
const LETTERS = "bcdefghijklmnopqrstuvwxyz";
const secondsSince = (iso) => Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000)) || 0;

export const needleOf = (id) => document.querySelector(`[data-needle="${CSS.escape(id ?? "")}"]`);
export const listOf = (target) => document.querySelector(`[data-needles-of="${CSS.escape(target ?? "")}"]`);
export const cardOf = (act) => (needleOf(act.needle) ?? listOf(act.target))?.closest(".target") ?? null;
export const packRow = (lot) => document.querySelector(`[data-pack-lot="${CSS.escape(lot ?? "")}"]`);
// What an act is about in words: the muscle, or the lot of a pack.
export const whereOf = (act) => cardOf(act)?.dataset.name ?? packRow(act.lot)?.dataset.says ?? "";

// --- the server's answer takes the place of the moving part. What somebody is typing stays ------------
export function swap(html, agedS = 0) {
  const old = document.getElementById("treatment");
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("treatment");
  if (!fresh) return false;
  const typed = [...old.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((field) => field.id && changed(field));
  const open = [...old.querySelectorAll("details[open]")].map((part) => part.querySelector("[id]")?.id ?? part.id).filter(Boolean);
  const focused = document.activeElement?.id;
  const scrolled = old.querySelector("#all-out")?.scrollTop ?? 0;
  age(fresh, agedS);
  old.replaceWith(document.adoptNode(fresh));
  for (const was of typed) {
    const now = document.getElementById(was.id);
    if (!now || now.type === "password") continue;
    if (was.type === "checkbox" || was.type === "radio") now.checked = was.checked; else now.value = was.value;
  }
  for (const id of open) { const part = document.getElementById(id)?.closest("details"); if (part) part.open = true; }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  const over = fresh.querySelector("#all-out");
  if (over) over.scrollTop = scrolled;
  enhance(fresh);
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
// Buttons that need this script are hidden until it is there.
export function enhance(root) {
  for (const button of root.querySelectorAll("[data-step], [data-change], [data-closes-sheet], [data-open-all] button")) button.hidden = false;
}

// --- what was tapped is shown at once, marked as not saved --------------------------------------------
// So a needle put in without a network can be worked and taken out without one.
function moveNumber(by) {
  const number = document.querySelector("[data-needles-in]");
  showCount(number, Math.max(0, Number(number.textContent) + by));
  number.closest(".treatment-bar").classList.toggle("some", number.textContent !== "0");
}

// The label of the next needle of a target: its number, and a letter from the second one on.
export function nextLabel(card) {
  const before = card.querySelectorAll(".needle, .out-needles li").length;
  return `${card.dataset.number}${before ? LETTERS[(before - 1) % LETTERS.length] : ""}`;
}

function newTile(act, list) {
  const card = list.closest(".target");
  const template = document.getElementById("needle-template");
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll(TEMPLATE_ID, act.act_id);
  const row = holder.firstElementChild;
  row.dataset.target = act.target;
  row.dataset.due = list.dataset.due ?? "0";
  const label = nextLabel(card);
  for (const place of row.querySelectorAll("[data-label]")) place.textContent = label;
  for (const place of row.querySelectorAll("[data-name]")) place.textContent = card.dataset.name;
  for (const button of row.querySelectorAll("[form^=insert-form-]")) button.setAttribute("form", `insert-form-${act.target}`);
  row.classList.add("unsent");
  age(row, secondsSince(act.at));
  enhance(row);
  return row;
}

const SHOWN = {
  ...EMERGENCY_SHOWN,
  "insertion": (act) => {
    const list = listOf(act.target);
    if (!list || !document.getElementById("needle-template") || needleOf(act.act_id)) return;
    const row = newTile(act, list);
    list.append(row);
    list.closest(".target").classList.add("has-needles");
    list.closest(".target").classList.remove("was-needled");
    pointIn(act, row.querySelector("[data-label]").textContent);
    moveNumber(1);
  },
  "removal": (act) => {
    const row = needleOf(act.needle);
    if (row && !row.classList.contains("leaving")) { row.classList.add("leaving", "unsent"); row.classList.remove("due"); moveNumber(-1); }
    for (const out of document.querySelectorAll(`[data-out-row="${CSS.escape(act.needle)}"]`)) out.classList.add("leaving");
    const point = document.querySelector(`[data-point-needle="${CSS.escape(act.needle)}"]`);
    if (point) { point.classList.remove("in", "due"); point.classList.add("out", "unsent"); }
  },
  "pack": (act) => {
    const row = packRow(act.lot);
    row?.classList.add("taken", "unsent");
    const left = document.querySelectorAll(".pack-choices li:not(.taken)").length;
    if (!left) document.getElementById("open-all")?.setAttribute("hidden", "");
  },
  "retest": (act) => {
    const place = document.querySelector(`[data-retest="${CSS.escape(act.measure)}"]`);
    if (place) place.textContent = act.value;
  },
  "twitch": (act) => {
    const twitches = needleOf(act.needle)?.querySelector("[data-twitches]");
    if (twitches) twitches.textContent = String(Number(twitches.textContent) + 1);
  },
  "pain-reproduced": (act) => needleOf(act.needle)?.querySelector(`#pain-${CSS.escape(act.needle)}`)?.classList.add("on"),
};
export function foresee(act) { SHOWN[act.kind]?.(act); }

// A refused removal took no needle off the record, so the needle stays in sight; a refused insertion
// is a needle in the patient, whatever the record says.
export function replay(rows) {
  for (const row of rows) if (row.state !== "refused" || row.act.kind === "insertion") foresee(row.act);
}

// --- the body: its labels follow the needles -------------------------------------------------------------
// A planned label becomes its needle's. A further needle takes the free slot that is nearest to it; the
// server lays the board out anew as soon as it answers.
function pointIn(act, label) {
  const points = [...document.querySelectorAll(`[data-point="${CSS.escape(act.target)}"]`)];
  if (!points.length) return;
  const planned = points.find((point) => !point.dataset.pointNeedle);
  const fresh = document.createElement("a");
  fresh.href = `#needle-${act.act_id}`;
  fresh.dataset.point = act.target;
  fresh.dataset.pointNeedle = act.act_id;
  fresh.tappedAt = performance.now();
  const number = document.createElement("b");
  number.textContent = label;
  fresh.append(number);
  if (planned) {
    fresh.className = planned.className.replace(/\b(planned|out)\b/, "in");
    planned.replaceWith(fresh);
  } else {
    const slot = takeFreeSlot(points[0]);
    if (!slot) return;
    fresh.className = `point in c${slot[0]} r${slot[1]}`;
    points[0].after(fresh);
  }
  fresh.classList.add("unsent");
}
function takeFreeSlot(beside) {
  const board = document.getElementById("board");
  const at = ["c", "r"].map((letter) => Number(beside.className.match(new RegExp(`\\b${letter}(\\d+)\\b`))?.[1] ?? 0));
  const free = (board.dataset.free ?? "").split(" ").filter(Boolean).map((pair) => pair.split(",").map(Number));
  const far = (slot) => Math.hypot(slot[0] - at[0], slot[1] - at[1]);
  const best = free.sort((one, other) => far(one) - far(other)).shift();
  board.dataset.free = free.map((slot) => slot.join(",")).join(" ");
  return best;
}

// --- sheets: what is needed more rarely, opened by a long press, by the tile's number, or from the body ---
const OPEN_SHEETS = ".needle-more[open], .other-needle[open]";
const LONG_MS = 550;
const TREMBLE_MS = 450;
const LONG_PX = 12; // a gloved finger trembles that much

export function openSheet(tile) {
  const sheet = tile?.querySelector(".needle-more");
  if (!sheet) return;
  for (const other of document.querySelectorAll(OPEN_SHEETS)) if (other !== sheet) other.open = false;
  sheet.open = true;
  tile.querySelector("summary").focus({ preventScroll: true });
}

function beginSheets(room, tap) {
  let press = null;
  let pressed = false; // the click that ends a long press is none
  const forget = () => { clearTimeout(press?.timer); press = null; };
  room.addEventListener("pointerdown", (event) => {
    const tile = event.target.closest(".needle");
    pressed = false;
    forget();
    if (event.isPrimary === false || !tile || event.target.closest(".sheet")) return; // two fingers zoom the page
    press = { x: event.clientX, y: event.clientY, timer: setTimeout(() => { pressed = true; navigator.vibrate?.(30); openSheet(tile); }, LONG_MS) };
  });
  room.addEventListener("pointermove", (event) => { if (press && Math.hypot(event.clientX - press.x, event.clientY - press.y) > LONG_PX) forget(); });
  for (const name of ["pointerup", "pointercancel"]) {
    // Where the browser makes no click of a long press, the next one is meant.
    room.addEventListener(name, () => { forget(); setTimeout(() => { pressed = false; }, LONG_MS); });
  }
  room.addEventListener("contextmenu", (event) => {
    const tile = event.target.closest(".needle");
    if (!tile || event.target.closest(".sheet")) return;
    event.preventDefault(); // a long press, the menu key and the right button are the same here
    openSheet(tile);
  });
  room.addEventListener("click", (event) => {
    if (pressed && !event.target.closest(".sheet")) { pressed = false; event.preventDefault(); event.stopPropagation(); return; }
    const point = event.target.closest("[data-point-needle]");
    if (point) {
      event.preventDefault();
      event.stopPropagation();
      const trembles = event.timeStamp - (point.tappedAt ?? -TREMBLE_MS) < TREMBLE_MS; // it was a planned one a moment ago
      if (!trembles) openSheet(needleOf(point.dataset.pointNeedle));
      return;
    }
    const step = event.target.closest("[data-step]");
    if (step) { const field = step.parentElement.querySelector("input"); if (step.dataset.step > 0) field.stepUp(); else field.stepDown(); return; }
    const change = event.target.closest("[data-change]");
    if (change) changeNeedle(needleOf(change.dataset.change), tap);
  }, { capture: true });
  // A touch beside the sheet closes it, wherever on the screen that is.
  document.addEventListener("click", (event) => {
    const closes = event.target.closest("[data-closes-sheet]");
    for (const sheet of room.querySelectorAll(OPEN_SHEETS)) if (closes ? sheet.contains(closes) : !sheet.contains(event.target)) sheet.open = false;
  });
  room.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const sheet = event.target.closest(OPEN_SHEETS);
    if (sheet) { sheet.open = false; sheet.querySelector("summary").focus(); }
  });
}
// One needle came out and another went in at the same place: two needles are used, and both are counted.
function changeNeedle(tile, tap) {
  if (!tile) return;
  tap("removal", { needle: tile.dataset.needle });
  tap("insertion", { target: tile.dataset.target });
}

export function beginPage(room, tap) {
  enhance(room);
  beginSheets(room, tap);
}
