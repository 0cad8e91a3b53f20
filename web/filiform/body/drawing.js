// A drawing: layers of quality, each with the covered share of every patch and one intensity for it.
//
// As text: RELEASE;QUALITY:INTENSITY:PATCHES|QUALITY:INTENSITY:PATCHES, where PATCHES is
// 12-15=100,20=35 (percent). Two things are kept: the shares, which are the value, and a finer
// field over the points of the skin, which is what is seen. A stroke changes both by the same
// amount; a value that is set fills the field anew.

const SHARE_SEEN = 0.005; // less than half a percent is nothing
const SHARE_LEFT = 0.03; // nor are crumbs at the edge of what was rubbed out
// A stroke gives a patch its intensity when it covers this much of it, or half of what is drawn there.
// Design value.
const TAKES_OVER = 0.25;
const ROUNDS = 10; // how far a patch looks for the drawing around it: some 6 cm
const KEPT_STEPS = 60;

class Layer {
  constructor(body) {
    this.share = new Float32Array(body.surface.patches);
    this.intensity = new Int8Array(body.surface.patches).fill(-1); // -1: not said
    this.cover = new Uint8Array(body.fine.total); // of the field, 255 is all
  }

  get empty() { return !this.share.some((share) => share >= SHARE_SEEN); }

  copy() {
    const twin = Object.create(Layer.prototype);
    for (const key of ["share", "intensity", "cover"]) twin[key] = this[key].slice();
    return twin;
  }
}

export class Drawing {
  constructor(body) {
    this.body = body;
    this.layers = new Map();
    this.past = [];
    this.future = [];
    this.stroke = null;
  }

  // --- text -------------------------------------------------------------------------------------
  get text() {
    const parts = [];
    for (const quality of [...this.layers.keys()].sort()) {
      const byIntensity = new Map();
      const { share, intensity } = this.layers.get(quality);
      share.forEach((value, patch) => {
        const percent = Math.round(value * 100);
        if (!percent) return;
        const of = byIntensity.get(intensity[patch]) ?? [];
        of.push([patch, percent]);
        byIntensity.set(intensity[patch], of);
      });
      for (const strength of [...byIntensity.keys()].sort((a, b) => a - b)) {
        parts.push(`${quality}:${strength < 0 ? "" : strength}:${runs(byIntensity.get(strength))}`);
      }
    }
    return parts.length ? `${this.body.surface.release};${parts.join("|")}` : "";
  }

  // Takes a text over; false, and nothing changes, when it can't be read.
  read(text) {
    const layers = new Map();
    const { surface } = this.body;
    if (text) {
      const [release, rest] = halves(text, ";");
      if (release !== surface.release) return false;
      for (const part of rest.split("|").filter(Boolean)) {
        const fields = part.split(":");
        const strength = fields[1] === "" ? -1 : Number(fields[1]);
        if (fields.length !== 3 || !Number.isInteger(strength) || strength > 10) return false;
        const patches = patchesOf(fields[2], surface.patches);
        if (!patches) return false;
        const layer = layers.get(fields[0]) ?? new Layer(this.body);
        layers.set(fields[0], layer);
        for (const [patch, percent] of patches) { layer.share[patch] = percent / 100; layer.intensity[patch] = strength; }
      }
    }
    for (const layer of layers.values()) layer.cover = shapeOf(this.body, layer.share);
    this.layers = layers;
    this.stroke = null;
    return true;
  }

  // --- undo -------------------------------------------------------------------------------------
  keep() {
    this.past.push(this.snapshot());
    if (this.past.length > KEPT_STEPS) this.past.shift();
    this.future = [];
  }

  snapshot() { return new Map([...this.layers].map(([quality, layer]) => [quality, layer.copy()])); }

  undo() { return this.step(this.past, this.future); }

  redo() { return this.step(this.future, this.past); }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.snapshot());
    this.layers = from.pop();
    return true;
  }

  clear() { this.keep(); this.layers = new Map(); }

  // --- strokes ----------------------------------------------------------------------------------
  begin({ quality, intensity, erases }) {
    this.keep();
    this.stroke = {
      erases, quality, intensity,
      mask: new Uint8Array(this.body.fine.total),
      reached: new Float32Array(this.body.surface.patches),
      taken: new Set(),
      fresh: new Set(), // patches that were empty before
      changed: new Set(),
    };
    if (!erases && !this.layers.has(quality)) this.layers.set(quality, new Layer(this.body));
  }

  // Lays one dab down. points: their numbers; amounts: 0 to 255. Returns points that look new.
  dab(points, amounts) {
    const dirty = [];
    const layers = this.stroke.erases ? [...this.layers.values()] : [this.layers.get(this.stroke.quality)];
    for (let i = 0; i < points.length; i += 1) {
      const [v, amount] = [points[i], amounts[i]];
      for (const layer of layers) {
        const before = layer.cover[v];
        const after = this.stroke.erases ? Math.min(before, 255 - amount) : Math.max(before, amount);
        if (after !== before) { layer.cover[v] = after; this.spread(layer, v, (after - before) / 255); dirty.push(v); }
      }
      if (!this.stroke.erases && amount > this.stroke.mask[v]) this.reach(layers[0], v, amount, dirty);
    }
    return dirty;
  }

  // A point's cover changed: so does the share of the patches around it.
  spread(layer, v, change) {
    const { start, patch, weight } = this.body;
    for (let i = start[v]; i < start[v + 1]; i += 1) {
      const p = patch[i];
      this.stroke.changed.add(p);
      if (change > 0 && layer.share[p] < SHARE_SEEN && !this.stroke.taken.has(p)) this.stroke.fresh.add(p);
      layer.share[p] = Math.min(1, Math.max(0, layer.share[p] + change * weight[i]));
    }
  }

  // The stroke now covers more of the patches around a point, which may give them its intensity.
  reach(layer, v, amount, dirty) {
    const { start, patch, weight } = this.body;
    const { mask, reached, taken, fresh, intensity } = this.stroke;
    const more = (amount - mask[v]) / 255;
    mask[v] = amount;
    for (let i = start[v]; i < start[v + 1]; i += 1) {
      const p = patch[i];
      reached[p] += more * weight[i];
      const enough = Math.min(TAKES_OVER, layer.share[p] / 2);
      if (taken.has(p) || (reached[p] < enough && !fresh.has(p))) continue;
      this.take(layer, p, intensity, dirty);
    }
  }

  take(layer, p, intensity, dirty) {
    this.stroke.taken.add(p);
    if (layer.intensity[p] === intensity) return;
    layer.intensity[p] = intensity;
    for (const v of this.body.pointsOfPatch[p]) if (layer.cover[v]) dirty.push(v);
  }

  // Ends a stroke. Rounding of the field must leave no ghosts: what looks empty is, what looks
  // full is.
  end() {
    const dirty = [];
    const { erases, quality, intensity, reached, taken } = this.stroke;
    if (!erases && !taken.size) {
      const most = reached.reduce((best, value, p) => (value > reached[best] ? p : best), 0);
      if (reached[most] > 0) this.take(this.layers.get(quality), most, intensity, dirty);
    }
    for (const [id, layer] of this.layers) {
      this.settle(layer, erases ? SHARE_LEFT : SHARE_SEEN, dirty);
      if (layer.empty) this.layers.delete(id);
    }
    this.stroke = null;
    return dirty;
  }

  settle(layer, least, dirty) {
    const { home, pointsOfPatch } = this.body;
    for (const p of this.stroke.changed) {
      if (!layer.share[p]) continue;
      const mean = pointsOfPatch[p].reduce((sum, v) => sum + (layer.cover[v] / 255) * weightIn(this.body, v, p), 0);
      if (mean > 1 - SHARE_SEEN) layer.share[p] = 1;
      if (mean >= least) continue;
      layer.share[p] = 0;
      for (const v of pointsOfPatch[p]) if (layer.cover[v] && home[v] === p) { layer.cover[v] = 0; dirty.push(v); }
    }
  }

  cancel() {
    if (!this.stroke) return;
    this.stroke = null;
    this.layers = this.past.pop();
  }
}

// A field with a clear edge that covers the given share of every patch: of a patch that is covered
// in part, that part which is nearest to the drawing around it. So a thin line stays a thin line.
export function shapeOf(body, share) {
  if (!share.some((value) => value >= SHARE_SEEN)) return new Uint8Array(body.fine.total);
  const mean = meanOf(body, share);
  const near = body.around(mean, ROUNDS + 2);
  const around = body.smoothed(mean, ROUNDS, near);
  const field = new Float32Array(body.fine.total);
  share.forEach((value, p) => {
    if (value < SHARE_SEEN) return;
    let left = value;
    for (const v of [...body.pointsOfPatch[p]].sort((a, b) => around[b] - around[a])) {
      const own = weightIn(body, v, p);
      if (body.home[v] === p) field[v] = Math.max(0, Math.min(1, left / own));
      left -= own;
      if (left <= 0) break;
    }
  });
  return Uint8Array.from(body.smoothed(field, 2, near), (value) => Math.round(255 * value));
}

function weightIn(body, v, p) {
  for (let i = body.start[v]; i < body.start[v + 1]; i += 1) if (body.patch[i] === p) return body.weight[i];
  return 0;
}

// The field that shows shares as they are, for maps whose values matter: smooth over borders.
export function coverOf(body, share) {
  const field = meanOf(body, share);
  return Uint8Array.from(body.smoothed(field, 2, body.around(field, 3)), (value) => Math.round(255 * value));
}

function meanOf(body, share) {
  const { start, patch, weight, areas } = body;
  const field = new Float32Array(body.fine.total);
  for (let v = 0; v < field.length; v += 1) {
    let [sum, all] = [0, 0];
    for (let i = start[v]; i < start[v + 1]; i += 1) {
      const area = weight[i] * areas[patch[i]];
      sum += area * share[patch[i]];
      all += area;
    }
    field[v] = sum / all;
  }
  return field;
}

// Shares out of 12-15=100,20=35, as [patch, percent] pairs; null when it can't be read.
export function patchesOf(text, count) {
  const found = [];
  for (const part of text.split(",").filter(Boolean)) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?=(\d{1,3})$/.exec(part);
    if (!match) return null;
    const [first, last, percent] = [Number(match[1]), Number(match[2] ?? match[1]), Number(match[3])];
    if (percent > 100 || first > last || last >= count) return null;
    for (let patch = first; patch <= last; patch += 1) found.push([patch, percent]);
  }
  return found;
}

function runs(pairs) {
  const found = [];
  for (const [patch, percent] of pairs) {
    const last = found.at(-1);
    if (last && last[1] === patch - 1 && last[2] === percent) last[1] = patch;
    else found.push([patch, patch, percent]);
  }
  return found.map(([a, b, percent]) => (a === b ? `${a}=${percent}` : `${a}-${b}=${percent}`)).join(",");
}

function halves(text, at) {
  const place = text.indexOf(at);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + 1)];
}
