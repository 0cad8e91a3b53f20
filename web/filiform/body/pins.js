// Pins stand over the picture as elements of the page, so that they can be named, tapped and read.
// A pin with an id is a button; its state says planned, in or out by shape as well as by colour.

import { landmarkPlace, placeOf } from "./picker.js";

const BEHIND_CM = 1.6;
const NAME_GAP = 28; // px between a pin's middle and its name, and from the name to the edge

export class Pins {
  constructor(over, onTap) {
    this.over = over;
    this.onTap = onTap;
    this.all = [];
  }

  // pins: [{id, at: "pick:..." or {landmark, side}, label, name, state}]
  show(pins, body, picker) {
    this.body = body;
    this.picker = picker;
    const focused = document.activeElement?.dataset?.pin;
    this.over.replaceChildren();
    this.all = (pins ?? []).flatMap((pin) => {
      const place = typeof pin.at === "string" ? placeOf(pin.at, body.surface) : landmarkPlace(body.surface, pin.at?.landmark, pin.at?.side);
      if (!place) return [];
      const element = this.element(pin);
      this.over.append(element);
      if (pin.id && pin.id === focused) element.focus();
      return [{ pin, element, point: body.at(place.face, place.b1, place.b2), normal: this.normalAt(place.face) }];
    });
  }

  element(pin) {
    const element = document.createElement(pin.id ? "button" : "span");
    element.className = "bc-pin";
    element.dataset.state = pin.state ?? "pin";
    const dot = Object.assign(document.createElement("span"), { className: "bc-dot", textContent: pin.label ?? "" });
    element.append(dot);
    if (pin.name) element.append(Object.assign(document.createElement("span"), { className: "bc-pin-name", textContent: pin.name }));
    if (pin.id) {
      element.type = "button";
      element.dataset.pin = pin.id;
      element.setAttribute("aria-label", [pin.label, pin.name, pin.says].filter(Boolean).join(": "));
      element.addEventListener("click", (event) => this.onTap(event.detail ? this.nearest(event) : pin));
    }
    return element;
  }

  // Where pins stand close, their targets overlap: the one whose middle is nearest is meant.
  nearest({ clientX, clientY }) {
    const away = ({ element }) => {
      const box = element.getBoundingClientRect();
      return Math.hypot(box.left + box.width / 2 - clientX, box.top + box.height / 2 - clientY);
    };
    const seen = this.all.filter(({ pin, element }) => pin.id && !element.classList.contains("bc-behind"));
    return seen.reduce((best, one) => (away(one) < away(best) ? one : best)).pin;
  }

  normalAt(face) {
    const { normals, surface } = this.body;
    const normal = [0, 0, 0];
    for (let corner = 0; corner < 3; corner += 1) for (let k = 0; k < 3; k += 1) normal[k] += normals[surface.faces[face * 3 + corner] * 3 + k] / 3;
    return normal;
  }

  // Follows the camera; what the body hides is hidden.
  follow(stage) {
    const { eye } = stage;
    for (const { element, point, normal } of this.all) {
      const way = point.map((value, k) => value - eye[k]);
      const away = Math.hypot(...way);
      const along = way.map((value) => value / away);
      const faces = -(along[0] * normal[0] + along[1] * normal[1] + along[2] * normal[2]) > 0.02;
      const first = faces ? this.picker.hit(eye, along) : null;
      const seen = faces && (!first || first.away > away - BEHIND_CM);
      const [x, y] = stage.onScreen(point);
      element.classList.toggle("bc-behind", !seen);
      Object.assign(element.style, { left: `${x.toFixed(1)}px`, top: `${y.toFixed(1)}px` });
      // A name stands on the side with more room, and is cut where that ends.
      const toLeft = x > stage.wide / 2;
      element.classList.toggle("bc-name-left", toLeft);
      element.style.setProperty("--bc-room", `${Math.max(0, (toLeft ? x : stage.wide - x) - NAME_GAP).toFixed(0)}px`);
    }
  }
}
