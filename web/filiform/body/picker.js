// Where a ray meets the skin, and what lies there. Balls around the patches sort out nearly all
// faces before any is looked at: some 0.05 ms for a ray.

import { placeOn } from "./mesh.js";

export class Picker {
  constructor(body) {
    this.body = body;
    const { surface, coarse } = body;
    const rows = Array.from({ length: surface.patches }, () => []);
    surface.patchOfFace.forEach((patch, face) => rows[patch].push(face));
    this.facesOfPatch = rows.map((row) => Uint16Array.from(row));
    this.balls = new Float32Array(surface.patches * 4);
    this.facesOfPatch.forEach((faces, patch) => this.balls.set(ballAround(coarse, surface.faces, faces), patch * 4));
  }

  // The first face that is hit from its outer side, or null: {face, b1, b2, point, away}.
  hit(from, along) {
    const { balls } = this;
    let best = null;
    for (let patch = 0; patch < this.facesOfPatch.length; patch += 1) {
      const [x, y, z] = [balls[patch * 4] - from[0], balls[patch * 4 + 1] - from[1], balls[patch * 4 + 2] - from[2]];
      const ahead = x * along[0] + y * along[1] + z * along[2];
      const radius = balls[patch * 4 + 3];
      // The ray passes it by, or it lies behind the eye.
      if (x * x + y * y + z * z - ahead * ahead > radius * radius || ahead + radius < 0) continue;
      // Nothing in it can be nearer than what was met already.
      if (best && ahead - radius > best.away) continue;
      for (const face of this.facesOfPatch[patch]) best = this.meet(face, from, along, best);
    }
    if (!best) return null;
    return { ...best, point: from.map((value, k) => value + along[k] * best.away) };
  }

  meet(face, from, along, best) {
    const { coarse, surface: { faces } } = this.body;
    const [a, b, c] = [faces[face * 3] * 3, faces[face * 3 + 1] * 3, faces[face * 3 + 2] * 3];
    const [ux, uy, uz] = [coarse[b] - coarse[a], coarse[b + 1] - coarse[a + 1], coarse[b + 2] - coarse[a + 2]];
    const [vx, vy, vz] = [coarse[c] - coarse[a], coarse[c + 1] - coarse[a + 1], coarse[c + 2] - coarse[a + 2]];
    const [px, py, pz] = [along[1] * vz - along[2] * vy, along[2] * vx - along[0] * vz, along[0] * vy - along[1] * vx];
    const volume = ux * px + uy * py + uz * pz;
    if (volume < 1e-9) return best; // seen from inside, or edge on
    const [tx, ty, tz] = [from[0] - coarse[a], from[1] - coarse[a + 1], from[2] - coarse[a + 2]];
    const b1 = (tx * px + ty * py + tz * pz) / volume;
    if (b1 < 0 || b1 > 1) return best;
    const [qx, qy, qz] = [ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux];
    const b2 = (along[0] * qx + along[1] * qy + along[2] * qz) / volume;
    if (b2 < 0 || b1 + b2 > 1) return best;
    const away = (vx * qx + vy * qy + vz * qz) / volume;
    return away > 0 && (!best || away < best.away) ? { face, b1, b2, away } : best;
  }
}

function ballAround(points, faces, some) {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const each = (visit) => {
    for (const face of some) for (let k = 0; k < 3; k += 1) visit(faces[face * 3 + k] * 3);
  };
  each((p) => {
    for (let k = 0; k < 3; k += 1) { low[k] = Math.min(low[k], points[p + k]); high[k] = Math.max(high[k], points[p + k]); }
  });
  const centre = low.map((value, k) => (value + high[k]) / 2);
  let radius = 0;
  each((p) => { radius = Math.max(radius, Math.hypot(points[p] - centre[0], points[p + 1] - centre[1], points[p + 2] - centre[2])); });
  // A little more: a rounding must not leave a corner outside its ball.
  return [...centre, radius * 1.0001 + 1e-4];
}

// --- a place as text: pick:RELEASE:face:b1:b2 ---------------------------------------------------
export function placeText(release, { face, b1, b2 }) {
  return `pick:${release}:${face}:${b1.toFixed(4)}:${b2.toFixed(4)}`;
}

export function placeOf(text, surface) {
  const [kind, release, ...numbers] = String(text ?? "").split(":");
  const [face, b1, b2] = numbers.map(Number);
  const known = kind === "pick" && release === surface.release && numbers.length === 3;
  // Rounded to four digits each, two shares may be a little more than one.
  const sound = Number.isInteger(face) && face >= 0 && face * 3 < surface.faces.length
    && b1 >= 0 && b2 >= 0 && b1 + b2 <= 1.0002;
  return known && sound ? { face, b1, b2 } : null;
}

// A named landmark on a side: right faces mirror the left, corners in reverse.
export function landmarkPlace(surface, id, side) {
  const mark = surface.landmarks.find((one) => one.id === id);
  if (!mark) return null;
  if (side !== "right" || !mark.paired) return { face: mark.face, b1: mark.b1, b2: mark.b2 };
  const half = surface.faces.length / 6;
  return { face: (mark.face + half) % (2 * half), b1: mark.b1, b2: 1 - mark.b1 - mark.b2 };
}

// What a form or a page wants to know of a place. points: those of the reference body.
export function describe(surface, place, points) {
  const patch = surface.patchOfFace[place.face];
  const here = placeOn(points, surface.faces, place.face, place.b1, place.b2);
  return {
    face: place.face, b1: place.b1, b2: place.b2, patch,
    region: surface.regions[surface.regionOfPatch[patch]],
    side: patch < surface.patches / 2 ? "left" : "right",
    x: here[0], y: here[1], z: here[2],
    ...nearestLandmark(surface, here, points),
  };
}

function nearestLandmark(surface, here, points) {
  let best = { landmark: "", landmarkSide: "midline", landmarkCm: Infinity };
  for (const mark of surface.landmarks) {
    const there = placeOn(points, surface.faces, mark.face, mark.b1, mark.b2);
    for (const side of mark.paired ? ["left", "right"] : ["midline"]) {
      const x = side === "right" ? -there[0] : there[0];
      const away = Math.hypot(x - here[0], there[1] - here[1], there[2] - here[2]);
      if (away < best.landmarkCm) best = { landmark: mark.id, landmarkSide: side, landmarkCm: away };
    }
  }
  return best;
}
