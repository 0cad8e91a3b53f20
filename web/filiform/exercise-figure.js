// <exercise-figure data-moving="..." data-play="..." data-stop="..."> round a picture of start and end.
// A tap sets it in motion and a second one stops it; it stops by itself when it is scrolled out of sight
// or the page is hidden. With `autoplay` it begins when it is seen, unless less motion is wanted.
// Only one moves at a time: two moving things beside a text keep it from being read.

const PLAY = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 2.5v11l9-5.5z"/></svg>';
const STOP = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 3h3v10H4zm5 0h3v10H9z"/></svg>';
let moving = null;

class ExerciseFigure extends HTMLElement {
  connectedCallback() {
    this.picture = this.querySelector("img");
    if (!this.picture || !this.dataset.moving) return;
    // Moved in the page it comes back with its button: one is enough.
    this.still ??= this.picture.getAttribute("src");
    if (!this.querySelector("button")) this.append(this.button());
    this.hidden_ = () => { if (document.hidden) this.stop(); };
    document.addEventListener("visibilitychange", this.hidden_);
    this.watcher = new IntersectionObserver((entries) => this.seen(entries.at(-1).isIntersecting));
    this.watcher.observe(this);
  }

  disconnectedCallback() {
    this.stop();
    this.watcher?.disconnect();
    if (this.hidden_) document.removeEventListener("visibilitychange", this.hidden_);
  }

  button() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.innerHTML = PLAY;
    button.setAttribute("aria-label", this.dataset.play);
    button.addEventListener("click", () => (this.moves ? this.stop() : this.play()));
    return button;
  }

  seen(isSeen) {
    if (!isSeen) this.stop();
    else if (this.hasAttribute("autoplay") && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.play();
  }

  play() {
    if (this.moves) return;
    moving?.stop();
    moving = this;
    this.moves = true;
    this.show(this.dataset.moving, STOP, this.dataset.stop);
  }

  stop() {
    if (!this.moves) return;
    this.moves = false;
    if (moving === this) moving = null;
    this.show(this.still, PLAY, this.dataset.play);
  }

  show(source, sign, label) {
    this.picture.setAttribute("src", source);
    const button = this.querySelector("button");
    button.innerHTML = sign;
    button.setAttribute("aria-label", label);
  }
}
customElements.define("exercise-figure", ExerciseFigure);
