// Where the camera can stand: four sides, and close-ups of parts of the body.

export const SIDES = [["front", 0], ["back", Math.PI], ["left", Math.PI / 2], ["right", -Math.PI / 2]];

const HEAD = [
  "head-top", "forehead", "temple", "head-side", "head-back", "eye-around", "ear", "cheek", "nose", "jaw",
  "teeth-upper", "teeth-lower", "chin", "mouth-throat",
];
const NECK = ["neck-front", "neck-side", "neck-back-upper", "neck-back"];
const HAND = ["wrist-front", "wrist-back", "palm", "hand-back", "thumb", "index-finger", "middle-ring-fingers", "little-finger"];
const FOOT = ["ankle-inner", "ankle-outer", "ankle-front", "heel", "sole", "foot-ball", "foot-top", "big-toe", "toes", "achilles"];

// Each: regions that must fit, on which side, and from where it is seen best (null: as now).
export const CLOSE_UPS = {
  whole: { regions: null },
  head: { regions: HEAD, yaw: null },
  shoulders: { regions: [...NECK, "shoulder-top", "shoulder-front", "shoulder-side", "shoulder-back", "shoulder-blade", "chin", "chest-upper"], yaw: null },
  "low-back": { regions: ["back-lower", "spine-lower", "flank", "sacrum", "tailbone", "buttock", "back-middle"], yaw: Math.PI },
  "left-hand": { regions: HAND, side: "left", yaw: null },
  "right-hand": { regions: HAND, side: "right", yaw: null },
  knees: { regions: ["knee-front", "knee-inner", "knee-outer", "knee-back"], yaw: null },
  feet: { regions: FOOT, yaw: null, pitch: 0.5 },
  soles: { regions: ["sole", "foot-ball", "heel", "big-toe", "toes"], yaw: 0, pitch: -1.2 },
};

// Numbers of the points (of the coarse mesh) in some regions on some side; all without regions.
export function pointsIn(surface, regions, side) {
  const wanted = regions && new Set(regions.map((id) => surface.regions.indexOf(id)));
  const half = surface.patches / 2;
  const found = new Set();
  surface.patchOfFace.forEach((patch, face) => {
    if (wanted && !wanted.has(surface.regionOfPatch[patch])) return;
    if (side && (patch < half) !== (side === "left")) return;
    for (let k = 0; k < 3; k += 1) found.add(surface.faces[face * 3 + k]);
  });
  return [...found];
}

// Ends of the edges around one region on one side, lifted a little off the skin.
export function outlineOf(body, region, side) {
  const { surface, fine, points, normals } = body;
  const half = surface.patches / 2;
  const inside = (fineFace) => {
    const patch = surface.patchOfFace[fineFace >> 2];
    return surface.regionOfPatch[patch] === region && (patch < half) === (side === "left");
  };
  const edges = new Map();
  for (let face = 0; face < fine.faces.length / 3; face += 1) {
    if (!inside(face)) continue;
    for (let k = 0; k < 3; k += 1) {
      const [a, b] = [fine.faces[face * 3 + k], fine.faces[face * 3 + ((k + 1) % 3)]];
      const twin = b * 65536 + a;
      if (edges.has(twin)) edges.delete(twin); else edges.set(a * 65536 + b, [a, b]);
    }
  }
  const ends = [];
  for (const pair of edges.values()) for (const v of pair) for (let k = 0; k < 3; k += 1) ends.push(points[v * 3 + k] + 0.12 * normals[v * 3 + k]);
  return ends;
}
