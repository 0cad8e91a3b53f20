// Plan: the depth bar, the place of entry with its section, and the settings of a technique.

// <depth-bar>: the mark follows the depth that is being entered in the same card.
class DepthBar extends HTMLElement {
  connectedCallback() {
    this.card = this.closest(".plan-card");
    this.input = this.card?.querySelector("input[data-depth]");
    this.mark = this.querySelector(".planned-mark");
    if (!this.input) return;
    this.stop = new AbortController();
    this.input.addEventListener("input", () => this.follow(), { signal: this.stop.signal });
    this.closest("form")?.addEventListener("draft-restored", () => this.follow(), { signal: this.stop.signal });
  }
  disconnectedCallback() { this.stop?.abort(); }
  follow() {
    const mm = Number.parseFloat(this.input.value);
    const known = Number.isFinite(mm) && mm > 0;
    if (!known) { this.mark.setAttribute("hidden", ""); return; }
    this.mark.removeAttribute("hidden");
    const place = Math.min(1, mm / Number(this.dataset.endMm)) * 600;
    this.mark.setAttribute("transform", `translate(${place.toFixed(1)} 0)`);
    this.mark.classList.toggle("over", mm > Number(this.dataset.limitMm) + 0.01);
  }
}
customElements.define("depth-bar", DepthBar);

// <entry-site>: a tap on the skin, an arrow key or a changed number asks the server for both pictures
// as the card stands. Nothing is saved before the card is.
const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const WAIT_MS = 250;
class EntrySite extends HTMLElement {
  connectedCallback() {
    this.card = this.closest(".plan-card");
    this.entry = this.querySelector("input[name$='-entry']");
    this.body = this.querySelector("[data-body]");
    this.section = this.querySelector("[data-section]");
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.body.addEventListener("click", (event) => this.tap(event), { signal });
    this.body.addEventListener("keydown", (event) => this.key(event), { signal });
    for (const button of this.querySelectorAll("[data-nudge]")) {
      button.addEventListener("click", (event) => { event.preventDefault(); this.look({ nudge: button.dataset.nudge }); }, { signal });
    }
    this.card.addEventListener("input", (event) => this.changed(event), { signal });
    this.closest("form")?.addEventListener("draft-restored", () => this.look({}), { signal });
  }
  disconnectedCallback() { this.stop?.abort(); clearTimeout(this.timer); }
  field(name) {
    const found = this.card.querySelectorAll(`[name$="-${name}"]`);
    const chosen = [...found].find((one) => one.type !== "radio" || one.checked);
    return chosen?.value ?? "";
  }
  changed(event) {
    if (!/-(heading|angle_deg|depth_mm|palpation)$/.test(event.target.name ?? "")) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look({}), WAIT_MS);
  }
  key(event) {
    const nudge = KEYS[event.key];
    if (!nudge) return;
    event.preventDefault();
    this.look({ nudge });
  }
  tap(event) {
    const svg = this.body.querySelector("svg");
    const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    this.look({ view: svg.dataset.view, x: place.x.toFixed(1), y: place.y.toFixed(1) });
  }
  async look(more) {
    const asked = new URLSearchParams({
      entry: this.entry.value, heading: this.field("heading"), angle: this.field("angle_deg"),
      depth: this.field("depth_mm"), palpation: this.field("palpation"), ...more,
    });
    // Taps come quicker than answers: each waits for the one before, so that five presses move five steps.
    this.last = (this.last ?? Promise.resolve()).then(async () => {
      if ("nudge" in more) asked.set("entry", this.entry.value);
      const answer = await fetch(`${this.dataset.look}?${asked}`, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer?.ok) return;
      this.show(await answer.json(), Object.keys(more).length > 0);
    });
    return this.last;
  }
  show(found, moved) {
    this.body.innerHTML = found.body;
    this.section.innerHTML = found.section;
    this.querySelector("[data-where]").textContent = found.where;
    if (!moved) return;
    this.querySelector("[data-usual]")?.remove();
    this.entry.value = found.entry;
    this.querySelector("[data-said]").textContent = found.where;
    this.entry.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
customElements.define("entry-site", EntrySite);

// Settings that the chosen technique has not are out of the way; without script all are shown, and only
// those of the technique count.
function settle(card) {
  const chosen = card.querySelector("input[name$='-technique']:checked")?.value;
  for (const setting of card.querySelectorAll("[data-techniques]")) {
    setting.hidden = Boolean(chosen) && !setting.dataset.techniques.split(" ").includes(chosen);
  }
}
// What was typed and not saved comes back after the page has stood: a technique with its settings.
document.addEventListener("draft-restored", (event) => {
  for (const card of event.target.querySelectorAll(".plan-card")) settle(card);
});
for (const card of document.querySelectorAll(".plan-card")) {
  settle(card);
  card.addEventListener("change", (event) => { if (event.target.name?.endsWith("-technique")) settle(card); });
}
