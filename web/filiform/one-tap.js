// <one-tap> round a form for an answer: its links open WhatsApp, SMS or a mail program with the
// text that stands in the form now, and a tap on one also sends the form, so that the answer is
// noted without a second tap. Without script the links hold the text that the page came with, and
// the answer is marked by hand.

const PLACES = { whatsapp: "text", sms: "body", email: "body" };

export class OneTap extends HTMLElement {
  connectedCallback() {
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.addEventListener("input", () => this.write(), { signal });
    this.addEventListener("click", (event) => this.tapped(event), { signal });
    this.write();
  }

  disconnectedCallback() { this.stop.abort(); }

  get form() { return this.querySelector("form"); }

  get links() { return [...this.querySelectorAll("a[data-channel]")]; }

  // By hand and not by URLSearchParams: that writes a space as +, which telephones show as it is.
  write() {
    const text = encodeURIComponent(this.querySelector("textarea")?.value ?? "");
    for (const link of this.links) {
      const [address] = link.getAttribute("href").split("?");
      link.setAttribute("href", `${address}?${PLACES[link.dataset.channel]}=${text}`);
    }
  }

  tapped(event) {
    const link = event.target.closest("a[data-channel]");
    if (!link) return;
    if (!this.querySelector("textarea").value.trim()) {
      // Nothing to send: the form says what is missing.
      event.preventDefault();
      this.form.reportValidity();
      return;
    }
    const chip = this.querySelector(`input[name="channel"][value="${link.dataset.channel}"]`);
    if (chip) chip.checked = true;
    // After the browser has followed the link.
    setTimeout(() => { if (this.isConnected) this.form.requestSubmit(this.querySelector("[data-mark]")); });
  }
}
customElements.define("one-tap", OneTap);
