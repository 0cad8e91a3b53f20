// Before a visit, on the patient's phone. Everything works without it; here <keep-aside> sends what
// stands half told when the phone is put away, and <name-box> offers names while one is typing.

const QUIET_MS = 250;

// Nothing is sent when a button has been tapped: then the form itself is on its way.
export class KeepAside extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.form?.addEventListener("input", () => { this.touched = true; });
    this.form?.addEventListener("submit", () => { this.touched = false; });
    this.hide = () => this.keep();
    document.addEventListener("visibilitychange", this.hide);
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.hide);
  }

  keep() {
    if (document.visibilityState !== "hidden" || !this.touched) return;
    const data = new FormData(this.form);
    data.append("kept-aside", "yes");
    // A beacon outlives the page; a fetch ends with the phone's screen.
    navigator.sendBeacon(this.form.action, data);
    this.touched = false;
  }
}

export class NameBox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.place = this.querySelector(".suggested");
    this.input?.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), QUIET_MS);
    });
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  async ask() {
    const text = this.input.value.trim();
    if (text.length < 2) { this.place.replaceChildren(); return; }
    const body = new FormData();
    body.append("text", text);
    body.append("csrfmiddlewaretoken", this.closest("form").elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(this.dataset.suggest, { method: "POST", body });
      if (!answer.ok) return;
      const html = await answer.text();
      // A slow line may answer an older question last.
      if (text === this.input.value.trim()) this.show(html);
    } catch { /* offline: the name is typed in full */ }
  }

  show(html) {
    this.place.innerHTML = html;
    this.place.querySelectorAll("button").forEach((one) => {
      one.addEventListener("click", () => { this.input.value = one.dataset.text; });
    });
  }
}

customElements.define("keep-aside", KeepAside);
customElements.define("name-box", NameBox);
