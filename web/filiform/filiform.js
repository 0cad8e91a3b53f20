// What every page does beside its own elements: sends a form once, keeps drafts, moves the focus
// after a swap, and locks the screen without losing what was entered.

import "./kept-pages.js";

const announcer = () => document.getElementById("announcer");

export function announce(text) {
  const place = announcer();
  if (place) { place.textContent = ""; setTimeout(() => { place.textContent = text; }, 60); }
}

export function csrfToken() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}

// --- words that grow old are told anew, on pages that have such -----------------------------------
function watchTheClock() {
  if (document.querySelector("time[data-told]")) import("./clock.js");
}
document.addEventListener("htmx:afterSettle", watchTheClock);
watchTheClock();

// --- a double tap sends once -------------------------------------------------------------------
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.classList.add("busy");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll(".busy")) button.classList.remove("busy");
  }
});

// --- the focus goes where the eye should ---------------------------------------------------------
// What was swapped in may have taken the place of the swap's target, so the page is asked, and each
// place takes the focus, and each announcement is read out, once.
function attend() {
  for (const place of document.querySelectorAll("[data-focus]:not([data-focused])")) {
    place.dataset.focused = "yes";
    place.focus();
  }
  for (const place of document.querySelectorAll("[data-announce]:not([data-announced])")) {
    place.dataset.announced = "yes";
    if (place.dataset.announce) announce(place.dataset.announce);
  }
}
document.addEventListener("htmx:afterSettle", attend);
attend();
document.querySelector(".rail [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

// --- drafts, on pages with a form that is kept ---------------------------------------------------
const kept = document.querySelectorAll("form[data-draft]");
if (kept.length) import("./drafts.js").then(({ Draft }) => {
  for (const form of kept) new Draft(form, csrfToken()).begin();
});

// --- the lock ---------------------------------------------------------------------------------
// The server decides when a session is locked. This only asks for the PIN over the page that is
// open, so that nothing entered has to be entered again.
const unlock = document.getElementById("unlock");
const minutes = Number(document.body.dataset.lockMinutes ?? 0);

function lock() {
  if (unlock && !unlock.open) { unlock.showModal(); document.body.classList.add("locked"); }
}
if (unlock && minutes) {
  let idle = 0;
  const wake = () => { clearTimeout(idle); idle = setTimeout(lock, minutes * 60_000); };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, wake, { passive: true });
  wake();
  let pinged = Date.now();
  addEventListener("input", () => {
    if (Date.now() - pinged < 60_000) return;
    pinged = Date.now();
    fetch(unlock.querySelector("form").action, { method: "GET" }).then((answer) => { if (answer.status === 423) lock(); }).catch(() => {});
  });
  unlock.addEventListener("cancel", (event) => event.preventDefault());
  unlock.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const error = form.querySelector("[data-unlock-error]");
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { Accept: "application/json" },
    });
    if (answer.ok) {
      form.reset(); error.hidden = true; unlock.close(); document.body.classList.remove("locked"); wake();
    } else if (answer.status === 401) {
      location.reload();
    } else {
      const { error: says } = await answer.json().catch(() => ({ error: "" }));
      error.textContent = says; error.hidden = false;
      form.querySelector("input[name=pin]").select();
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 423) lock();
  });
}

// --- small manners ----------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print]");
  if (button) { event.preventDefault(); print(); }
  const opener = event.target.closest("[data-opens]");
  if (opener) { event.preventDefault(); document.getElementById(opener.dataset.opens)?.showModal(); }
  const closer = event.target.closest("[data-closes]");
  if (closer) { event.preventDefault(); closer.closest("dialog")?.close(); }
});
document.addEventListener("htmx:sendError", () => announce(document.body.dataset.offline ?? "Not sent: no connection. Try again."));

/* What is beyond the navigation's first rooms closes as a menu does: by Escape, or by a tap beside it. */
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".nav .more[open]");
  if (event.key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  const open = document.querySelector(".nav .more[open]");
  if (open && !open.contains(event.target)) open.open = false;
});
