// What is drawn becomes colours and patterns at the points of the skin.

import { MARKS, QUALITY_MARKS, heat } from "./colours.js";
import { coverOf, patchesOf, shapeOf } from "./drawing.js";

const UNSAID = 0.55; // where on the scale pain of unsaid strength stands
const ESSENTIAL = 0.5;

// --- the patient's drawing ------------------------------------------------------------------------
// some: points to look at again, or null for all. Returns the first and the last that were written.
export function paintDrawing(stage, drawing, colours, some = null) {
  const { body } = drawing;
  const layers = [...drawing.layers].map(([quality, layer]) => ({ ...layer, channels: channelsOf(QUALITY_MARKS[quality]) }));
  const tones = Array.from({ length: 12 }, (_, i) => heat(colours.scale, i ? 0.06 + 0.094 * (i - 1) : UNSAID));
  const { tint, marksA, marksB } = arraysOf(stage);
  let [first, last] = [body.fine.total, -1];
  const write = (v) => {
    const at = v * 4;
    let [most, tone] = [0, tones[0]];
    marksA.fill(0, at, at + 4);
    marksB.fill(0, at, at + 4);
    for (const { cover, intensity, channels } of layers) {
      const amount = cover[v];
      if (amount > most) { most = amount; tone = tones[intensity[body.home[v]] + 1]; }
      for (const channel of channels) mark(marksA, marksB, at, channel, amount);
    }
    for (let k = 0; k < 3; k += 1) tint[at + k] = (tone[k] * most) / 255;
    tint[at + 3] = most;
    if (v < first) first = v;
    if (v > last) last = v;
  };
  if (some) for (const v of some) write(v);
  else for (let v = 0; v < body.fine.total; v += 1) write(v);
  if (last >= first) stage.painted(first, last);
}

// --- what others show -----------------------------------------------------------------------------
// shown: {heat, zones, drawing, then, now, bruises}; weights as text, as an array or as {patch: 0..1}.
export function paintShown(stage, body, shown, colours) {
  const { tint, marksA, marksB } = arraysOf(stage);
  for (const array of [tint, marksA, marksB]) array.fill(0);
  for (const coat of coatsOf(body, shown, colours)) lay(coat, tint, marksA, marksB);
  // The card gets colours that are multiplied by their cover.
  for (let at = 0; at < tint.length; at += 4) for (let k = 0; k < 3; k += 1) tint[at + k] = (tint[at + k] * tint[at + 3]) / 255;
  stage.painted();
}

function coatsOf(body, shown, { scale, bruise, then, now, both }) {
  const coats = [];
  const cover = (weights) => shapeOf(body, sharesOf(body.surface, weights));
  const add = (weights, coat) => { if (weights) coats.push({ cover: cover(weights), ...coat }); };
  if (shown.heat) coats.push({ cover: coverOf(body, sharesOf(body.surface, shown.heat)), rgbOf: (value) => heat(scale, value), grows: 5, channels: [] });
  for (const zone of [shown.zones ?? []].flat()) {
    add(zone.spillover, { rgb: heat(scale, 0.2), opacity: 0.3, channels: channelsOf(["stipple"]) });
    add(zone.essential, { rgb: heat(scale, ESSENTIAL), opacity: 1, channels: [], clears: true });
  }
  for (const layer of layersOf(body.surface, shown.drawing)) {
    const rgb = heat(scale, layer.intensity < 0 ? UNSAID : 0.06 + 0.094 * layer.intensity);
    coats.push({ cover: shapeOf(body, layer.share), rgb, opacity: 1, channels: channelsOf(QUALITY_MARKS[layer.quality]) });
  }
  for (const one of [shown.bruises ?? []].flat()) add(one, { rgb: bruise, opacity: 0.9, channels: channelsOf(["rings"]) });
  if (shown.then || shown.now) coats.push(...compared(cover(shown.then), cover(shown.now), { then, now, both }));
  return coats;
}

// Then alone, now alone, both: each with a colour and a pattern of its own; both together cross.
function compared(before, after, colours) {
  const pair = (choose) => Uint8Array.from(before, (value, v) => choose(value, after[v]));
  return [
    { cover: pair((a, b) => (a * (255 - b)) / 255), rgb: colours.then, opacity: 0.8, channels: channelsOf(["slash"]) },
    { cover: pair((a, b) => (b * (255 - a)) / 255), rgb: colours.now, opacity: 0.8, channels: channelsOf(["backslash"]) },
    { cover: pair((a, b) => Math.min(a, b)), rgb: colours.both, opacity: 0.9, channels: channelsOf(["slash", "backslash"]) },
  ];
}

// One coat over what is there.
function lay({ cover, rgb, rgbOf, opacity = 1, grows = 1, channels, clears }, tint, marksA, marksB) {
  for (let v = 0; v < cover.length; v += 1) {
    if (!cover[v]) continue;
    const at = v * 4;
    const colour = rgb ?? rgbOf(cover[v] / 255);
    const over = Math.min(1, (cover[v] / 255) * grows) * opacity;
    const under = (tint[at + 3] / 255) * (1 - over);
    const all = over + under;
    for (let k = 0; k < 3; k += 1) tint[at + k] = (colour[k] * over + tint[at + k] * under) / all;
    tint[at + 3] = 255 * all;
    if (clears) for (let k = 0; k < 4; k += 1) { marksA[at + k] *= 1 - cover[v] / 255; marksB[at + k] *= 1 - cover[v] / 255; }
    for (const channel of channels) mark(marksA, marksB, at, channel, cover[v]);
  }
}

export function sharesOf(surface, weights) {
  const share = new Float32Array(surface.patches);
  if (typeof weights === "string") {
    for (const layer of layersOf(surface, weights)) layer.share.forEach((value, p) => { share[p] = Math.max(share[p], value); });
  } else {
    for (const [patch, value] of Object.entries(weights ?? {})) share[patch] = Math.max(0, Math.min(1, Number(value) || 0));
  }
  return share;
}

// Layers of a drawing's text; plain weights (RELEASE;12-15=100) are one layer without a quality.
export function layersOf(surface, text) {
  if (!text || !text.startsWith(`${surface.release};`)) return [];
  return text.slice(surface.release.length + 1).split("|").filter(Boolean).map((part) => {
    const fields = part.includes(":") ? part.split(":") : ["", "", part];
    const share = new Float32Array(surface.patches);
    for (const [patch, percent] of patchesOf(fields[2] ?? "", surface.patches) ?? []) share[patch] = percent / 100;
    return { quality: fields[0], intensity: fields[1] === "" ? -1 : Number(fields[1]), share };
  });
}

function arraysOf(stage) {
  const { tint, marksA, marksB } = stage.layers;
  return { tint: tint.array, marksA: marksA.array, marksB: marksB.array };
}

function channelsOf(names = []) { return names.map((name) => MARKS.indexOf(name)); }

function mark(marksA, marksB, at, channel, amount) {
  const [array, place] = channel < 4 ? [marksA, at + channel] : [marksB, at + channel - 4];
  if (amount > array[place]) array[place] = amount;
}
