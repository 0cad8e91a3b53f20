// <body-time>: a slider through the visits; the body and the words beside it follow.

class BodyTime extends HTMLElement {
  connectedCallback() {
    this.chart = this.querySelector("body-chart");
    this.range = this.querySelector("input[type=range]");
    this.moments = [...this.querySelectorAll("[data-moment]")];
    if (!this.range) return;
    this.querySelector("[data-with-script]").hidden = false;
    this.querySelector("[data-without-script]").hidden = true;
    this.stop = new AbortController();
    const { signal } = this.stop;
    this.range.addEventListener("input", () => this.show(), { signal });
    this.querySelector("[data-slider]").addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.chart?.addEventListener("failed", () => this.without(), { signal });
  }

  disconnectedCallback() { this.stop?.abort(); }

  show() {
    const chosen = this.moments[Number(this.range.value)];
    for (const one of this.moments) one.hidden = one !== chosen;
    this.range.setAttribute("aria-valuetext", chosen.dataset.day);
    this.chart?.setAttribute("data-show", chosen.dataset.show);
  }

  // The pictures of one visit come from the server: without the chart the page is asked for them.
  without() {
    this.querySelector("[data-with-script]").hidden = true;
    this.querySelector("[data-without-script]").hidden = false;
    this.stop.abort();
  }
}
customElements.define("body-time", BodyTime);
