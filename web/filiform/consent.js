// <signature-pad>: a signature drawn with pen, finger or mouse, as SVG path data in a box of
// 600 x 200. It belongs to its form like any field. Without it (or by keyboard) "signed on paper"
// does the same job.

const WIDE = 600;
const HIGH = 200;
const NEAR = 1.5; // units between two points that are worth keeping

class SignaturePad extends HTMLElement {
  static formAssociated = true;

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.strokes = [];
    this.drawing = null;
  }

  connectedCallback() {
    if (!this.canvas) this.build();
    // Canvas and colours are watched only while the pad is in a page, and again when it comes back.
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.canvas);
    this.schemes = matchMedia("(prefers-color-scheme: dark)");
    this.repaint = () => this.paint();
    this.schemes.addEventListener("change", this.repaint);
    this.changed(false);
  }

  build() {
    this.replaceChildren();
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", this.dataset.label);
    const hint = Object.assign(document.createElement("p"), { className: "hint", textContent: this.dataset.label });
    const tools = Object.assign(document.createElement("div"), { className: "tools" });
    tools.append(this.button(this.dataset.undo, () => this.strokes.pop()), this.button(this.dataset.clear, () => { this.strokes = []; }));
    this.append(hint, this.canvas, tools);
    this.strokes = strokesOf(this.getAttribute("value") ?? "");
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.go(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.end());
  }

  disconnectedCallback() {
    this.drawing = null;
    this.watcher?.disconnect();
    this.schemes?.removeEventListener("change", this.repaint);
  }

  get value() { return pathOf(this.strokes); }

  set value(path) { this.strokes = strokesOf(String(path ?? "")); this.changed(false); }

  get name() { return this.getAttribute("name") ?? ""; }

  get form() { return this.internals.form; }

  formResetCallback() { this.strokes = strokesOf(this.getAttribute("value") ?? ""); this.changed(); }

  formStateRestoreCallback(state) { this.value = state; }

  formDisabledCallback(disabled) {
    this.disabled = disabled;
    for (const button of this.querySelectorAll("button")) button.disabled = disabled;
  }

  button(label, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: label });
    button.addEventListener("click", () => { act(); this.changed(); });
    return button;
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = WIDE / box.width;
    // A tenth of a unit is finer than any pen, and keeps the path short enough to be sent.
    const keep = (value, most) => Math.round(Math.min(most, Math.max(0, value)) * 10) / 10;
    return [keep((event.clientX - box.left) * scale, WIDE), keep((event.clientY - box.top) * scale, HIGH)];
  }

  begin(event) {
    if (event.button !== 0 || this.disabled) return;
    event.preventDefault();
    // A stroke that leaves the pad ends here all the same.
    this.canvas.setPointerCapture(event.pointerId);
    this.drawing = [this.place(event)];
    this.strokes.push(this.drawing);
    this.paint();
  }

  go(event) {
    if (!this.drawing) return;
    // A pen tells more places than there are frames: without them quick letters get corners.
    for (const part of event.getCoalescedEvents?.() ?? [event]) {
      const next = this.place(part);
      const last = this.drawing.at(-1);
      if (Math.hypot(next[0] - last[0], next[1] - last[1]) >= NEAR) this.drawing.push(next);
    }
    this.paint();
  }

  end() {
    if (!this.drawing) return;
    this.drawing = null;
    this.changed();
  }

  changed(tell = true) {
    this.internals.setFormValue(this.value);
    this.classList.toggle("signed", this.strokes.length > 0);
    if (this.canvas) this.paint();
    if (tell) this.dispatchEvent(new Event("input", { bubbles: true }));
  }

  fit() {
    const box = this.canvas.getBoundingClientRect();
    const fine = devicePixelRatio || 1;
    const wide = Math.round(box.width * fine);
    // Setting the size wipes the canvas, even when it is the same.
    if (!wide || this.canvas.width === wide) return;
    this.canvas.width = wide;
    this.canvas.height = Math.round((wide * HIGH) / WIDE);
    this.paint();
  }

  paint() {
    const brush = this.canvas.getContext("2d");
    const scale = this.canvas.width / WIDE;
    brush.setTransform(scale, 0, 0, scale, 0, 0);
    brush.clearRect(0, 0, WIDE, HIGH);
    Object.assign(brush, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: getComputedStyle(this.canvas).color });
    for (const stroke of this.strokes) {
      brush.beginPath();
      brush.moveTo(...stroke[0]);
      // A dot: a line of no length isn't drawn.
      if (stroke.length === 1) brush.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
      for (const point of stroke.slice(1)) brush.lineTo(...point);
      brush.stroke();
    }
  }
}

const pathOf = (strokes) => strokes.map((stroke) => stroke.map(([x, y], n) => `${n ? "L" : "M"}${x} ${y}`).join(" ")).join(" ");

function strokesOf(path) {
  const strokes = [];
  for (const [, kind, x, y] of path.matchAll(/([ML]) ?(-?[\d.]+) (-?[\d.]+)/g)) {
    if (kind === "M") strokes.push([]);
    strokes.at(-1)?.push([Number(x), Number(y)]);
  }
  return strokes;
}

customElements.define("signature-pad", SignaturePad);

// Only the fields of the chosen way to sign are shown.
function showFieldsOf(form) {
  const method = form.querySelector("input[name=method]:checked")?.value ?? "drawn";
  for (const part of form.querySelectorAll("[data-for-method]")) part.hidden = part.dataset.forMethod !== method;
}
const form = document.getElementById("consent-form");
if (form) {
  form.addEventListener("change", () => showFieldsOf(form));
  showFieldsOf(form);
}
