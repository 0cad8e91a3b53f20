// <diary-board>: visits of the diary are dragged to another time, practitioner, room or day: by mouse
// or pen at once, by finger after it has rested on the visit, since a finger that moves scrolls. By
// keyboard M picks a visit up, arrows move it, Enter puts it down, Escape leaves it. Putting down
// fills in and sends the form of the page: the server decides, and says why not. Without script
// every visit has a page of its own that moves it.

export const STEP_MIN = 5;
const DAY_MIN = 24 * 60;
const FAR_ENOUGH_PX = 6; // a trembling hand still clicks
const RESTS_MS = 450; // as long as telephones wait before they take a touch for a long one
const RESTING_PX = 10; // a finger is never quite still
const EDGE_PX = 40;
const NUDGE_PX = 14; // so far the page moves on when a visit is held near its edge

export const minutesOf = (text) => {
  const [hours, minutes] = text.split(":").map(Number);
  return hours * 60 + minutes;
};

export const clockOf = (minutes) => {
  const within = Math.min(Math.max(minutes, 0), DAY_MIN - STEP_MIN);
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
};

export class DiaryBoard extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector(".diary-move");
    if (!this.form) return;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.classList.add("can-drag");
    this.addEventListener("pointerdown", (event) => this.press(event), { signal });
    this.addEventListener("pointermove", (event) => this.drag(event), { signal });
    this.addEventListener("pointerup", (event) => this.release(event), { signal });
    this.addEventListener("pointercancel", () => this.leave(), { signal });
    this.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
    // Once a visit is held, the finger moves it and not the page; and the menu that a telephone opens
    // over a link that is touched long would take the finger away.
    this.addEventListener("touchmove", (event) => { if (this.held) event.preventDefault(); }, { signal, passive: false });
    this.addEventListener("contextmenu", (event) => { if (this.byFinger) event.preventDefault(); }, { signal });
    this.addEventListener("keydown", (event) => this.pressKey(event), { signal });
    // A drag ends with a click on the visit's link, which is not meant.
    this.addEventListener("click", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      this.dragged = false;
    }, { signal, capture: true });
  }

  disconnectedCallback() { this.stop?.abort(); }

  /** Where visits can be put: columns of a day, cells of a week. */
  get places() { return [...this.querySelectorAll(".lane-times, td[data-day]")]; }

  press(event) {
    const visit = event.target.closest(".visit");
    if (!visit || event.button || event.target.closest("form") || this.held) return;
    this.pressed = { visit, x: event.clientX, y: event.clientY, from: this.scrolled };
    this.byFinger = event.pointerType === "touch";
    if (!this.byFinger) return;
    const { pressed } = this;
    pressed.rests = setTimeout(() => {
      if (this.pressed !== pressed) return;
      this.hold(event.pointerId);
      globalThis.navigator?.vibrate?.(20);
      this.say(this.dataset.wordsLifted);
    }, RESTS_MS);
  }

  /** How far page and board are scrolled down: a visit that is held stays under the finger. */
  get scrolled() { return document.documentElement.scrollTop + (this.board?.scrollTop ?? 0); }

  get board() { return this.querySelector(".day-board, .week-board"); }

  hold(pointer) {
    this.pickUp(this.pressed.visit);
    this.setPointerCapture?.(pointer);
  }

  /** A finger that moved before the visit was lifted scrolls. */
  scrolls() {
    clearTimeout(this.pressed.rests);
    this.pressed = undefined;
  }

  drag(event) {
    if (!this.pressed) return;
    const { visit, x, y, from } = this.pressed;
    const away = Math.hypot(event.clientX - x, event.clientY - y);
    if (!this.held && this.byFinger) {
      if (away > RESTING_PX) this.scrolls();
      return;
    }
    if (!this.held && away < FAR_ENOUGH_PX) return;
    if (!this.held) this.hold(event.pointerId);
    this.nudge(event);
    const under = document.elementsFromPoint(event.clientX, event.clientY);
    const place = under.map((one) => one.closest(".lane-times, td[data-day]")).find(Boolean);
    if (!place) return;
    const down = this.rowPx(place) ? Math.round((event.clientY - y + this.scrolled - from) / this.rowPx(place)) * STEP_MIN : 0;
    this.holdOver(place, minutesOf(visit.dataset.at) + down);
  }

  /** Move the page on when a visit is held near its edge: there is more of the day than fits. */
  nudge({ clientX, clientY }) {
    if (!this.board) return;
    const side = this.board.getBoundingClientRect();
    if (clientX < side.left + EDGE_PX) this.board.scrollBy(-NUDGE_PX, 0);
    if (clientX > side.right - EDGE_PX) this.board.scrollBy(NUDGE_PX, 0);
    if (clientY < EDGE_PX) window.scrollBy(0, -NUDGE_PX);
    if (clientY > innerHeight - EDGE_PX) window.scrollBy(0, NUDGE_PX);
  }

  release() {
    clearTimeout(this.pressed?.rests);
    this.pressed = undefined;
    if (!this.held) return;
    this.dragged = true;
    // After a finger no click follows; the next tap is meant.
    setTimeout(() => { this.dragged = false; }, 100);
    this.putDown();
  }

  pressKey(event) {
    if (this.held) {
      this.moveByKey(event);
      return;
    }
    const visit = event.target.closest?.(".visit");
    if (!visit || event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.pickUp(visit);
    this.say(this.dataset.wordsHeld);
  }

  moveByKey(event) {
    const { places } = this;
    const here = places.indexOf(this.held.place);
    const sideways = document.documentElement.dir === "rtl" ? -1 : 1;
    const step = { ArrowRight: sideways, ArrowLeft: -sideways }[event.key];
    const later = { ArrowDown: STEP_MIN, ArrowUp: -STEP_MIN }[event.key];
    if (event.key === "Enter") this.putDown();
    else if (event.key === "Escape") this.leave();
    else if (step) this.holdOver(places[Math.min(Math.max(here + step, 0), places.length - 1)], this.held.at);
    else if (later) this.holdOver(this.held.place, this.held.at + later);
    else return;
    event.preventDefault();
    if (this.held) this.say(`${this.lineName()} ${clockOf(this.held.at)}`);
  }

  pickUp(visit) {
    const place = visit.closest(".lane-times, td[data-day]");
    const words = visit.querySelector(".number").textContent;
    this.held = { visit, place, at: minutesOf(visit.dataset.at), first: place, words };
    visit.classList.add("held");
  }

  holdOver(place, at) {
    this.held.place.classList.remove("held-over");
    const clock = clockOf(at);
    Object.assign(this.held, { place, at: minutesOf(clock) });
    place.classList.add("held-over");
    this.held.visit.querySelector(".number").textContent = clock;
  }

  leave() {
    clearTimeout(this.pressed?.rests);
    this.pressed = undefined;
    if (!this.held) return;
    const { visit, place, words } = this.held;
    place.classList.remove("held-over");
    visit.classList.remove("held");
    visit.querySelector(".number").textContent = words;
    this.held = undefined;
    this.say(this.dataset.wordsLeft);
  }

  putDown() {
    const { visit, place, at, first } = this.held;
    const { day } = place.dataset;
    const line = place.dataset.line ?? place.closest("[data-line]").dataset.line;
    const clock = clockOf(at);
    const stays = place === first && clock === visit.dataset.at;
    if (stays) {
      this.leave();
      return;
    }
    const byRoom = new URLSearchParams(location.search).get("by") === "room";
    const { elements } = this.form;
    elements.day.value = day;
    elements.at.value = clock;
    elements.minutes.value = visit.dataset.minutes;
    elements.practitioner.value = byRoom ? visit.dataset.practitioner : line;
    elements.room.value = byRoom ? line : "";
    this.form.action = this.form.dataset.address.replace("00000000-0000-0000-0000-000000000000", visit.dataset.visit);
    this.held = undefined;
    this.form.submit();
  }

  lineName() {
    const { place } = this.held;
    const name = place.closest("section")?.querySelector("h2") ?? place.closest("tr")?.querySelector("th");
    const day = place.querySelector(".day-name");
    return [name, day].map((one) => one?.textContent.trim()).filter(Boolean).join(", ");
  }

  /** Height of five minutes; 0 in a week, where a cell has no times. */
  rowPx(place) {
    return Number.parseFloat(getComputedStyle(place).gridAutoRows) || 0;
  }

  say(words) {
    const line = this.querySelector("[data-says]");
    if (line) line.textContent = words ?? "";
  }
}
customElements.define("diary-board", DiaryBoard);
