// The microphone of the treatment page: the browser hears, treatment/spoken.js understands, and the
// acts go the way of every tap. What was understood is shown and can be undone like a tap. The button
// is there only where the browser can; Chromium sends the sound to its maker's service, which the
// button's title says.

import { announce } from "../filiform.js";
import { needleOf } from "./page.js";
import { NEW, understand } from "./spoken.js";

const LANGUAGES = { en: "en-GB", ur: "ur-PK" };

export function aboutPage(words, last) {
  const targets = [...document.querySelectorAll(".target[data-number]")].map((card) => ({
    id: card.querySelector("[data-needles-of]").dataset.needlesOf,
    label: card.dataset.number, side: card.dataset.side,
    names: [card.dataset.name, card.dataset.nameEn].filter(Boolean), offered: Boolean(card.querySelector(".insert")),
  }));
  const needles = [...document.querySelectorAll(".needle:not(.leaving)")].map((tile) => ({
    id: tile.dataset.needle, target: tile.dataset.target, label: tile.querySelector("[data-label]").textContent,
  }));
  return { words, targets, needles, last };
}

// tap(kind, about) makes one act; says: { ask: { nothing, which, side, "not-in" } } in the reader's language.
export class Listening {
  constructor({ words, says, tap, show, Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition }) {
    Object.assign(this, { words, says, tap, show, Recognition });
    this.on = false;
    this.last = "";
  }

  touched(needle) { this.last = needle; }

  // The button comes anew with every moving part of the page.
  offer() {
    const button = document.getElementById("listen");
    if (!button) return;
    button.hidden = !this.Recognition;
    button.setAttribute("aria-pressed", String(this.on));
  }

  toggle() {
    this.on = !this.on;
    if (this.on) this.listen(); else this.hearing?.stop();
    this.offer();
  }

  listen() {
    const hearing = new this.Recognition();
    hearing.lang = LANGUAGES[document.documentElement.lang] ?? LANGUAGES.en;
    hearing.continuous = true;
    hearing.onresult = (event) => {
      for (const result of [...event.results].slice(event.resultIndex)) if (result.isFinal) this.heard(result[0].transcript);
    };
    // It ends by itself after each silence; a refusal by the person or the browser ends it for good.
    hearing.onerror = (event) => { if (["not-allowed", "service-not-allowed"].includes(event.error)) { this.on = false; this.offer(); } };
    hearing.onend = () => { if (this.on) this.listen(); };
    this.hearing = hearing;
    try { hearing.start(); } catch { this.on = false; this.offer(); }
  }

  heard(text) {
    const answer = understand(text, aboutPage(this.words, this.last));
    for (const { kind, ...about } of answer.acts ?? []) {
      if (about.needle === NEW) about.needle = this.last;
      const id = this.tap(kind, about);
      this.last = about.needle ?? id;
    }
    const says = answer.ask ? `${this.says[answer.ask]} “${text}”` : `✓ “${text}”`;
    this.show(says);
    announce(says);
    if (this.last) needleOf(this.last)?.scrollIntoView({ block: "nearest" });
  }
}
