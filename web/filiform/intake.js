// <concept-box>: a text field with suggestions, as the combobox pattern asks for. It wraps a real
// field: without this script the text is sent as it was typed.

import { announce, csrfToken } from "./filiform.js";

class ConceptBox extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input[type=text], input:not([type])");
    this.concept = this.querySelector("input[type=hidden]");
    this.list = this.querySelector("[data-list]");
    if (!this.field || !this.list) return;
    this.list.id ||= `${this.field.id}-list`;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) this.field.setAttribute(name, value);
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.field.addEventListener("input", () => this.typed(), { signal });
    this.field.addEventListener("keydown", (event) => this.key(event), { signal });
    this.field.addEventListener("blur", () => setTimeout(() => this.close(), 150), { signal });
    this.list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) { event.preventDefault(); this.choose(option); }
    }, { signal });
  }

  disconnectedCallback() { this.leaving?.abort(); clearTimeout(this.timer); this.asking?.abort(); }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  typed() {
    // Other words than the chosen ones: the code beside them no longer says what they say.
    this.concept.value = "";
    clearTimeout(this.timer);
    if (!this.field.value.trim()) { this.close(); return; }
    this.timer = setTimeout(() => this.ask(), 160);
  }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const body = new FormData();
    body.set("text", this.field.value);
    try {
      const answer = await fetch(this.dataset.suggest, {
        // By POST: what is typed about a patient stands in no address and no log.
        method: "POST", body, signal: this.asking.signal, headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
      });
      // Left meanwhile: a list that opens now would lie over the field that is filled in next.
      if (!answer.ok || document.activeElement !== this.field) return;
      this.list.innerHTML = await answer.text();
    } catch { return; }
    const number = this.options.length;
    this.field.setAttribute("aria-expanded", String(number > 0));
    this.field.removeAttribute("aria-activedescendant");
    announce(number ? `${number}` : this.list.textContent.trim());
  }

  key(event) {
    const open = this.field.getAttribute("aria-expanded") === "true";
    if (event.key === "Escape" && open) { event.preventDefault(); this.close(); return; }
    if (!open) { if (event.key === "ArrowDown" && this.field.value.trim()) { event.preventDefault(); this.ask(); } return; }
    const options = this.options;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") this.mark(options, (at + 1) % options.length);
    else if (event.key === "ArrowUp") this.mark(options, (at <= 0 ? options.length : at) - 1);
    else if (event.key === "Enter" && at >= 0) this.choose(options[at]);
    else return;
    event.preventDefault();
  }

  mark(options, at) {
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    this.field.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }

  choose(option) {
    this.field.value = option.dataset.text;
    this.concept.value = option.dataset.concept;
    const kind = this.closest("form")?.querySelector(`input[name=kind][value="${option.dataset.kind}"]`);
    if (kind && kind.type === "radio") kind.checked = true;
    this.close();
    this.dispatchEvent(new CustomEvent("concept-chosen", { bubbles: true, detail: { concept: option.dataset.concept } }));
  }

  close() {
    // What is still being asked would open it again, with what was just chosen as the question.
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list.replaceChildren();
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }
}
customElements.define("concept-box", ConceptBox);
