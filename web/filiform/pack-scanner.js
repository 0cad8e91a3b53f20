// <pack-scanner module wasm starts stops none [sends]>: a text field that the camera can fill.
//
// The reader of codes (a megabyte of WebAssembly, served by us) is loaded at the first tap, never
// before. A keyboard scanner types into the same field and ends with Enter, which sends the form.
// What was read is sent as it is, separators too: the server decides what it says.

const FORMATS = ["data_matrix", "qr_code", "code_128", "ean_13", "ean_8", "upc_a", "itf"];
const LOOK_MS = 150;

export class PackScanner extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    if (!this.field || this.button) return;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "button";
    this.says(this.getAttribute("starts"));
    this.button.addEventListener("click", () => (this.stream ? this.stop() : this.start()));
    this.append(this.button);
    this.field.focus({ preventScroll: true });
  }

  disconnectedCallback() { this.stop(); }

  says(text) { this.button.textContent = text; }

  async start() {
    // A second tap while the browser asks for leave would open a camera that nobody can stop.
    if (this.starting) return;
    this.starting = true;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      this.detector ??= await this.makeDetector();
    } catch {
      this.stop();
      this.tell(this.getAttribute("none"));
      return;
    } finally {
      this.starting = false;
    }
    // Left while it was asked: the camera came too late.
    if (!this.isConnected) { this.stop(); return; }
    this.video = document.createElement("video");
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.srcObject = this.stream;
    this.append(this.video);
    this.says(this.getAttribute("stops"));
    await this.video.play().catch(() => {});
    this.look();
  }

  async makeDetector() {
    const { makeDetector } = await import(this.getAttribute("module"));
    return makeDetector({ wasm: this.getAttribute("wasm"), formats: FORMATS });
  }

  async look() {
    if (!this.stream) return;
    const codes = await this.detector.detect(this.video).catch(() => []);
    if (codes.length && this.stream) { this.read(codes[0].rawValue); return; }
    setTimeout(() => this.look(), LOOK_MS);
  }

  read(text) {
    this.stop();
    this.field.value = text;
    globalThis.navigator?.vibrate?.(40);
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.form?.requestSubmit();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video?.remove();
    if (this.button) this.says(this.getAttribute("starts"));
  }

  tell(text) {
    let place = this.querySelector("[role=status]");
    if (!place) {
      place = document.createElement("p");
      place.setAttribute("role", "status");
      this.append(place);
    }
    place.textContent = text;
  }
}

if (!customElements.get("pack-scanner")) customElements.define("pack-scanner", PackScanner);
