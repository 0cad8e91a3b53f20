// <consent-aloud>: the browser's voice reads a text, part by part, and marks where it is. The voice must
// be of the text's own language: an English voice that spells Urdu letters helps nobody.
const PARTS = "h2, h3, h4, p, li";

class ConsentAloud extends HTMLElement {
  connectedCallback() {
    if (!("speechSynthesis" in window)) return;
    this.hidden = false;
    this.read = this.querySelector("[data-read]");
    this.quiet = this.querySelector("[data-quiet]");
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.read.addEventListener("click", () => this.begin(), { signal });
    this.quiet.addEventListener("click", () => this.end(), { signal });
    window.addEventListener("pagehide", () => this.end(), { signal });
  }

  disconnectedCallback() {
    this.stop?.abort();
    this.end();
  }

  get voice() {
    return speechSynthesis.getVoices().find((one) => one.lang.toLowerCase().startsWith(this.dataset.lang));
  }

  // What is inside another part, or only for the practitioner, is not read twice or at all.
  parts() {
    const text = document.querySelector(this.dataset.what);
    return [...text.querySelectorAll(PARTS)].filter((part) =>
      !part.closest(".no-speech") && !part.parentElement.closest("li") && part.textContent.trim());
  }

  async begin() {
    const told = this.querySelector("[data-told]");
    told.textContent = "";
    // Some browsers know their voices only some time after they were asked the first time.
    if (!this.voice) await new Promise((done) => { speechSynthesis.addEventListener("voiceschanged", done, { once: true }); setTimeout(done, 700); });
    if (!this.voice) { told.textContent = this.dataset.none; return; }
    this.turn(true);
    const reading = Symbol("reading");
    this.reading = reading;
    for (const part of this.parts()) {
      await this.say(part);
      if (this.reading !== reading) return;
    }
    this.end();
  }

  say(part) {
    return new Promise((done) => {
      const words = new SpeechSynthesisUtterance(part.textContent.replace(/\s+/g, " ").trim());
      words.voice = this.voice;
      words.lang = this.voice.lang;
      part.classList.add("being-read");
      part.scrollIntoView({ block: "nearest" });
      const over = () => { part.classList.remove("being-read"); done(); };
      words.addEventListener("end", over);
      words.addEventListener("error", over);
      speechSynthesis.speak(words);
    });
  }

  end() {
    this.reading = null;
    window.speechSynthesis?.cancel();
    if (this.read) this.turn(false);
  }

  turn(on) {
    this.read.hidden = on;
    this.quiet.hidden = !on;
  }
}
customElements.define("consent-aloud", ConsentAloud);
