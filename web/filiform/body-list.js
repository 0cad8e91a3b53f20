// <body-list>: the list of regions, in step with <body-chart> both ways.
//
// Without script its fields are sent and the server lays them over the drawing. With script they
// lose their names: what is chosen changes the drawing here, by the same rules as the server's
// (anatomy/surface/listing.py), and what is drawn changes the list. docs/reference/drawings.md.

const TOUCHED = 0.02; // less of a region was only brushed
const SHARES = { part: 0.25, half: 0.5, all: 1 };
// The bounds lie half way between the shares.
const extentOf = (share) => (share < TOUCHED ? "none" : share < 0.375 ? "part" : share < 0.75 ? "half" : "all");

// --- the drawing's text, as anatomy/surface/layers.py writes it ---------------------------------
export function read(text, map) {
  const layers = new Map(); // "quality:intensity" → Uint8Array of percent
  const at = text.indexOf(";");
  if (at < 0 || text.slice(0, at) !== map.release) return text.trim() ? null : layers;
  for (const part of text.slice(at + 1).split("|").filter(Boolean)) {
    const [quality, intensity, patches] = part.split(":");
    const percent = new Uint8Array(map.count);
    for (const run of patches.split(",").filter(Boolean)) {
      const match = /^(\d+)(?:-(\d+))?=(\d+)$/.exec(run);
      if (match) percent.fill(Number(match[3]), Number(match[1]), Number(match[2] ?? match[1]) + 1);
    }
    layers.set(`${quality}:${intensity}`, percent);
  }
  return layers;
}

export function write(layers, map) {
  const parts = [];
  const order = ([a], [b]) => {
    const [qa, ia] = a.split(":");
    const [qb, ib] = b.split(":");
    return qa < qb ? -1 : qa > qb ? 1 : (ia === "" ? -1 : Number(ia)) - (ib === "" ? -1 : Number(ib));
  };
  for (const [key, percent] of [...layers].sort(order)) {
    const runs = [];
    percent.forEach((value, patch) => {
      const last = runs.at(-1);
      if (value && last && last[1] === patch - 1 && last[2] === value) last[1] = patch;
      else if (value) runs.push([patch, patch, value]);
    });
    if (runs.length) parts.push(`${key}:${runs.map(([a, b, value]) => (a === b ? `${a}=${value}` : `${a}-${b}=${value}`)).join(",")}`);
  }
  return parts.length ? `${map.release};${parts.join("|")}` : "";
}

// --- regions ------------------------------------------------------------------------------------
export class RegionMap {
  constructor({ release, count, regions }) {
    this.release = release;
    this.count = count;
    this.places = new Map(); // "region side" → {patches, areas, all}
    for (const [id, sided, runs, areas] of regions) {
      const left = runs.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, k) => first + k));
      const right = left.map((patch) => patch + count / 2);
      if (sided) {
        this.add(`${id} left`, left, areas);
        this.add(`${id} right`, right, areas);
      } else this.add(`${id} midline`, [...left, ...right], [...areas, ...areas]);
    }
  }

  add(key, patches, areas) { this.places.set(key, { patches, areas, all: areas.reduce((sum, area) => sum + area, 0) }); }

  share(percent, key) {
    const { patches, areas, all } = this.places.get(key);
    return patches.reduce((sum, patch, k) => sum + percent[patch] * areas[k], 0) / (100 * all);
  }

  // Lines of the list, layer by layer, the largest part first.
  lines(layers) {
    const found = [];
    for (const [kind, percent] of layers) {
      const touched = [];
      for (const [place, { all }] of this.places) {
        const share = this.share(percent, place);
        if (extentOf(share) !== "none") touched.push({ place, kind, extent: extentOf(share), area: share * all });
      }
      found.push(...touched.sort((a, b) => b.area - a.area || (a.place < b.place ? -1 : 1)));
    }
    return found;
  }

  union(layers) {
    const whole = new Uint8Array(this.count);
    for (const percent of layers.values()) percent.forEach((value, patch) => { if (value > whole[patch]) whole[patch] = value; });
    return whole;
  }

  // before and after: {place, kind, extent}, one of them may be missing.
  edit(layers, before, after) {
    const painted = new Map();
    if (before && layers.has(before.kind)) {
      const percent = layers.get(before.kind);
      for (const patch of this.places.get(before.place).patches) { painted.set(patch, percent[patch]); percent[patch] = 0; }
    }
    if (!after) return;
    // Only what it is like was changed: the place keeps the very edges that were painted.
    const moved = before && before.extent === after.extent;
    if (!layers.has(after.kind)) layers.set(after.kind, new Uint8Array(this.count));
    const own = layers.get(after.kind);
    const [quality] = after.kind.split(":");
    for (const patch of this.places.get(after.place).patches) {
      const value = moved ? painted.get(patch) ?? 0 : Math.round(SHARES[after.extent] * 100);
      own[patch] = value;
      if (!value) continue;
      for (const [kind, percent] of layers) if (kind !== after.kind && kind.split(":")[0] === quality) percent[patch] = 0;
    }
  }
}

const maps = new Map();
async function fetchMap(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return new RegionMap(await answer.json());
}

// One for all lists of a page. What failed is asked for again: the connection may be back.
function mapAt(address) {
  if (!maps.has(address)) maps.set(address, fetchMap(address).catch((error) => { maps.delete(address); throw error; }));
  return maps.get(address);
}

// --- the element --------------------------------------------------------------------------------
class BodyList extends HTMLElement {
  // Also after being moved in the page, perhaps into another field: what it listens to is looked up anew.
  async connectedCallback() {
    this.field = this.closest(".drawing-field");
    this.input = this.field?.querySelector("[data-drawing-text]");
    if (!this.input) return;
    this.chart = this.field.querySelector("body-chart");
    this.stop = new AbortController();
    const { signal } = this.stop;
    const painted = this.lives && this.chart.value !== (this.chart.getAttribute("value") ?? "");
    this.give(painted ? this.chart.value : this.input.value);
    this.search(signal);
    this.listen(signal);
    try { this.map = await mapAt(this.dataset.regions); } catch { return; } // the fields keep their names: the server reads them
    if (signal.aborted) return;
    for (const one of this.querySelectorAll("[name]")) { one.dataset.was = one.name; one.removeAttribute("name"); }
    this.fold();
    this.follow();
  }

  disconnectedCallback() { this.stop?.abort(); }

  // From the first moment: a draft may come back, or somebody draw, before the regions are there.
  listen(signal) {
    const options = { signal };
    this.chart?.addEventListener("input", (event) => {
      if (event.target !== this.chart) return;
      this.input.value = this.text = this.chart.value;
      this.follow();
    }, options);
    this.chart?.addEventListener("ready", () => { this.give(this.text); this.fold(); }, options);
    this.chart?.addEventListener("failed", () => { this.querySelector("[data-places]").open = true; }, options);
    this.addEventListener("change", (event) => this.chosen(event.target), options);
    this.field.closest("form")?.addEventListener("draft-restored", () => { this.give(this.input.value); this.follow(); }, options);
    this.field.addEventListener("click", (event) => this.tapped(event), options);
  }

  // Where the body can be drawn on, the list of all places waits behind its heading.
  fold() {
    const places = this.querySelector("[data-places]");
    if (this.chart?.frame && !places.contains(document.activeElement)) places.open = false;
  }

  get lives() { return Boolean(this.chart?.matches(":defined")); }

  // To the chart and to the plain field, which bear the same name: what is sent is the same.
  give(text) {
    this.input.value = this.text = text;
    if (this.lives) this.chart.value = text;
    else this.chart?.setAttribute("value", text);
  }

  // The drawing changed: the list says what it holds.
  follow() {
    const layers = this.map && read(this.text, this.map);
    if (!layers) return; // of an older release: the server's list stands until somebody draws
    const lines = this.map.lines(layers);
    const whole = this.map.union(layers);
    this.querySelector("[data-nothing]").hidden = lines.length > 0;
    this.showLines(lines);
    for (const select of this.querySelectorAll("[data-place]")) {
      const extent = extentOf(this.map.share(whole, select.dataset.place));
      if (select.value !== extent) select.value = extent;
      select.classList.toggle("is-marked", extent !== "none");
    }
    this.markPictures(whole);
  }

  showLines(lines) {
    const list = this.querySelector("[data-lines]");
    const template = this.querySelector("template[data-line]");
    const old = new Map([...list.children].map((row) => [`${row.dataset.region} ${row.dataset.side}|${row.dataset.kind ?? ""}`, row]));
    const rows = lines.map((line) => {
      const row = old.get(`${line.place}|${line.kind}`) ?? template.content.firstElementChild.cloneNode(true);
      old.delete(`${line.place}|${line.kind}`);
      this.fill(row, line);
      return row;
    });
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    for (const row of list.children.length ? [...list.children] : []) if (!rows.includes(row)) row.remove();
    rows.forEach((row, place) => { if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null); });
    // A row that is put elsewhere loses the focus on the way.
    if (focused?.isConnected && document.activeElement !== focused) focused.focus();
  }

  fill(row, { place, kind, extent }) {
    const [region, side] = place.split(" ");
    const [quality, intensity] = kind.split(":");
    const name = this.nameOf(place);
    Object.assign(row.dataset, { region, side, kind });
    row.querySelector("[data-name]").textContent = name;
    const values = { extent, quality, intensity };
    for (const select of row.querySelectorAll("[data-field]")) {
      select.value = values[select.dataset.field];
      select.removeAttribute("name");
      select.setAttribute("aria-label", `${name}: ${select.dataset.label}`);
    }
  }

  nameOf(place) { return this.querySelector(`[data-place="${CSS.escape(place)}"]`)?.getAttribute("aria-label") ?? place; }

  // Something was chosen in the list: the drawing follows.
  chosen(select) {
    if (!this.map) return;
    const layers = read(this.text, this.map) ?? new Map();
    const row = select.closest(".marked-line");
    if (row) this.changeLine(layers, row);
    else if (select.dataset.place) this.changePlace(layers, select.dataset.place, select.value);
    else return;
    this.put(layers);
  }

  changeLine(layers, row) {
    const field = (name) => row.querySelector(`[data-field="${name}"]`)?.value ?? "";
    const place = `${row.dataset.region} ${row.dataset.side}`;
    const before = this.map.lines(layers).find((line) => line.place === place && line.kind === row.dataset.kind);
    const extent = field("extent");
    const [quality, intensity] = row.dataset.kind.split(":");
    const has = (name) => row.querySelector(`[data-field="${name}"]`) !== null;
    const kind = `${has("quality") ? field("quality") : quality}:${has("intensity") ? field("intensity") : intensity}`;
    this.map.edit(layers, before, extent === "none" ? null : { place, kind, extent });
    this.say(place, extent);
  }

  changePlace(layers, place, extent) {
    const before = this.map.lines(layers).filter((line) => line.place === place);
    for (const line of before) this.map.edit(layers, line, null);
    const next = (name) => this.querySelector(`[data-next="${name}"]`)?.value ?? "";
    const kind = before[0]?.kind ?? `${next("quality")}:${next("intensity")}`;
    if (extent !== "none") this.map.edit(layers, null, { place, kind, extent });
    this.say(place, extent);
  }

  put(layers) {
    this.give(write(layers, this.map));
    this.follow();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  say(place, extent) {
    this.querySelector("[data-says]").textContent = `${this.nameOf(place)}: ${extent === "none" ? this.dataset.saysGone : this.dataset.saysMarked}`;
  }

  // --- the flat views: a tap marks a region, another takes it out --------------------------------
  tapped(event) {
    const link = event.target.closest?.("a[data-region]");
    if (!link || !this.map) return;
    event.preventDefault();
    const place = `${link.dataset.region} ${link.dataset.side}`;
    const layers = read(this.text, this.map) ?? new Map();
    const marked = extentOf(this.map.share(this.map.union(layers), place)) !== "none";
    this.changePlace(layers, place, marked ? "none" : "all");
    this.put(layers);
  }

  markPictures(whole) {
    const first = this.drawnText === undefined;
    this.drawnText ??= this.text;
    const same = this.text === this.drawnText;
    for (const svg of this.field.querySelectorAll("svg.flat")) {
      svg.classList.toggle("by-region", !same);
      if (first && same) continue;
      for (const link of svg.querySelectorAll("a[data-region]")) {
        const extent = extentOf(this.map.share(whole, `${link.dataset.region} ${link.dataset.side}`));
        if (extent === "none") link.removeAttribute("data-extent"); else link.dataset.extent = extent;
      }
    }
  }

  // --- search ------------------------------------------------------------------------------------
  search(signal) {
    const part = this.querySelector("[data-search]");
    const input = this.querySelector("[data-search-words]");
    const found = this.querySelector("[data-found]");
    part.hidden = false;
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return; // would send the form
      event.preventDefault();
      this.querySelector("[data-group]:not([hidden]) li:not([hidden]) select")?.focus();
    }, { signal });
    input.addEventListener("input", (event) => {
      event.stopPropagation();
      // What is looked for is no entry of the form either.
      const wanted = input.value.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
      let any = false;
      for (const group of this.querySelectorAll("[data-group]")) {
        let some = false;
        for (const row of group.querySelectorAll("li")) {
          const words = row.dataset.words.toLocaleLowerCase();
          row.hidden = !wanted.every((word) => words.includes(word));
          some ||= !row.hidden;
        }
        group.hidden = !some;
        any ||= some;
      }
      found.textContent = any ? "" : this.dataset.none;
    }, { signal });
  }
}
customElements.define("body-list", BodyList);
