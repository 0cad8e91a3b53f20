// Reads the body's documents (docs/reference/body-chart.md): half a body, made whole here.

const MAGIC = "FILIBODY";
const POINTS = 13380; // of every body
const asked = new Map();

// One request for each address, however many charts a page has.
export function fetched(address, read) {
  if (!asked.has(address)) {
    const answer = fetch(address, { credentials: "same-origin" }).then(async (response) => {
      if (!response.ok) throw new Error(`${address}: ${response.status}`);
      return read(await response.arrayBuffer());
    });
    answer.catch(() => asked.delete(address));
    asked.set(address, answer);
  }
  return asked.get(address);
}

function unpack(buffer, kind) {
  const bytes = new Uint8Array(buffer);
  if (new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) throw new Error(`not a ${kind} document`);
  const view = new DataView(buffer);
  let at = 12 + view.getUint32(8, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(12, at)));
  if (header.kind !== kind) throw new Error(`document of kind ${header.kind}: expected ${kind}`);
  const rows = {};
  for (const [name, bits, length] of header.sections) {
    rows[name] = bits === 8 ? bytes.slice(at, at + length) : summed(bytes, at, length);
    at += (length * bits) / 8;
  }
  return { header, rows };
}

// 16 bit differences, low bytes first, then high bytes.
function summed(bytes, at, length) {
  const row = new Uint16Array(length);
  let sum = 0;
  for (let i = 0; i < length; i += 1) {
    sum = (sum + bytes[at + i] + (bytes[at + length + i] << 8)) & 0xffff;
    row[i] = sum;
  }
  return row;
}

// Faces (the right half mirrors the left, corners in reverse), patches, regions, landmarks.
export function readSurface(buffer) {
  const { header, rows } = unpack(buffer, "surface");
  const half = rows.patches.length;
  const patchHalf = rows.patch_regions.length;
  const twin = (header.points - header.midline) / 2;
  const faces = new Uint16Array(half * 6);
  const patchOfFace = new Uint16Array(half * 2);
  const regionOfPatch = new Uint8Array(patchHalf * 2);
  const other = (point) => (point < header.midline ? point : point + twin);
  faces.set(rows.faces);
  for (let face = 0; face < half; face += 1) {
    const [from, to] = [face * 3, (face + half) * 3];
    for (let k = 0; k < 3; k += 1) faces[to + k] = other(rows.faces[from + 2 - k]);
    patchOfFace[face] = rows.patches[face];
    patchOfFace[face + half] = rows.patches[face] + patchHalf;
  }
  regionOfPatch.set(rows.patch_regions);
  regionOfPatch.set(rows.patch_regions, patchHalf);
  return {
    release: header.release, points: header.points, midline: header.midline, faces, patchOfFace,
    regionOfPatch, regions: header.regions, patches: patchHalf * 2,
    landmarks: header.landmarks.map(([id, face, b1, b2, paired]) => ({ id, face, b1, b2, paired: Boolean(paired) })),
  };
}

// Coordinates in cm (x, y, z for every point); numbers 32768 to 65535 are negative.
export function readPoints(buffer) {
  const { header, rows } = unpack(buffer, "points");
  const half = rows.x.length;
  const midline = 2 * half - POINTS;
  const points = new Float32Array(POINTS * 3);
  const cm = (value) => (value > 32767 ? value - 65536 : value) * header.step_cm;
  for (let i = 0; i < half; i += 1) {
    const [x, y, z] = [cm(rows.x[i]), cm(rows.y[i]), cm(rows.z[i])];
    points.set([x, y, z], i * 3);
    if (i >= midline) points.set([-x, y, z], (half + i - midline) * 3);
  }
  return { release: header.release, points };
}
