// <body-time>: a slider through the visits; the body and the words beside it follow. The page holds the visit that is
// shown first; the others are fetched when somebody takes hold of the slider, since hardly anybody does.

class BodyTime extends HTMLElement {
  connectedCallback() {
    this.chart = this.querySelector("body-chart");
    this.range = this.querySelector("input[type=range]");
    this.choices = this.querySelector("select");
    if (!this.range) return;
    this.querySelector("[data-with-script]").hidden = false;
    this.querySelector("[data-without-script]").hidden = true;
    this.stop = new AbortController();
    const { signal } = this.stop;
    // By the first movement they are usually there. Not at focus: passing by with Tab is no look at all visits.
    this.range.addEventListener("pointerdown", () => this.fetched(), { signal });
    this.range.addEventListener("input", () => this.show(), { signal });
    this.querySelector("[data-slider]").addEventListener("submit", (event) => event.preventDefault(), { signal });
    this.chart?.addEventListener("failed", () => this.without(), { signal });
  }

  disconnectedCallback() { this.stop?.abort(); }

  // Once; whoever asks again waits for the same answer.
  fetched() {
    this.fetching ??= this.fetchMoments();
    return this.fetching;
  }

  async fetchMoments() {
    const answer = await fetch(this.dataset.moments, { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return false;
    const shown = this.querySelector("[data-moment]");
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    for (const one of template.content.querySelectorAll("[data-moment]")) {
      if (one.dataset.moment === shown.dataset.moment) continue;
      one.hidden = true;
      shown.parentElement.append(one);
    }
    return true;
  }

  async show() {
    const day = this.choices.options[Number(this.range.value)].text;
    this.range.setAttribute("aria-valuetext", day);
    const all = await this.fetched();
    // Where the slider stands by now: it may have moved on meanwhile.
    const { value } = this.choices.options[Number(this.range.value)];
    const moments = [...this.querySelectorAll("[data-moment]")];
    const chosen = moments.find((one) => one.dataset.moment === value);
    if (!all || !chosen) return this.without(value);
    for (const one of moments) one.hidden = one !== chosen;
    this.chart?.setAttribute("data-show", chosen.dataset.show);
  }

  // The pictures of one visit come from the server: without the chart, or without an answer, the page is asked for them.
  without(value = this.choices.options[Number(this.range.value)].value) {
    this.choices.value = value;
    this.querySelector("[data-with-script]").hidden = true;
    this.querySelector("[data-without-script]").hidden = false;
    this.stop.abort();
  }
}
customElements.define("body-time", BodyTime);
