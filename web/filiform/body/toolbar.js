// The chart's buttons. Their words and icons come from the page, so that they are translated there.

const SVG = "http://www.w3.org/2000/svg";

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (key === "class") element.className = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function icon(icons, name) {
  // In SVG's own namespace: made like an element of HTML it would be drawn as nothing.
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of icons[name] ?? []) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

export const BRUSHES = { small: 0.75, medium: 2, large: 4 }; // radius in cm on the skin

export class Toolbar {
  // chart: the element; words, icons, qualities: from the page.
  constructor(chart, { words, icons, qualities }) {
    Object.assign(this, { chart, words, icons, qualities });
  }

  button(name, label, act) {
    return make("button", { type: "button", class: "bc-button", onclick: act }, icon(this.icons, name), make("span", {}, label));
  }

  // One of several: a group of buttons of which one is pressed.
  group(label, options, chosen, choose, { icons = {}, class: more = "" } = {}) {
    const bar = make("div", { class: `bc-bar ${more}`, role: "group", "aria-label": label });
    const buttons = new Map();
    const press = (id) => { for (const [key, button] of buttons) button.setAttribute("aria-pressed", String(key === id)); };
    for (const [id, text] of options) {
      const tapped = () => { press(id); choose(id); };
      const properties = { type: "button", class: "bc-button", "data-choice": id, onclick: tapped };
      const button = make("button", properties, icons[id] ?? null, make("span", {}, text));
      buttons.set(id, button);
      bar.append(button);
    }
    press(chosen);
    bar.press = press;
    return bar;
  }

  sides() {
    const { words, chart } = this;
    const names = Object.entries(words.sides);
    const icons = Object.fromEntries(names.map(([id]) => [id, icon(this.icons, `body-${id}`)]));
    this.sideBar = this.group(words.side, names, "front", (id) => chart.turnTo(id), { icons, class: "bc-sides" });
    return this.sideBar;
  }

  closeUps() {
    const { words, chart } = this;
    this.closeUpBar = this.group(words.closeUp, Object.entries(words.closeUps), "whole", (id) => chart.closeUp(id), { class: "bc-closeups bc-chips" });
    return make("div", { class: "bc-part" }, make("p", { class: "bc-title", "aria-hidden": "true" }, words.closeUp), this.closeUpBar);
  }

  zooms() {
    const { words, chart } = this;
    const round = (label, name, onclick) =>
      make("button", { type: "button", class: "bc-round", "aria-label": label, title: label, onclick }, icon(this.icons, name));
    return make("div", { class: "bc-bar bc-zooms", role: "group", "aria-label": words.zoom },
      round(words.nearer, "plus", () => chart.stage.zoom(1.35)),
      round(words.farther, "minus", () => chart.stage.zoom(1 / 1.35)));
  }

  tools() {
    const { words, chart } = this;
    const dot = (id) => make("span", { class: `bc-size bc-size-${id}`, "aria-hidden": "true" });
    const options = [...Object.keys(BRUSHES).map((id) => [id, words.brushes[id]]), ["rub", words.rubOut], ["turn", words.turn]];
    const icons = { small: dot("small"), medium: dot("medium"), large: dot("large"), rub: icon(this.icons, "eraser"), turn: icon(this.icons, "turn") };
    this.toolBar = this.group(words.tool, options, "medium", (id) => chart.useTool(id), { icons, class: "bc-tools" });
    const steps = make("div", { class: "bc-bar bc-steps", role: "group", "aria-label": words.history });
    this.steps = {
      undo: this.button("undo", words.undo, () => chart.step("undo")),
      redo: this.button("redo", words.redo, () => chart.step("redo")),
      clear: this.button("cross", words.clear, () => chart.clear()),
    };
    steps.append(...Object.values(this.steps));
    return make("div", { class: "bc-part bc-toolrow" }, this.toolBar, steps);
  }

  layers() {
    const { words, chart, qualities } = this;
    const part = make("div", { class: "bc-part bc-layers" });
    if (qualities.length) {
      const options = [["", words.qualityUnsaid], ...qualities];
      const swatch = (id) => make("span", { class: `bc-swatch bc-mark-${id || "none"}`, "aria-hidden": "true" });
      const icons = Object.fromEntries(options.map(([id]) => [id, swatch(id)]));
      this.qualityBar = this.group(words.quality, options, chart.quality, (id) => { chart.quality = id; }, { icons, class: "bc-chips bc-qualities" });
      part.append(make("p", { class: "bc-title", "aria-hidden": "true" }, words.quality), this.qualityBar);
    }
    part.append(this.strength());
    return part;
  }

  // 0 to 10, and nothing said at first: a number that nobody gave is not recorded.
  strength() {
    const { words, chart } = this;
    const id = `bc-strength-${chart.number}`;
    const says = make("output", { class: "bc-strength-says", for: id });
    const slider = make("input", { type: "range", min: "0", max: "10", step: "1", value: "5", id, class: "bc-range" });
    const unsay = make("button", { type: "button", class: "bc-unsay", onclick: () => { chart.intensity = -1; show(); slider.focus(); } }, words.strengthUnsay);
    const show = () => {
      const said = chart.intensity >= 0;
      slider.classList.toggle("bc-unsaid", !said);
      if (said) slider.value = String(chart.intensity);
      says.textContent = said ? String(chart.intensity) : words.strengthUnsaid;
      slider.setAttribute("aria-valuetext", says.textContent);
      unsay.hidden = !said;
    };
    // Also a tap on 5, where the thumb stands already: it changes nothing and says something.
    for (const kind of ["input", "click"]) slider.addEventListener(kind, (event) => {
      // The strength of the next stroke is no entry of the form: drafts must not hear of it.
      event.stopPropagation();
      chart.intensity = Number(slider.value);
      show();
    });
    slider.addEventListener("change", (event) => event.stopPropagation());
    show();
    return make("div", { class: "bc-strength" },
      make("div", { class: "bc-strength-head" }, make("label", { class: "bc-title", for: id }, words.strength), says, unsay), slider,
      make("div", { class: "bc-ends", "aria-hidden": "true" }, make("span", {}, words.mild), make("span", {}, words.worst)));
  }

  // What colours and patterns mean, for what is shown.
  legend(shown) {
    const { words } = this;
    const list = make("ul", { class: "bc-legend plain" });
    const sign = (name) => make("span", { class: name, "aria-hidden": "true" });
    const add = (kind, text) => list.append(make("li", {}, sign(`bc-swatch bc-mark-${kind}`), make("span", {}, text)));
    if (shown.heat) {
      list.append(make("li", { class: "bc-scale-row" }, make("span", {}, words.few), sign("bc-scale"), make("span", {}, words.many)));
    }
    if (shown.zones) { add("essential", words.essential); add("spillover", words.spillover); }
    if (shown.bruises) add("bruise", words.bruise);
    if (shown.then || shown.now) { add("then", words.then); add("now", words.now); add("both", words.both); }
    for (const state of new Set((shown.pins ?? []).map((pin) => pin.state).filter((one) => words.states[one]))) {
      list.append(make("li", {}, make("span", { class: "bc-key", "data-state": state, "aria-hidden": "true" }), make("span", {}, words.states[state])));
    }
    return list.children.length ? make("div", { class: "bc-part" }, list) : null;
  }

  // Buttons that can do nothing say so.
  refresh({ undo, redo, clear }) {
    if (!this.steps) return;
    for (const [name, can] of Object.entries({ undo, redo, clear })) {
      this.steps[name].disabled = !can;
    }
  }
}
