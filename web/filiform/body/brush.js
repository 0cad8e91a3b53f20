// The skin under the brush: what is joined to the point pressed, within reach, and faces the eye.
// So a stroke runs neither through to the back nor onto the arm beside the trunk.

const FACING = 0.06; // cosine between normal and line of sight from which skin counts as seen
const FULL_TO = 0.6; // share of the radius that is covered fully; beyond, the edge is soft

export class Brush {
  constructor(body) {
    this.body = body;
    this.seen = new Uint32Array(body.fine.total);
    this.round = 0;
  }

  // place: {face, point}; eye: where the camera stands; radius in cm on the skin.
  dab(place, eye, radius) {
    const { points, normals, fine } = this.body;
    const { near } = fine;
    const [hx, hy, hz] = place.point;
    const found = [];
    const amounts = [];
    this.round += 1;
    const queue = this.seeds(place);
    const nearest = this.nearest(queue, place.point);
    for (const v of queue) this.seen[v] = this.round;
    while (queue.length) {
      const v = queue.pop();
      const [x, y, z] = [points[v * 3], points[v * 3 + 1], points[v * 3 + 2]];
      const away = Math.hypot(x - hx, y - hy, z - hz);
      if (away > radius && v !== nearest) continue;
      const [ex, ey, ez] = [eye[0] - x, eye[1] - y, eye[2] - z];
      const facing = (normals[v * 3] * ex + normals[v * 3 + 1] * ey + normals[v * 3 + 2] * ez) / Math.hypot(ex, ey, ez);
      if (facing < FACING && v !== nearest) continue;
      const amount = Math.round(255 * (v === nearest ? Math.max(0.7, softly(away / radius)) : softly(away / radius)));
      if (amount > 0) { found.push(v); amounts.push(amount); }
      for (let i = near.start[v]; i < near.start[v + 1]; i += 1) {
        const next = near.row[i];
        if (this.seen[next] !== this.round) { this.seen[next] = this.round; queue.push(next); }
      }
    }
    return [found, amounts];
  }

  // Corners and middles of the face that was hit.
  seeds({ face }) {
    return [...new Set(this.body.fine.faces.subarray(face * 12, face * 12 + 12))];
  }

  // However fine the brush, the point nearest to where it was pressed is marked.
  nearest(some, [x, y, z]) {
    const { points } = this.body;
    const away = (v) => Math.hypot(points[v * 3] - x, points[v * 3 + 1] - y, points[v * 3 + 2] - z);
    return some.reduce((best, v) => (away(v) < away(best) ? v : best));
  }
}

function softly(t) {
  if (t <= FULL_TO) return 1;
  if (t >= 1) return 0;
  const s = (1 - t) / (1 - FULL_TO);
  return s * s * (3 - 2 * s);
}
