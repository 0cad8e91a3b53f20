// <couch-board>: the board of all couches, live by server-sent events. The server ends each stream after
// a while and the browser opens the next; where streams don't get through, the whole page is asked for
// every few seconds. Clocks go on meanwhile, and a line says when what is shown may be old.

import { Dwell } from "./treatment/dwell.js";
import "./treatment/needle-clock.js";

const POLL_MS = 5000;
const OLD_MS = 15_000;

export class CouchBoard extends HTMLElement {
  connectedCallback() {
    this.heard = Date.now();
    this.dwell = new Dwell(this);
    this.dwell.begin();
    if (globalThis.EventSource) this.listen();
    this.timer = setInterval(() => this.watch(), POLL_MS);
    document.querySelector("[data-sound]")?.addEventListener("click", (event) => {
      this.dwell.tones.wake();
      event.currentTarget.setAttribute("aria-pressed", "true");
    });
    globalThis.navigator?.wakeLock?.request("screen").catch(() => {});
  }

  disconnectedCallback() { clearInterval(this.timer); clearInterval(this.dwell.timer); this.source?.close(); }

  listen() {
    this.source = new EventSource(this.dataset.events);
    this.source.addEventListener("board", (event) => this.show(event.data));
    this.source.addEventListener("open", () => { this.heard = Date.now(); });
  }

  show(html) {
    this.heard = Date.now();
    this.innerHTML = html;
    this.dwell.look();
    this.watch();
  }

  async watch() {
    const line = document.querySelector("[data-no-line]");
    const quiet = Date.now() - this.heard > OLD_MS;
    // An open stream is a line, even when nothing changes on it.
    const open = this.source?.readyState === 1;
    if (quiet && !open) await this.poll();
    if (line) line.hidden = open || Date.now() - this.heard <= OLD_MS;
  }

  async poll() {
    try {
      const answer = await fetch(location.href, { cache: "no-store", redirect: "error" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("couch-board");
      if (fresh) this.show(fresh.innerHTML);
    } catch { /* still no line: the bar says so */ }
  }
}
customElements.define("couch-board", CouchBoard);
