// The treatment page.
//
// Every tap becomes an act with an id of its own. It waits in a queue until the server has
// acknowledged it, is sent in order, and sent again when the connection was lost: sending twice
// changes nothing. The queue lives in this tab only (sessionStorage) and holds ids, kinds, times
// and needle sizes; no name and no free text. What waits is shown as not saved, never as saved.

import { showCount } from "./counts.js";
import { announce, csrfToken } from "./filiform.js";

// --- <needle-clock seconds="95"> ------------------------------------------------------------------
// Counts on from the seconds the server gave, with a clock that nobody can set.
class NeedleClock extends HTMLElement {
  static observedAttributes = ["seconds"];

  // The seconds were true when they were given: being moved in the page starts no clock anew.
  attributeChangedCallback() {
    this.since = performance.now() - Number(this.getAttribute("seconds") || 0) * 1000;
    if (this.isConnected) this.show();
  }

  connectedCallback() {
    this.since ??= performance.now();
    NeedleClock.all.add(this);
    this.show();
  }

  disconnectedCallback() { NeedleClock.all.delete(this); }

  show() {
    const seconds = Math.floor((performance.now() - this.since) / 1000);
    const two = (value) => String(value).padStart(2, "0");
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const text = hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
    if (this.textContent !== text) this.textContent = text;
  }

  static all = new Set();
}
customElements.define("needle-clock", NeedleClock);
setInterval(() => { for (const clock of NeedleClock.all) clock.show(); }, 250);

// --- ids, also where the page is served without TLS in the clinic's own network --------------------
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// --- the queue --------------------------------------------------------------------------------------
const room = document.getElementById("treatment-page");
const KEPT = ["act_id", "kind", "at", "needle", "target", "replaces", "reason", "diameter_mm", "length_mm", "depth_mm"];
const TEMPLATE_ID = "00000000-0000-4000-8000-000000000000";
const PAUSES_MS = [400, 1000, 2000, 4000, 8000];

class Queue {
  constructor(key) {
    this.key = `filiform-acts-${key}`;
    try { this.waiting = JSON.parse(sessionStorage.getItem(this.key) ?? "[]"); } catch { this.waiting = []; }
    this.failures = 0;
    this.busy = false;
    this.trouble = "";
  }

  keep() {
    try {
      if (this.waiting.length) sessionStorage.setItem(this.key, JSON.stringify(this.waiting));
      else sessionStorage.removeItem(this.key);
    } catch { /* a full or forbidden store: the queue still lives in this page */ }
  }

  add(act) {
    this.waiting.push(act);
    this.keep();
    show(this);
    this.send();
  }

  async send() {
    if (this.busy || !this.waiting.length) return;
    this.busy = true;
    clearTimeout(this.timer);
    const act = this.waiting[0];
    const outcome = await post(act);
    this.busy = false;
    if (outcome.taken) {
      this.failures = 0;
      this.trouble = "";
      this.waiting.shift();
      this.keep();
      if (outcome.html) { swap(outcome.html); replay(this); }
      show(this);
      if (this.waiting.length) this.send(); else this.settled?.();
      return;
    }
    this.trouble = outcome.trouble;
    this.failures += 1;
    show(this);
    this.timer = setTimeout(() => this.send(), PAUSES_MS[Math.min(this.failures, PAUSES_MS.length) - 1]);
  }
}

async function post(act) {
  const body = new URLSearchParams(act);
  body.set("sent_at", new Date().toISOString());
  let answer;
  try {
    answer = await fetch(room.querySelector("form[data-act]")?.action ?? room.dataset.state.replace("/state/", "/act/"), {
      method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(8000),
      headers: { "X-CSRFToken": csrfToken(), "X-Treatment-Page": "yes", Accept: "text/html+fragment" },
    });
  } catch { return { taken: false, trouble: "offline" }; }
  if (answer.status === 423) { askToUnlock(); return { taken: false, trouble: "offline" }; }
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return { taken: false, trouble: "signedOut" };
  if (answer.status === 200) {
    const { stored } = await answer.json().catch(() => ({}));
    if (stored === act.act_id) return { taken: true };
  }
  if (answer.status === 422) {
    const html = await answer.text().catch(() => "");
    if (html.includes('id="treatment"')) return { taken: true, html };
  }
  return { taken: false, trouble: "offline" };
}

function askToUnlock() {
  document.dispatchEvent(new CustomEvent("htmx:responseError", { detail: { xhr: { status: 423 } } }));
}

// --- what the page shows ------------------------------------------------------------------------------
function show(queue) {
  const bar = document.getElementById("unsaved");
  const count = queue.waiting.length;
  bar.hidden = !count || (queue.failures === 0 && count < 3);
  const says = queue.trouble === "signedOut" ? room.dataset.saysSignedOut : queue.failures ? room.dataset.saysOffline : room.dataset.saysSending;
  bar.querySelector("p").textContent = `${count} ${room.dataset.saysWaiting}. ${says}`;
}

// The server's answer takes the place of the moving part. What somebody is typing stays.
function swap(html) {
  const old = document.getElementById("treatment");
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById("treatment");
  if (!fresh) return;
  const typed = [...old.querySelectorAll("input:not([type=hidden]), textarea, select")].filter((field) => field.id && changed(field));
  const open = [...old.querySelectorAll("details[open]")].map((part) => part.querySelector("[id]")?.id ?? part.id).filter(Boolean);
  const focused = document.activeElement?.id;
  const scrolled = old.querySelector(".all-out")?.scrollTop ?? 0;
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
  showOnBody();
  const says = fresh.querySelector("[data-announce]");
  announce(says ? says.dataset.announce : `${fresh.dataset.in} ${fresh.querySelector(".needles-now span:last-child")?.textContent ?? ""}`);
  window.htmx?.process?.(fresh);
}
function changed(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
}

// Show at once what was tapped, marked as not saved, so that a needle put in without a network
// can be worked and taken out without one.
const needleOf = (id) => document.querySelector(`[data-needle="${CSS.escape(id)}"]`);
function moveNumber(by) {
  const number = document.querySelector("[data-needles-in]");
  showCount(number, Math.max(0, Number(number.textContent) + by));
  number.closest(".treatment-bar").classList.toggle("some", number.textContent !== "0");
}
function foresee(act) {
  if (act.kind === "insertion") {
    const list = listOf(act.target);
    const template = document.getElementById("needle-template");
    if (!list || !template || needleOf(act.act_id)) return;
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll(TEMPLATE_ID, act.act_id);
    const row = holder.firstElementChild;
    row.classList.add("unsent");
    list.append(row);
    list.closest(".target").classList.add("has-needles");
    moveNumber(1);
  } else if (act.kind === "removal") {
    const row = needleOf(act.needle);
    if (row && !row.classList.contains("leaving")) { row.classList.add("leaving", "unsent"); moveNumber(-1); }
    document.querySelector(`[data-out-row="${CSS.escape(act.needle)}"]`)?.classList.add("leaving");
  } else if (act.kind === "twitch") {
    const twitches = needleOf(act.needle)?.querySelector("[data-twitches]");
    if (twitches) twitches.textContent = String(Number(twitches.textContent) + 1);
  } else if (act.kind === "pain-reproduced") {
    needleOf(act.needle)?.querySelector(`#pain-${CSS.escape(act.needle)}`)?.classList.add("on");
  }
  showOnBody();
}

// --- the body: a pin for each planned site, whose state follows the needles -----------------------------
const body = document.getElementById("treatment-body");
const listOf = (target) => document.querySelector(`[data-needles-of="${CSS.escape(target)}"]`);
function stateOf(target) {
  const card = listOf(target)?.closest(".target");
  if (card?.querySelector(".needle:not(.leaving)")) return "in";
  return card?.querySelector(".needle.leaving, .out-needles") ? "out" : "planned";
}
function showOnBody() {
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

function replay(queue) { for (const act of queue.waiting) foresee(act); }

// --- taps ---------------------------------------------------------------------------------------------
if (room) {
  const queue = new Queue(room.dataset.key);
  replay(queue);
  show(queue);
  queue.send();

  const actFrom = (form) => {
    const act = { at: new Date().toISOString() };
    for (const [name, value] of new FormData(form)) if (KEPT.includes(name) && value !== "") act[name] = value;
    act.act_id = newId();
    return act;
  };
  const take = (act) => { foresee(act); queue.add(act); navigator.vibrate?.(20); };

  // A second tap within this time on a button that puts a needle in or out is a trembling glove.
  const TREMBLE_MS = 450;
  let last = { button: "", at: -TREMBLE_MS };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-act]")) {
      event.preventDefault();
      const button = event.submitter?.id || `${form.dataset.act}-${form.elements.needle?.value ?? ""}`;
      const now = performance.now();
      if (form.dataset.act !== "twitch" && button === last.button && now - last.at < TREMBLE_MS) return;
      last = { button, at: now };
      take(actFrom(form));
    } else if (form.matches("form[data-all-out]")) {
      event.preventDefault();
      for (const row of [...room.querySelectorAll(".needle")]) {
        if (!row.classList.contains("leaving")) take({ act_id: newId(), kind: "removal", at: new Date().toISOString(), needle: row.dataset.needle });
      }
    }
  }, { capture: true });

  // "All out now": a link without script; with it the page stays over the moving part.
  document.addEventListener("click", (event) => {
    if (event.target.closest("#stop")) {
      event.preventDefault();
      room.classList.add("stopping");
      room.classList.remove("not-stopping");
      document.getElementById("all-out")?.focus();
    } else if (event.target.closest("[data-not-stopping]")) {
      event.preventDefault();
      room.classList.remove("stopping");
      room.classList.add("not-stopping");
      document.getElementById("stop")?.focus();
    }
  });

  // --- the other tablet ---------------------------------------------------------------------------
  let looking = false;
  const look = async () => {
    if (looking || document.hidden || queue.waiting.length || document.querySelector("dialog[open]")) return;
    looking = true;
    try { await ask(); } finally { looking = false; }
  };
  const ask = async () => {
    const version = document.getElementById("treatment").dataset.version;
    const headers = { "X-Treatment-Page": "yes", "X-Treatment-Version": version, "X-Unattended": "yes", Accept: "text/html+fragment" };
    const answer = await fetch(room.dataset.state, { headers, redirect: "manual", signal: AbortSignal.timeout(8000) }).catch(() => null);
    if (answer?.status === 423) { askToUnlock(); return; }
    if (answer?.status !== 200 || queue.waiting.length) return;
    const html = await answer.text();
    if (!queue.waiting.length) swap(html);
  };
  queue.settled = look;
  setInterval(look, 3000);
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
  addEventListener("online", () => queue.send());
  addEventListener("beforeunload", (event) => { if (queue.waiting.length) event.preventDefault(); });
}
