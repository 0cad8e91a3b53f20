// A number by taps: big − and +, and the numbers that are counted most, one tap each. The field
// stays a field: it can be typed into, and without script it is all there is. Nothing is filled in
// beforehand, because a number that stands there is copied and not counted.

const ONE_TAP = 12;

export class CountSteps extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    if (!field || this.querySelector(".count-taps")) return;
    const taps = document.createElement("div");
    taps.className = "count-taps";
    const least = Number(field.min) || 0;
    const most = Number(field.max) || 200;
    const set = (value) => {
      field.value = String(Math.min(most, Math.max(least, value)));
      field.dispatchEvent(new Event("input", { bubbles: true }));
      for (const button of taps.querySelectorAll("[data-value]")) button.setAttribute("aria-pressed", String(button.dataset.value === field.value));
    };
    const button = (text, label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button big";
      made.textContent = text;
      if (label) made.setAttribute("aria-label", `${label}: ${this.label}`);
      made.addEventListener("click", act);
      return made;
    };
    const step = document.createElement("div");
    step.className = "count-step";
    field.before(step);
    step.append(
      button("−", this.getAttribute("less"), () => set((Number(field.value) || 0) - 1)),
      field,
      button("+", this.getAttribute("more"), () => set((Number(field.value) || 0) + 1)),
    );
    // What is mostly none stays small: its own − and + are enough. The server says how far the
    // numbers go (data-taps) where packs hold several needles.
    const last = Number(field.dataset.taps ?? (field.required ? ONE_TAP : -1));
    for (let value = least; value <= last; value += 1) {
      const one = button(String(value), "", () => set(value));
      one.dataset.value = String(value);
      one.setAttribute("aria-label", `${this.label}: ${value}`);
      taps.append(one);
    }
    step.after(taps);
  }

  get label() { return this.querySelector("label")?.textContent.trim() ?? ""; }
}

if (!customElements.get("count-steps")) customElements.define("count-steps", CountSteps);
