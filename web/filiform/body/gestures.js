// Fingers, pen, mouse and keys on the picture.
//
// One finger turns the body; in paint mode it paints when it starts on the body. Two fingers pinch,
// slide and turn. The wheel zooms, the right button turns. A second finger that comes soon after
// the first takes back what the first one began to paint.

const TAP_PX = 9;
const TURN = 0.0085; // radians for a pixel
const STEP = Math.PI / 12;

export class Gestures {
  // chart: {mode, paints(), startPaint(x, y, event) -> bool, paint(x, y), endPaint(), cancelPaint(),
  // tap(x, y), hover(x, y)}
  constructor(canvas, stage, chart) {
    Object.assign(this, { canvas, stage, chart });
    this.fingers = new Map();
    this.doing = "";
    this.stop = new AbortController();
    const on = (kind, act, options = {}) => canvas.addEventListener(kind, act, { signal: this.stop.signal, ...options });
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"]) on(kind, (event) => this.up(event));
    on("pointerleave", () => this.chart.hover(null));
    on("wheel", (event) => this.wheel(event), { passive: false });
    on("contextmenu", (event) => event.preventDefault());
    on("keydown", (event) => this.key(event));
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    const [x, y] = this.place(event);
    if (event.pointerType === "touch" && this.pen) return; // a hand that rests while the pen draws
    this.fingers.set(event.pointerId, { x, y, sx: x, sy: y, touch: event.pointerType === "touch" });
    if (event.pointerType === "pen") this.pen = true;
    // A page that scrolls over the chart keeps its own gestures: only what we use is captured.
    try { this.canvas.setPointerCapture(event.pointerId); } catch { /* the pointer is gone already */ }
    if (this.fingers.size === 2) {
      if (this.doing === "paint") this.chart.cancelPaint();
      this.doing = "pinch";
      return;
    }
    if (this.fingers.size > 2) return;
    const turns = event.button === 1 || event.button === 2 || event.altKey || !this.chart.paints();
    if (!turns && this.chart.startPaint(x, y, event)) {
      this.doing = "paint";
      event.preventDefault();
      this.canvas.focus({ preventScroll: true });
    } else this.doing = event.shiftKey ? "slide" : "wait";
  }

  move(event) {
    const finger = this.fingers.get(event.pointerId);
    const [x, y] = this.place(event);
    if (!finger) { if (event.pointerType === "mouse") this.chart.hover([x, y]); return; }
    const [dx, dy] = [x - finger.x, y - finger.y];
    if (this.doing === "paint") {
      const parts = event.getCoalescedEvents?.() ?? [];
      for (const part of parts.length ? parts : [event]) this.chart.paint(...this.place(part));
    } else if (this.doing === "pinch") this.pinch(event.pointerId, x, y);
    else if (this.doing === "slide") this.stage.slide(dx, dy);
    else {
      if (this.doing === "wait" && Math.hypot(x - finger.sx, y - finger.sy) > TAP_PX) this.doing = "turn";
      if (this.doing === "turn") this.stage.orbit(dx * TURN, dy * TURN);
    }
    Object.assign(finger, { x, y });
  }

  pinch(id, x, y) {
    const [one, two] = this.fingers.values();
    if (!two) return;
    const before = spread(one, two);
    const moved = { x, y };
    const now = this.fingers.get(id) === one ? spread(moved, two) : spread(one, moved);
    this.stage.slide(now.x - before.x, now.y - before.y);
    if (before.away > 8) this.stage.zoom(now.away / before.away, [now.x, now.y]);
    const leant = Math.atan2(Math.sin(now.lean - before.lean), Math.cos(now.lean - before.lean));
    this.stage.orbit(-leant * 1.6, 0);
  }

  up(event) {
    const finger = this.fingers.get(event.pointerId);
    if (!finger) return;
    this.fingers.delete(event.pointerId);
    if (event.pointerType === "pen") this.pen = false;
    if (this.doing === "paint") this.chart.endPaint();
    else if (this.doing === "wait" && event.type === "pointerup" && event.button === 0) this.chart.tap(finger.x, finger.y);
    // The finger that is left over after a pinch does nothing until it is lifted.
    this.doing = this.fingers.size ? "over" : "";
  }

  wheel(event) {
    // A page that is being scrolled isn't stopped by a chart that only shows something.
    const ours = this.chart.mode !== "show" || event.ctrlKey || document.activeElement === this.canvas;
    if (!ours) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    this.stage.zoom(Math.exp(-event.deltaY * lines * 0.0016), this.place(event));
  }

  key(event) {
    const acts = {
      ArrowLeft: () => this.stage.orbit(STEP, 0), ArrowRight: () => this.stage.orbit(-STEP, 0),
      ArrowUp: () => this.stage.orbit(0, STEP), ArrowDown: () => this.stage.orbit(0, -STEP),
      "+": () => this.stage.zoom(1.2), "=": () => this.stage.zoom(1.2), "-": () => this.stage.zoom(1 / 1.2),
      Home: () => this.chart.home(),
    };
    const letter = event.key.toLowerCase();
    let act = acts[event.key];
    if (event.ctrlKey || event.metaKey) {
      act = { z: () => this.chart.step(event.shiftKey ? "redo" : "undo"), y: () => this.chart.step("redo") }[letter];
    }
    if (!act || event.altKey) return;
    event.preventDefault();
    act();
  }

  dispose() { this.stop.abort(); }
}

function spread(one, two) {
  const [dx, dy] = [two.x - one.x, two.y - one.y];
  return { away: Math.hypot(dx, dy), x: (one.x + two.x) / 2, y: (one.y + two.y) / 2, lean: Math.atan2(dy, dx) };
}
