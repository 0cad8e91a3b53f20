// Story and Plan: choosing a region by tapping, adding and taking away areas, the depth bar.

// <region-picker> wraps a select. It shows a button that opens all regions as chips under their
// headings, with a search over them; what is chosen goes into the select.
class RegionPicker extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select[data-region]");
    if (!this.select || this.button) return;
    this.button = document.createElement("button");
    Object.assign(this.button, { type: "button", className: "button region-button" });
    this.button.setAttribute("aria-haspopup", "dialog");
    this.select.after(this.button);
    this.select.hidden = true;
    const label = this.querySelector("label");
    this.labelText = label?.textContent ?? "";
    this.button.id = `${this.select.id}-button`;
    label?.setAttribute("for", this.button.id);
    this.stop = new AbortController();
    const options = { signal: this.stop.signal };
    this.button.addEventListener("click", () => this.open(), options);
    this.select.addEventListener("change", () => this.show(), options);
    this.closest("form")?.addEventListener("draft-restored", () => this.show(), options);
    this.show();
  }
  disconnectedCallback() { this.stop?.abort(); this.dialog?.remove(); this.dialog = null; }
  show() {
    const chosen = this.select.selectedOptions[0];
    this.button.textContent = this.select.value ? chosen.textContent : this.dataset.choose;
    this.button.setAttribute("aria-label", `${this.labelText}: ${this.button.textContent}`);
  }
  open() {
    if (!this.dialog) this.build();
    for (const chip of this.dialog.querySelectorAll("[data-value]")) {
      chip.setAttribute("aria-pressed", String(chip.dataset.value === this.select.value));
    }
    this.search.value = "";
    this.filter("");
    this.dialog.showModal();
  }
  build() {
    const dialog = document.createElement("dialog");
    dialog.className = "region-dialog";
    dialog.setAttribute("aria-label", this.dataset.choose);
    const head = Object.assign(document.createElement("div"), { className: "head" });
    this.search = Object.assign(document.createElement("input"), { type: "search", placeholder: this.dataset.search, dir: "auto" });
    this.search.setAttribute("aria-label", this.dataset.search);
    const close = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: this.dataset.close });
    close.addEventListener("click", () => dialog.close());
    head.append(this.search, close);
    const body = Object.assign(document.createElement("div"), { className: "body" });
    for (const group of this.select.querySelectorAll("optgroup")) {
      const section = document.createElement("section");
      const chips = Object.assign(document.createElement("div"), { className: "chips" });
      section.append(Object.assign(document.createElement("h3"), { textContent: group.label }), chips);
      for (const option of group.querySelectorAll("option")) {
        const chip = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: option.textContent });
        chip.dataset.value = option.value;
        chips.append(chip);
      }
      body.append(section);
    }
    this.none = Object.assign(document.createElement("p"), { className: "soft", textContent: this.dataset.none, hidden: true });
    this.none.setAttribute("role", "status");
    body.append(this.none);
    body.addEventListener("click", (event) => {
      const chip = event.target.closest("[data-value]");
      if (!chip) return;
      this.select.value = chip.dataset.value;
      this.select.dispatchEvent(new Event("input", { bubbles: true }));
      this.show();
      dialog.close();
      this.button.focus();
    });
    this.search.addEventListener("input", () => this.filter(this.search.value));
    this.search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      body.querySelector("section:not([hidden]) [data-value]:not([hidden])")?.click();
    });
    dialog.append(head, body);
    // Inside the form the dialog's search would be sent and kept as a draft.
    document.body.append(dialog);
    this.dialog = dialog;
  }
  filter(text) {
    const wanted = text.trim().toLocaleLowerCase();
    let any = false;
    for (const section of this.dialog.querySelectorAll("section")) {
      const inHeading = section.querySelector("h3").textContent.toLocaleLowerCase().includes(wanted);
      let some = false;
      for (const chip of section.querySelectorAll("[data-value]")) {
        chip.hidden = !(inHeading || chip.textContent.toLocaleLowerCase().includes(wanted));
        some ||= !chip.hidden;
      }
      section.hidden = !some;
      any ||= some;
    }
    this.none.hidden = any;
  }
}
customElements.define("region-picker", RegionPicker);

// <area-list>: all rows are in the page; those that are not needed yet are hidden.
class AreaList extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const options = { signal: this.stop.signal };
    this.addEventListener("click", (event) => this.clicked(event), options);
    this.closest("form")?.addEventListener("draft-restored", () => this.reveal(), options);
  }
  disconnectedCallback() { this.stop?.abort(); }
  get rows() { return [...this.querySelectorAll("[data-area]")]; }
  clicked(event) {
    const button = event.target.closest("button");
    if (button?.name === "add-area") {
      const next = this.rows.find((row) => row.hidden);
      if (!next) return; // the server adds one and keeps what was entered
      event.preventDefault();
      next.hidden = false;
      next.querySelector(".region-button, select")?.focus();
    } else if (button?.name === "remove-area") {
      event.preventDefault();
      this.clear(button.closest("[data-area]"));
    }
  }
  clear(row) {
    for (const input of row.querySelectorAll("input")) input.checked = false;
    const select = row.querySelector("select");
    select.value = "";
    select.dispatchEvent(new Event("change"));
    select.dispatchEvent(new Event("input", { bubbles: true }));
    if (this.rows.filter((one) => !one.hidden).length > 1) row.hidden = true;
    const add = this.querySelector("[name=add-area]");
    add.hidden = false;
    add.focus();
  }
  reveal() {
    for (const row of this.rows) if (row.querySelector("select").value) row.hidden = false;
  }
}
customElements.define("area-list", AreaList);

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
