// The skin as it is drawn: every face divided in four, along curves that follow the normals, so
// that outlines are round and a drawing has points 0.3 cm apart in the median, 1 cm on the trunk.
// 53,514 points, 107,024 faces.

// What depends on the topology alone: fine faces, neighbours of points, patches around points.
export function refine(surface) {
  if (surface.fine) return surface.fine;
  const { faces, points } = surface;
  const count = faces.length / 3;
  const edges = new Map();
  const ends = [];
  const middle = (a, b) => {
    const key = a < b ? a * 65536 + b : b * 65536 + a;
    let point = edges.get(key);
    if (point === undefined) {
      point = points + ends.length / 2;
      ends.push(Math.min(a, b), Math.max(a, b));
      edges.set(key, point);
    }
    return point;
  };
  const fine = new Uint16Array(count * 12);
  for (let face = 0; face < count; face += 1) {
    const [a, b, c] = faces.subarray(face * 3, face * 3 + 3);
    const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
    fine.set([a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca], face * 12);
  }
  const total = points + ends.length / 2;
  surface.fine = { faces: fine, ends: Uint16Array.from(ends), total, near: neighbours(fine, total) };
  return surface.fine;
}

// Neighbours of each point as one long row: those of v stand from start[v] to start[v + 1].
function neighbours(faces, total) {
  const count = new Uint32Array(total + 1);
  for (const point of faces) count[point + 1] += 1;
  for (let v = 0; v < total; v += 1) count[v + 1] += count[v];
  const row = new Uint16Array(faces.length);
  const place = count.slice(0, total);
  for (let i = 0; i < faces.length; i += 3) {
    // In a closed mesh each point is followed by a different neighbour in each face around it.
    for (let k = 0; k < 3; k += 1) row[place[faces[i + k]]++] = faces[i + ((k + 1) % 3)];
  }
  return { start: count, row };
}

export function normalsOf(points, faces) {
  const normals = new Float32Array(points.length);
  for (let i = 0; i < faces.length; i += 3) {
    const [a, b, c] = [faces[i] * 3, faces[i + 1] * 3, faces[i + 2] * 3];
    const [ux, uy, uz] = [points[b] - points[a], points[b + 1] - points[a + 1], points[b + 2] - points[a + 2]];
    const [vx, vy, vz] = [points[c] - points[a], points[c + 1] - points[a + 1], points[c + 2] - points[a + 2]];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    for (const p of [a, b, c]) { normals[p] += nx; normals[p + 1] += ny; normals[p + 2] += nz; }
  }
  for (let i = 0; i < normals.length; i += 3) {
    const long = Math.hypot(normals[i], normals[i + 1], normals[i + 2]) || 1;
    normals[i] /= long; normals[i + 1] /= long; normals[i + 2] /= long;
  }
  return normals;
}

// Charts of one body on a page share it.
const made = new WeakMap();
export function bodyOf(surface, points) {
  if (!made.has(points)) made.set(points, new Body(surface, points));
  return made.get(points);
}

// One body: fine points, normals, hollows, and how much skin of which patch each point stands for.
export class Body {
  constructor(surface, coarse) {
    this.surface = surface;
    this.coarse = coarse;
    this.fine = refine(surface);
    this.points = this.divide();
    this.normals = normalsOf(this.points, this.fine.faces);
    this.hollows = this.findHollows();
    this.weigh();
  }

  // The middle of an edge lies on the cubic that leaves both ends at right angles to the normals.
  divide() {
    const { coarse, surface } = this;
    const normals = normalsOf(coarse, surface.faces);
    const { ends, total } = this.fine;
    const points = new Float32Array(total * 3);
    points.set(coarse);
    for (let e = 0; e < ends.length; e += 2) {
      const [a, b, to] = [ends[e] * 3, ends[e + 1] * 3, coarse.length + (e / 2) * 3];
      let [wa, wb] = [0, 0];
      for (let k = 0; k < 3; k += 1) {
        const along = coarse[b + k] - coarse[a + k];
        wa += along * normals[a + k];
        wb -= along * normals[b + k];
      }
      for (let k = 0; k < 3; k += 1) {
        points[to + k] = (coarse[a + k] + coarse[b + k]) / 2 - (wa * normals[a + k] + wb * normals[b + k]) / 8;
      }
    }
    return points;
  }

  // -1 in a fold, 1 on a ridge: what stands out against its neighbourhood, near and a little wider.
  findHollows() {
    const { points, normals } = this;
    const { near, total } = this.fine;
    const found = new Float32Array(total);
    for (let v = 0; v < total; v += 1) {
      let [x, y, z, reach] = [0, 0, 0, 0];
      const [from, to] = [near.start[v], near.start[v + 1]];
      for (let i = from; i < to; i += 1) {
        const n = near.row[i] * 3;
        const [dx, dy, dz] = [points[n] - points[v * 3], points[n + 1] - points[v * 3 + 1], points[n + 2] - points[v * 3 + 2]];
        x += dx; y += dy; z += dz; reach += Math.hypot(dx, dy, dz);
      }
      const out = -(x * normals[v * 3] + y * normals[v * 3 + 1] + z * normals[v * 3 + 2]) / (reach || 1);
      found[v] = Math.max(-1, Math.min(1, out * 4));
    }
    const wide = this.smoothed(found, 8);
    for (let v = 0; v < total; v += 1) found[v] = Math.max(-1, Math.min(1, 0.45 * found[v] + 1.7 * wide[v]));
    return this.smoothed(found, 1);
  }

  // The mean of each point and its neighbours, so many times; of some points only, when the others
  // can't change.
  smoothed(values, times, some = null) {
    const { near, total } = this.fine;
    let [now, next] = [values, Float32Array.from(values)];
    const mean = (v) => {
      const [from, to] = [near.start[v], near.start[v + 1]];
      let sum = 0;
      for (let i = from; i < to; i += 1) sum += now[near.row[i]];
      next[v] = 0.5 * now[v] + (0.5 * sum) / (to - from);
    };
    for (let round = 0; round < times; round += 1) {
      if (some) for (const v of some) mean(v);
      else for (let v = 0; v < total; v += 1) mean(v);
      [now, next] = [next, round ? now : Float32Array.from(values)]; // what was given stays as it is
    }
    return now;
  }

  // Points with a value, and all that are so many edges from one.
  around(values, edges) {
    const { near, total } = this.fine;
    const seen = new Uint8Array(total);
    const found = [];
    for (let v = 0; v < total; v += 1) if (values[v]) { seen[v] = 1; found.push(v); }
    let from = 0;
    for (let ring = 0; ring < edges; ring += 1) {
      const to = found.length;
      for (let k = from; k < to; k += 1) {
        const v = found[k];
        for (let i = near.start[v]; i < near.start[v + 1]; i += 1) {
          const next = near.row[i];
          if (!seen[next]) { seen[next] = 1; found.push(next); }
        }
      }
      from = to;
    }
    return found;
  }

  // A patch's covered share is the sum over its points of weight x cover: the exact mean of a field
  // that is linear on every face. Entries of point v stand from start[v] to start[v + 1].
  weigh() {
    const { points, surface } = this;
    const { faces, total, near } = this.fine;
    const areas = new Float64Array(surface.patches);
    const of = new Uint16Array(faces.length);
    const thirds = new Float32Array(faces.length);
    const place = near.start.slice(0, total);
    for (let i = 0; i < faces.length; i += 3) {
      const patch = surface.patchOfFace[(i / 12) | 0];
      const third = areaOf(points, faces[i] * 3, faces[i + 1] * 3, faces[i + 2] * 3) / 3;
      areas[patch] += 3 * third;
      for (let k = 0; k < 3; k += 1) {
        const at = place[faces[i + k]]++;
        of[at] = patch;
        thirds[at] = third;
      }
    }
    const home = new Uint16Array(total); // the patch that most of a point's skin belongs to
    const start = new Uint32Array(total + 1);
    let end = 0;
    for (let v = 0; v < total; v += 1) {
      const first = end;
      let most = 0;
      for (let i = near.start[v]; i < near.start[v + 1]; i += 1) {
        let at = first;
        while (at < end && of[at] !== of[i]) at += 1;
        const area = (at < end ? thirds[at] : 0) + thirds[i];
        if (at === end) end += 1;
        of[at] = of[i];
        thirds[at] = area; // never behind i: what is joined only moves forward
        if (area > most) { most = area; home[v] = of[at]; }
      }
      start[v + 1] = end;
    }
    const patch = of.slice(0, end);
    const weight = thirds.slice(0, end).map((area, i) => area / areas[patch[i]]);
    Object.assign(this, { areas, start, patch, weight, home, pointsOfPatch: gathered(start, patch, surface.patches) });
  }

  // A place on the skin: face and weights of its second and third corner.
  at(face, b1, b2) {
    return placeOn(this.coarse, this.surface.faces, face, b1, b2);
  }
}

export function placeOn(points, faces, face, b1, b2) {
  const [a, b, c] = [faces[face * 3] * 3, faces[face * 3 + 1] * 3, faces[face * 3 + 2] * 3];
  const b0 = 1 - b1 - b2;
  return [0, 1, 2].map((k) => b0 * points[a + k] + b1 * points[b + k] + b2 * points[c + k]);
}

function gathered(start, patch, patches) {
  const rows = Array.from({ length: patches }, () => []);
  for (let v = 0; v + 1 < start.length; v += 1) {
    for (let i = start[v]; i < start[v + 1]; i += 1) rows[patch[i]].push(v);
  }
  return rows.map((row) => Uint16Array.from(row));
}

function areaOf(points, a, b, c) {
  const [ux, uy, uz] = [points[b] - points[a], points[b + 1] - points[a + 1], points[b + 2] - points[a + 2]];
  const [vx, vy, vz] = [points[c] - points[a], points[c + 1] - points[a + 1], points[c + 2] - points[a + 2]];
  return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}
