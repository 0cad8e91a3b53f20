// A needle that is in for as long as was planned: its tile and its label on the body change colour,
// the tablet sounds and shakes, and goes on doing so until somebody touches it. Colour stays until the
// needle is out; sound comes back for the next needle that falls due.

import { Tones } from "../tones.js";

const EVERY_MS = 1000;
const RING_EVERY = 5; // seconds
const TONES_HZ = [660, 880, 660];
const SHAKE_MS = [200, 120, 200];

export const isDue = (dueS, seconds) => dueS > 0 && seconds >= dueS;

export class Dwell {
  constructor(root, tones = new Tones()) {
    Object.assign(this, { root, tones });
    this.heard = new Set();
    this.ticks = 0;
  }

  begin() {
    // Any touch of the page tells that somebody is here and has seen it.
    document.addEventListener("pointerdown", () => this.hush(), { capture: true });
    document.addEventListener("keydown", () => this.hush(), { capture: true });
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.look();
  }

  hush() {
    this.tones.wake();
    for (const id of this.due()) this.heard.add(id);
    this.root.classList.remove("rings");
  }

  due() { return [...this.root.querySelectorAll(".needle.due:not(.leaving)")].map((tile) => tile.dataset.needle); }

  look() {
    for (const tile of this.root.querySelectorAll(".needle[data-due]:not(.leaving)")) {
      const due = isDue(Number(tile.dataset.due), tile.querySelector("needle-clock")?.passed ?? 0);
      tile.classList.toggle("due", due);
      this.root.querySelector(`[data-point-needle="${CSS.escape(tile.dataset.needle)}"]`)?.classList.toggle("due", due);
    }
    const fresh = this.due().filter((id) => !this.heard.has(id));
    this.root.classList.toggle("rings", fresh.length > 0);
    if (fresh.length && this.ticks % RING_EVERY === 0) { this.tones.play(TONES_HZ); globalThis.navigator?.vibrate?.(SHAKE_MS); }
    this.ticks = fresh.length ? this.ticks + 1 : 0;
  }
}
