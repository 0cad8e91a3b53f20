// Plan: the depth bar.

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
