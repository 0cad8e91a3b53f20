// <dose-stepper> round a number field: a minus and a plus that a gloved finger hits. The field
// stays a field, with its own bounds; without script one types the number.

class DoseStepper extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    if (!input || this.querySelector("button")) return;
    const label = this.closest(".field")?.querySelector("label")?.textContent ?? "";
    input.before(this.button("−", -1, input, label));
    input.after(this.button("+", 1, input, label));
  }

  button(sign, direction, input, label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", `${label} ${sign}`);
    button.addEventListener("click", () => {
      const by = Number(input.dataset.step ?? 1);
      if (input.disabled || input.readOnly) return;
      const least = input.min === "" ? -Infinity : Number(input.min);
      const most = input.max === "" ? Infinity : Number(input.max);
      const now = Number(input.value || (input.min === "" ? 0 : least));
      // From 1 a step of 5 leads to 5, not to 6: people think in round seconds.
      const next = by > 1 && direction > 0 && now < by ? by : now + direction * by;
      input.value = String(Math.min(most, Math.max(least, next)));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return button;
  }
}
customElements.define("dose-stepper", DoseStepper);
