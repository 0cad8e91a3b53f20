// Keeps the screen on while needles are in: a tablet that goes dark on its stand is touched with
// gloves to wake it, or not looked at. The lock is lost whenever the page is hidden, so it is asked
// for again; where a browser has none, the device's own setting decides.

export class Awake {
  constructor(wanted) { this.wanted = wanted; }

  begin() {
    document.addEventListener("visibilitychange", () => this.keep());
    this.keep();
  }

  async keep() {
    if (!navigator.wakeLock) return;
    if (!this.wanted()) { this.lock?.release().catch(() => {}); this.lock = null; return; }
    if (document.hidden || (this.lock && !this.lock.released)) return;
    try { this.lock = await navigator.wakeLock.request("screen"); } catch { /* a low battery refuses it */ }
  }
}
