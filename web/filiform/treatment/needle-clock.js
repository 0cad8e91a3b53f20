// <needle-clock seconds="95">: the clock of a needle, and of the whole treatment.
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

  // Whole seconds since it began.
  get passed() { return Math.floor((performance.now() - (this.since ?? performance.now())) / 1000); }

  show() {
    const seconds = this.passed;
    const two = (value) => String(value).padStart(2, "0");
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const text = hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
    if (this.textContent !== text) this.textContent = text;
  }

  static all = new Set();
}
customElements.define("needle-clock", NeedleClock);
setInterval(() => { for (const clock of NeedleClock.all) clock.show(); }, 250);

// A page or a part that was kept says how old it is: its needles are in for that much longer.
export function age(root, seconds) {
  if (!(seconds > 0)) return;
  for (const clock of root.querySelectorAll("needle-clock")) clock.setAttribute("seconds", String(Number(clock.getAttribute("seconds") || 0) + seconds));
}
