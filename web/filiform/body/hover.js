// What a mouse over the body shows: the region's edge and name, and how broad the brush is there.

import { outlineOf } from "./views.js";

export class Hover {
  constructor(chart, ring) {
    Object.assign(this, { chart, ring, shown: "" });
  }

  // at: a place on the canvas, or null when the mouse left it.
  move(at) {
    const { chart, ring } = this;
    const hit = at && chart.picker.hit(...chart.rayAt(...at));
    const { surface } = chart.body;
    const patch = hit ? surface.patchOfFace[hit.face] : -1;
    chart.canvas.classList.toggle("bc-on-body", Boolean(hit));
    if (hit) this.outline(surface.regionOfPatch[patch], patch < surface.patches / 2 ? "left" : "right");
    else this.nothing();
    ring.hidden = !hit || !chart.paints();
    if (ring.hidden) return;
    const size = `${(2 * chart.pixels()).toFixed(1)}px`;
    const transform = `translate(${at[0]}px, ${at[1]}px) translate(-50%, -50%)`;
    Object.assign(ring.style, { inlineSize: size, blockSize: size, transform });
  }

  outline(region, side) {
    const { chart } = this;
    const key = `${region} ${side}`;
    if (key === this.shown) return;
    this.shown = key;
    chart.stage.outline(outlineOf(chart.body, region, side));
    chart.canvas.title = chart.nameOf(chart.body.surface.regions[region], side);
  }

  nothing() {
    if (!this.shown) return;
    this.shown = "";
    this.chart.stage.outline([]);
    this.chart.canvas.title = "";
  }
}
