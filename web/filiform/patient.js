// The patient's own pages. They work without any of this; here is what helps whoever can't read or
// write: <read-aloud> says what stands in it, <voice-answer> writes down what is said. Both show
// their button only where the browser can do it.

const LANGUAGES = { en: ["en-GB", "en-US", "en"], ur: ["ur-PK", "ur-IN", "ur"] };

const button = (host, words, icon) => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small speak";
  made.textContent = `${icon} ${words}`;
  host.prepend(made);
  return made;
};

// Reads the headings, paragraphs and choices one after another, each in its own language.
export class ReadAloud extends HTMLElement {
  connectedCallback() {
    const speech = globalThis.speechSynthesis;
    if (!speech || !globalThis.SpeechSynthesisUtterance || this.button) return;
    this.speech = speech;
    this.button = button(this, this.dataset.say, "\u25B6");
    this.button.addEventListener("click", () => (this.speaks ? this.stop() : this.start()));
  }

  disconnectedCallback() {
    if (this.button) this.stop();
    this.button?.remove();
    this.button = undefined;
  }

  get parts() {
    const found = [...this.querySelectorAll("h1, h2, h3, p, .tiles span, .choice, .button.well")];
    return found.filter((one) => one.textContent.trim());
  }

  start() {
    const { parts } = this;
    this.speaks = true;
    this.button.textContent = `\u25A0 ${this.dataset.stop}`;
    this.speech.cancel();
    parts.forEach((part, place) => {
      const said = new SpeechSynthesisUtterance(part.textContent.trim().replace(/\s+/gu, " "));
      said.lang = this.languageOf(part);
      said.rate = 0.9;
      if (place === parts.length - 1) said.onend = () => this.rest();
      this.speech.speak(said);
    });
  }

  languageOf(part) {
    // In the order of LANGUAGES: which voices there are is the telephone's choice.
    const wanted = LANGUAGES[part.closest("[lang]")?.lang] ?? LANGUAGES.en;
    const voices = this.speech.getVoices?.() ?? [];
    // Android writes "ur_PK".
    return wanted.find((one) => voices.some((voice) => voice.lang.replace("_", "-") === one)) ?? wanted[0];
  }

  stop() {
    this.speech.cancel();
    this.rest();
  }

  rest() {
    this.speaks = false;
    if (this.button) this.button.textContent = `\u25B6 ${this.dataset.say}`;
  }
}

// Writes what is said into the text field in it; the field can be typed into all the same.
export class VoiceAnswer extends HTMLElement {
  connectedCallback() {
    const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
    if (!Recognition || this.button) return;
    this.field = this.querySelector("textarea");
    this.button = button(this, this.dataset.speak, "\u25CF");
    this.button.addEventListener("click", () => this.listen(new Recognition()));
  }

  disconnectedCallback() {
    this.ear?.abort?.();
    this.button?.remove();
    this.button = undefined;
  }

  listen(ear) {
    this.ear = ear;
    [ear.lang] = LANGUAGES[this.lang] ?? LANGUAGES.en;
    ear.onresult = ({ results }) => {
      // Behind what stands there: it may have been typed, or said a moment ago.
      const heard = [...results].map((one) => one[0].transcript).join(" ").trim();
      this.field.value = [this.field.value.trim(), heard].filter(Boolean).join(" ");
    };
    ear.onend = () => { if (this.button) this.button.textContent = `\u25CF ${this.dataset.speak}`; };
    this.button.textContent = this.dataset.listening;
    ear.start();
  }
}

customElements.define("read-aloud", ReadAloud);
customElements.define("voice-answer", VoiceAnswer);
