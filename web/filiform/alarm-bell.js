// <alarm-bell>: asks whether a message tells of danger that nobody has taken, and rings until
// somebody has: a red bar, the title, a sound, and the browser's notification where it is allowed.
// Browsers play no sound before the first tap on a page, so the bell is turned on by a tap, once a
// day and tab; any later tap on a page wakes it again. Without script Today and the inbox show the
// same in red and come anew each minute.

import { Tones } from "./tones.js";

const EVERY_MS = 10_000;
const HIDDEN_EVERY_MS = 20_000;
const RING_EVERY_MS = 2_500;
const TONES_HZ = [880, 660, 880];
const ON = "filiform-bell";

const today = () => new Date().toDateString();

export class AlarmBell extends HTMLElement {
  tones = new Tones();

  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.button = this.querySelector("[data-turn-on]");
    this.bar = this.querySelector(".ringing");
    this.plainTitle = document.title;
    this.count = 0;
    this.tag = "";
    this.button.hidden = this.isOn;
    this.button.addEventListener("click", () => this.turnOn(), { signal });
    document.addEventListener("pointerdown", () => { if (this.isOn) this.wake(); }, { signal });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.ask(); }, { signal });
    this.ask();
  }

  disconnectedCallback() {
    this.stop.abort();
    clearTimeout(this.next);
    this.silence();
  }

  get isOn() {
    try { return sessionStorage.getItem(ON) === today(); } catch { return false; }
  }

  turnOn() {
    try { sessionStorage.setItem(ON, today()); } catch { /* a tab that keeps nothing asks again */ }
    this.button.hidden = true;
    this.wake();
    this.tone(); // one ring, so that whoever turned it on knows how it sounds
    if ("Notification" in globalThis && Notification.permission === "default") Notification.requestPermission();
  }

  wake() { this.tones.wake(); }

  async ask() {
    clearTimeout(this.next);
    try {
      const headers = this.tag ? { "If-None-Match": this.tag } : {};
      // No redirect: signed out, the sign-in page would pass for an answer.
      const answer = await fetch(this.dataset.ask, { headers, cache: "no-store", redirect: "error" });
      if (answer.ok) {
        this.tag = answer.headers.get("ETag") ?? "";
        const told = await answer.json();
        // Taken out of the page meanwhile, it would ring on where nobody can silence it.
        if (this.isConnected) this.show(told);
      }
    } catch { /* no line, or signed out: asked again, and what rang keeps ringing */ }
    if (!this.isConnected) return;
    this.next = setTimeout(() => this.ask(), document.hidden ? HIDDEN_EVERY_MS : EVERY_MS);
  }

  show({ ringing, open }) {
    const more = ringing > this.count;
    this.count = ringing;
    this.bar.hidden = !ringing;
    if (!ringing) { this.silence(); return; }
    this.bar.href = open;
    const words = ringing > 1 ? this.dataset.many : this.dataset.one;
    const place = this.bar.querySelector("span");
    if (place.textContent !== words) place.textContent = words;
    this.ring ??= setInterval(() => this.beat(), RING_EVERY_MS);
    if (more) { this.beat(); this.notify(words); }
  }

  beat() {
    this.loud = !this.loud;
    document.title = this.loud ? `\u25CF ${this.dataset.title} (${this.count})` : this.plainTitle;
    this.tone();
  }

  // No name and no word of the message: a notification shows on locked screens too.
  notify(words) {
    if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
    try {
      const shown = new Notification(this.dataset.title, { body: words, tag: "filiform-alarm", renotify: true });
      shown.onclick = () => { focus(); location.assign(this.bar.href); };
    } catch { /* phones allow it to service workers alone */ }
  }

  tone() { this.tones.play(TONES_HZ); }

  silence() {
    clearInterval(this.ring);
    this.ring = undefined;
    this.loud = false;
    document.title = this.plainTitle;
  }
}
customElements.define("alarm-bell", AlarmBell);
