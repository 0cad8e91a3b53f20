// Three short tones, for what must be heard. Browsers play no sound before the first tap on a page,
// so `wake` belongs into the handler of a tap; before it, nothing sounds and nothing fails.

const STEP_S = 0.22;

export class Tones {
  wake() {
    const Context = globalThis.AudioContext;
    if (!Context) return;
    this.audio ??= new Context();
    if (this.audio.state === "suspended") this.audio.resume();
  }

  // hertz: of each tone, one after the other.
  play(hertz) {
    if (this.audio?.state !== "running") return;
    const start = this.audio.currentTime;
    for (const [place, height] of hertz.entries()) {
      const voice = this.audio.createOscillator();
      const volume = this.audio.createGain();
      const at = start + place * STEP_S;
      voice.frequency.value = height;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.4, at + 0.02);
      volume.gain.linearRampToValueAtTime(0, at + STEP_S - 0.02);
      voice.connect(volume).connect(this.audio.destination);
      voice.start(at);
      voice.stop(at + STEP_S - 0.01);
    }
  }
}
