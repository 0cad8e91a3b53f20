// <body-chart>: the body as a field of a form, or as a picture. docs/reference/body-chart.md.
//
// Its children are what is seen without it: they stay until the picture stands, and come back when
// the graphics card fails. Children with data-beside always stay.

import { Brush } from "./brush.js";
import { palette } from "./colours.js";
import { fetched, readPoints, readSurface } from "./documents.js";
import { Drawing } from "./drawing.js";
import { Gestures } from "./gestures.js";
import { Hover } from "./hover.js";
import { bodyOf } from "./mesh.js";
import { Picker, describe, placeOf, placeText } from "./picker.js";
import { paintDrawing, paintShown } from "./pictures.js";
import { Pins } from "./pins.js";
import { BRUSHES, Toolbar, make } from "./toolbar.js";
import { CLOSE_UPS, SIDES, pointsIn } from "./views.js";

const MODES = ["paint", "pick", "show"];
const SPACING = 0.35; // of the brush's radius, between two dabs
const NEAR_SIGHT = "50% 0px"; // of the window's height: three.js is loaded while one scrolls there
let counted = 0;

class BodyChart extends HTMLElement {
  static formAssociated = true;

  static observedAttributes = ["value", "data-show", "body", "skin", "disabled", "mode"];

  constructor() {
    super();
    this.internals = this.attachInternals();
    this.number = counted += 1;
    this.kept = ""; // the value, when there is no drawing to ask
    this.tool = "medium";
    this.quality = "";
    this.intensity = -1;
    this.cost = { frames: [], dabs: [] }; // ms, the last 200: read by the benchmark
  }

  // --- form -------------------------------------------------------------------------------------
  get mode() { return MODES.includes(this.getAttribute("mode")) ? this.getAttribute("mode") : "show"; }

  get name() { return this.getAttribute("name") ?? ""; }

  get form() { return this.internals.form; }

  get value() { return this.kept; }

  set value(text) {
    const given = String(text ?? "");
    if (given === this.kept) return;
    this.kept = given;
    this.take();
    this.tell();
  }

  get disabled() { return this.hasAttribute("disabled") || this.formDisabled === true; }

  formResetCallback() { this.value = this.getAttribute("value") ?? ""; }

  formDisabledCallback(disabled) { this.formDisabled = disabled; this.frame?.classList.toggle("bc-disabled", disabled); this.refresh(); }

  formStateRestoreCallback(state) { this.value = state; }

  // Where the picture failed, the fields beneath it are what is sent.
  tell() { this.internals.setFormValue(this.mode === "show" || (this.failed && !this.kept) ? null : this.kept); }

  // --- life -------------------------------------------------------------------------------------
  connectedCallback() {
    if (!this.started) { this.started = true; this.kept ||= this.getAttribute("value") ?? ""; this.quality = this.getAttribute("quality") ?? ""; }
    this.tell();
    this.stop = new AbortController();
    this.ready = this.open().catch((error) => { if (this.isConnected) this.fail(error); });
  }

  disconnectedCallback() {
    this.stop.abort();
    this.close();
    this.fallback(true);
  }

  attributeChangedCallback(name, before, now) {
    if (!this.started || before === now) return;
    if (name === "value") this.value = now;
    else if (name === "data-show") { this.paintAll(); this.showLegend(); }
    else if (name === "disabled") this.formDisabledCallback(this.hasAttribute("disabled"));
    else if (name === "skin") this.dress();
    // Another body or another mode is another chart: it begins anew, with the value that it has.
    else if (this.isConnected) { this.disconnectedCallback(); this.connectedCallback(); }
  }

  // Resolves when the chart comes near sight, or is taken out of the page.
  nearSight() {
    const { signal } = this.stop;
    return new Promise((resolve) => {
      const watcher = new IntersectionObserver((seen) => {
        if (seen.some((one) => one.isIntersecting)) { watcher.disconnect(); resolve(); }
      }, { rootMargin: NEAR_SIGHT });
      watcher.observe(this);
      signal.addEventListener("abort", () => { watcher.disconnect(); resolve(); });
    });
  }

  async open() {
    const stopped = this.stop.signal;
    await this.nearSight();
    if (stopped.aborted) return;
    // three.js is by far the largest script: only a picture that is looked at needs it.
    const drawn = import("./stage.js");
    drawn.catch(() => {}); // told below; a failure of the others must not leave it unheard
    const wanted = [fetched(this.getAttribute("surface"), readSurface), fetched(this.getAttribute("body"), readPoints)];
    const reference = this.getAttribute("reference");
    if (this.mode === "pick" && reference) wanted.push(fetched(reference, readPoints));
    const [surface, body, standard] = await Promise.all(wanted);
    const { Stage } = await drawn;
    if (stopped.aborted) return;
    if (body.release !== surface.release) throw new Error("surface and body are of different releases");
    const before = performance.now();
    this.body = bodyOf(surface, body.points);
    this.cost.opened = performance.now() - before;
    this.reference = standard?.points ?? body.points;
    this.build(Stage);
    this.take();
    this.fallback(false);
    this.stage.resize();
    this.go(this.getAttribute("close-up") ?? "whole", this.getAttribute("view") ?? "front", { calm: true });
    this.watchTheme();
    this.dispatchEvent(new CustomEvent("ready"));
  }

  build(Stage) {
    const words = JSON.parse(this.dataset.words ?? "{}");
    this.words = words;
    const icons = JSON.parse(this.dataset.icons ?? "{}");
    this.toolbar = new Toolbar(this, { words, icons, qualities: JSON.parse(this.dataset.qualities ?? "[]") });
    this.canvas = make("canvas", {
      class: "bc-canvas", tabindex: "0", role: "application",
      "aria-label": this.getAttribute("label") ?? words.label, "aria-describedby": `bc-help-${this.number}`,
    });
    this.over = make("div", { class: "bc-over" });
    const ring = make("div", { class: "bc-ring", hidden: true });
    this.says = make("p", { class: "bc-says", role: "status" });
    const help = make("p", { class: "visually-hidden", id: `bc-help-${this.number}` }, words.help?.[this.mode] ?? "");
    const stage = make("div", { class: "bc-stage" },
      this.canvas, this.over, make("div", { class: "bc-over" }, ring), help, this.says, this.toolbar.zooms(), this.toolbar.sides());
    this.panel = make("div", { class: "bc-panel" });
    this.frame = make("div", { class: `bc-frame bc-${this.mode}` }, stage, this.panel);
    this.prepend(this.frame);
    this.stage = new Stage(this.canvas, {
      onFrame: (ms) => { this.note("frames", ms); this.pins?.follow(this.stage); },
      onLost: () => this.fallback(true, words.lost),
      onBack: () => { this.fallback(false); this.paintAll(); },
    });
    this.stage.refit = () => this.refit();
    this.stage.show(this.body);
    this.picker = new Picker(this.body);
    this.brush = new Brush(this.body);
    this.pins = new Pins(this.over, (pin) => this.picked({ pin: pin.id }));
    this.pointer = new Hover(this, ring);
    this.gestures = new Gestures(this.canvas, this.stage, this);
    this.drawing = new Drawing(this.body);
    this.fillPanel();
    this.dress();
  }

  fillPanel() {
    const { toolbar, panel, mode } = this;
    if (mode === "paint") panel.append(toolbar.tools(), toolbar.layers());
    panel.append(toolbar.closeUps());
    this.showLegend();
    this.formDisabledCallback(this.disabled);
  }

  // What the marks in the picture mean; it follows what is shown.
  showLegend() {
    if (this.mode === "paint" || !this.frame) return;
    this.legend?.remove();
    this.legend = this.toolbar.legend(this.shown());
    if (this.legend) this.panel.prepend(this.legend);
  }

  close() {
    this.gestures?.dispose();
    this.stage?.dispose();
    this.frame?.remove();
    this.said = false;
    for (const part of ["gestures", "pointer", "stage", "frame", "drawing", "picker", "brush", "pins", "canvas"]) this[part] = null;
  }

  // The way without the picture. Fields in it that bear our name would be sent twice.
  fallback(shows, sentence = "") {
    if (this.frame) this.frame.hidden = shows;
    for (const child of this.children) {
      if (child === this.frame || child === this.sentence || child.hasAttribute("data-beside")) continue;
      child.toggleAttribute("data-away", !shows);
      for (const field of child.querySelectorAll("[name]")) if (field.name === this.name) field.disabled = !shows || this.kept !== "";
    }
    this.sentence?.remove();
    this.sentence = sentence ? make("p", { class: "hint bc-sentence", role: "status" }, sentence) : null;
    if (this.sentence) this.prepend(this.sentence);
  }

  fail(error) {
    this.failed = true;
    this.close();
    const words = JSON.parse(this.dataset.words ?? "{}");
    this.fallback(true, words.failed);
    this.tell();
    this.dispatchEvent(new CustomEvent("failed", { detail: { message: error.message } }));
  }

  // --- look -------------------------------------------------------------------------------------
  watchTheme() {
    const again = () => this.dress();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", again, { signal: this.stop.signal });
    const watcher = new MutationObserver(again);
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    this.stop.signal.addEventListener("abort", () => watcher.disconnect());
  }

  dress() {
    if (!this.stage) return;
    this.colours = palette(this);
    this.stage.dress(this.colours);
    const css = (rgb) => `rgb(${rgb.map(Math.round).join(" ")})`;
    this.colours.scale.forEach((rgb, i) => this.frame.style.setProperty(`--bc-heat-${i}`, css(rgb)));
    for (const name of ["bruise", "then", "now", "both", "skin"]) this.frame.style.setProperty(`--bc-${name}`, css(this.colours[name]));
    this.paintAll();
  }

  shown() {
    const inside = this.querySelector(":scope > script[type='application/json']");
    try { return JSON.parse(this.dataset.show || inside?.textContent || "{}"); } catch { return {}; }
  }

  paintAll() {
    if (!this.stage) return;
    if (this.mode === "paint") paintDrawing(this.stage, this.drawing, this.colours);
    else {
      const shown = this.shown();
      paintShown(this.stage, this.body, shown, this.colours);
      this.pins.show(shown.pins, this.body, this.picker);
      if (this.mode === "pick") this.showPick();
    }
    this.refresh();
  }

  refresh() {
    if (!this.drawing || !this.toolbar) return;
    const open = !this.disabled;
    this.toolbar.refresh({ undo: open && this.drawing.past.length > 0, redo: open && this.drawing.future.length > 0, clear: open && this.kept !== "" });
  }

  note(what, ms) {
    this.cost[what].push(ms);
    if (this.cost[what].length > 200) this.cost[what].shift();
  }

  // --- value ------------------------------------------------------------------------------------
  // Takes over what was set. A text that can't be read (an older release) is kept until the
  // patient draws, and said.
  take() {
    if (!this.drawing) return;
    let readable = true;
    if (this.mode === "paint" && this.drawing.text !== this.kept) {
      if (this.said) this.drawing.keep(); // what a list changed can be undone here too
      readable = this.drawing.read(this.kept);
    }
    this.said = true;
    this.says.textContent = readable ? "" : this.words.unread;
    this.paintAll();
  }

  changed({ done }) {
    this.kept = this.drawing.text;
    this.says.textContent = "";
    this.tell();
    this.refresh();
    this.dispatchEvent(new Event("input", { bubbles: true }));
    if (done) this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  step(way) {
    if (this.mode !== "paint" || this.disabled || !this.drawing[way]()) return;
    paintDrawing(this.stage, this.drawing, this.colours);
    this.changed({ done: true });
  }

  clear() {
    if (this.disabled || (!this.drawing.layers.size && !this.kept)) return;
    this.drawing.clear();
    paintDrawing(this.stage, this.drawing, this.colours);
    this.changed({ done: true });
  }

  // --- painting ---------------------------------------------------------------------------------
  useTool(id) { this.tool = id; this.canvas.dataset.tool = id; }

  paints() { return this.mode === "paint" && this.tool !== "turn" && !this.disabled; }

  startPaint(x, y, event) {
    const hit = this.picker.hit(...this.rayAt(x, y));
    if (!hit) return false;
    const erases = this.tool === "rub" || (event.buttons & 32) !== 0; // the other end of a pen
    this.drawing.begin({ quality: this.quality, intensity: this.intensity, erases });
    this.last = [x, y];
    this.pointer.nothing();
    this.dab(hit);
    return true;
  }

  // Dabs close enough to one another to look like one stroke.
  paint(x, y) {
    const [fromX, fromY] = this.last;
    // Never more than 60: a finger that jumps across the screen must not hold up the picture.
    const steps = Math.max(1, Math.min(60, Math.ceil(Math.hypot(x - fromX, y - fromY) / Math.max(1.5, this.pixels() * SPACING))));
    for (let i = 1; i <= steps; i += 1) {
      const hit = this.picker.hit(...this.rayAt(fromX + ((x - fromX) * i) / steps, fromY + ((y - fromY) * i) / steps));
      if (hit) this.dab(hit);
    }
    this.last = [x, y];
  }

  dab(hit) {
    const before = performance.now();
    const dirty = this.drawing.dab(...this.brush.dab(hit, this.stage.eye, this.radius()));
    if (dirty.length) paintDrawing(this.stage, this.drawing, this.colours, dirty);
    this.note("dabs", performance.now() - before);
  }

  // The brush's radius on the screen, where the body is.
  pixels() { return this.stage.pixels(this.radius()); }

  radius() { return BRUSHES[this.tool] ?? BRUSHES.medium; }

  endPaint() {
    const dirty = this.drawing.end();
    if (dirty.length) paintDrawing(this.stage, this.drawing, this.colours, dirty);
    this.changed({ done: true });
  }

  cancelPaint() {
    this.drawing.cancel();
    paintDrawing(this.stage, this.drawing, this.colours);
  }

  rayAt(x, y) { const along = this.stage.ray(x, y); return [this.stage.eye, along]; }

  // --- picking ----------------------------------------------------------------------------------
  tap(x, y) {
    this.canvas.focus({ preventScroll: true });
    const hit = this.mode === "paint" || this.disabled ? null : this.picker.hit(...this.rayAt(x, y));
    if (!hit) return;
    if (this.mode === "pick") {
      this.kept = placeText(this.body.surface.release, hit);
      this.tell();
      this.showPick();
      this.dispatchEvent(new Event("input", { bubbles: true }));
      this.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.picked(describe(this.body.surface, hit, this.reference));
  }

  picked(detail) { this.dispatchEvent(new CustomEvent("pick", { bubbles: true, detail })); }

  // What lies at the chosen point, or null.
  get place() {
    const place = this.body && placeOf(this.kept, this.body.surface);
    return place ? describe(this.body.surface, place, this.reference) : null;
  }

  showPick() {
    const { place } = this;
    const others = this.shown().pins ?? [];
    this.pins.show(place ? [...others, { at: this.kept, state: "pin" }] : others, this.body, this.picker);
    this.says.textContent = place ? this.nameOf(place.region, place.side) : "";
    this.stage.draw();
  }

  nameOf(region, side) {
    const name = this.words.regions?.[region];
    return name ? `${name.name}${name.sided ? this.words.comma + this.words.sideNames[side] : ""}` : "";
  }

  hover(at) { if (!this.gestures?.doing) this.pointer?.move(at); }

  // --- camera -----------------------------------------------------------------------------------
  turnTo(side) { this.go(this.near ?? "whole", side); }

  closeUp(id) { this.go(id, null); }

  home() { this.go("whole", "front"); }

  go(closeUp, side, { calm = false } = {}) {
    const { regions, side: half, yaw, pitch = 0 } = CLOSE_UPS[closeUp] ?? CLOSE_UPS.whole;
    // Where it is turning to, and not where it happens to be on the way.
    const turned = side ? Object.fromEntries(SIDES)[side] ?? 0 : yaw ?? (regions ? this.stage.turning?.to.yaw ?? this.stage.view.yaw : 0);
    const view = this.stage.fitting(pointsIn(this.body.surface, regions, half), turned, side ? 0 : pitch);
    this.near = closeUp;
    this.stage.whole = this.stage.fitting(pointsIn(this.body.surface, null), 0, 0);
    this.stage.moved = false;
    this.stage.go(view, { calm });
    this.toolbar.closeUpBar?.press(closeUp);
    this.toolbar.sideBar?.press(SIDES.find(([, at]) => Math.abs(Math.atan2(Math.sin(at - turned), Math.cos(at - turned))) < 0.01)?.[0]);
  }

  // The picture got another size: the same part fits again, unless somebody moved it by hand.
  refit() {
    if (!this.near || this.stage.moved) return;
    const { regions, side } = CLOSE_UPS[this.near] ?? CLOSE_UPS.whole;
    const { yaw, pitch } = this.stage.turning?.to ?? this.stage.view;
    this.stage.whole = this.stage.fitting(pointsIn(this.body.surface, null), 0, 0);
    this.stage.go(this.stage.fitting(pointsIn(this.body.surface, regions, side), yaw, pitch), { calm: true });
  }
}

customElements.define("body-chart", BodyChart);
