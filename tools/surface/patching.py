"""Regions of the skin and the patches in them, for the left half; the right half mirrors it.

A region is the skin nearer to its seeds than to any other region's. Within a region patches are
grown from spread-out centres over neighbouring faces until their sizes agree.
"""

from __future__ import annotations

import csv
import heapq
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from placing import Floats, Ints, Placer
from scipy.sparse.csgraph import connected_components, dijkstra

HERE = Path(__file__).parent
FINE = frozenset(
    [
        "forehead",
        "temple",
        "eye-around",
        "ear",
        "cheek",
        "nose",
        "jaw",
        "teeth-upper",
        "teeth-lower",
        "chin",
        "mouth-throat",
        "palm",
        "hand-back",
        "thumb",
        "index-finger",
        "middle-ring-fingers",
        "little-finger",
        "heel",
        "sole",
        "foot-ball",
        "foot-top",
        "big-toe",
        "toes",
    ]
)
"""Regions of the face, the hands and the feet, where patches are small."""
FINE_LIMITS_CM2 = (0.4, 2.0)
LIMITS_CM2 = (3.0, 12.0)


def read_seeds() -> dict[str, list[str]]:
    """Region id -> the points it grows from."""
    with (HERE / "region_seeds.tsv").open() as lines:
        return {r["region"]: r["seeds"].split() for r in csv.DictReader(lines, delimiter="\t")}


def seed_point(mesh: Placer, seed: str) -> Floats:
    """Coordinates of a seed: a landmark, a~b@t, view:x,y or way:joint."""
    ways = {"front": (0, 0, 1), "back": (0, 0, -1), "up": (0, 1, 0), "down": (0, -1, 0)}
    if ":" in seed:
        way, _, rest = seed.partition(":")
        if "," in rest:
            x, y = (float(v) for v in rest.split(","))
            return mesh.at(mesh.front(x, y) if way == "front" else mesh.back(x, y))
        return mesh.at(mesh.ray(mesh.joint(rest), ways[way]))
    a, _, rest = seed.partition("~")
    if not rest:
        return mesh.where(a)
    b, _, t = rest.partition("@")
    return mesh.at(mesh.toward(a, b, float(t or 0.5)))


def regions_of_faces(
    mesh: Placer, left: Ints, graph: sparse.csr_matrix, smallest: dict[str, float]
) -> tuple[list[str], Ints]:
    """Region number of each face of the left half."""
    seeds = read_seeds()
    names = list(seeds)
    distance = np.full((len(names), len(mesh.points)), np.inf)
    for number, name in enumerate(names):
        points = np.array([seed_point(mesh, seed) for seed in seeds[name]])
        near = np.array([((mesh.points - p) ** 2).sum(1).argmin() for p in points])
        offset = np.linalg.norm(mesh.points[near] - points, axis=1)
        distance[number] = _from_many(graph, near, offset)
    per_face = distance[:, left].mean(axis=2)
    label = per_face.argmin(axis=0)
    areas = face_areas(mesh.points, left)
    return names, _without_islands(label, per_face, left, areas, names, smallest)


def _from_many(graph: sparse.csr_matrix, sources: Ints, offset: Floats) -> Floats:
    """Distance of every point to the nearest of several sources that start with an offset."""
    count = graph.shape[0]
    start = sparse.coo_matrix(
        (offset + 1e-9, (np.full(len(sources), count), sources)), (count + 1, count + 1)
    )
    bigger = sparse.block_diag([graph, sparse.csr_matrix((1, 1))]).tocsr() + start.tocsr()
    return np.asarray(dijkstra(bigger, indices=count)[:count])


def face_areas(points: Floats, faces: Ints) -> Floats:
    """Area of each face in cm2."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2)


def face_graph(points: Floats, faces: Ints) -> sparse.csr_matrix:
    """Faces that share an edge, joined by the way between their middles over that edge."""
    edges = np.sort(np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    owner = np.tile(np.arange(len(faces)), 3)
    order = np.lexsort(edges.T)
    edges, owner = edges[order], owner[order]
    same = np.flatnonzero((edges[1:] == edges[:-1]).all(axis=1))
    one, two = owner[same], owner[same + 1]
    middle = points[faces].mean(axis=1)
    cross = points[edges[same]].mean(axis=1)
    way = np.linalg.norm(middle[one] - cross, axis=1) + np.linalg.norm(middle[two] - cross, axis=1)
    shape = (len(faces), len(faces))
    half = sparse.coo_matrix((way + 1e-6, (one, two)), shape).tocsr()
    return half + half.T


def _without_islands(
    label: Ints,
    per_face: Floats,
    left: Ints,
    areas: Floats,
    names: list[str],
    smallest: dict[str, float],
) -> Ints:
    """Pieces of a region apart from its largest one go to the next nearest neighbour region."""
    edges = np.sort(np.vstack([left[:, [0, 1]], left[:, [1, 2]], left[:, [2, 0]]]), axis=1)
    owner = np.tile(np.arange(len(left)), 3)
    order = np.lexsort(edges.T)
    edges, owner = edges[order], owner[order]
    same = np.flatnonzero((edges[1:] == edges[:-1]).all(axis=1))
    pairs = np.column_stack([owner[same], owner[same + 1]])
    for _ in range(60):
        inner = pairs[label[pairs[:, 0]] == label[pairs[:, 1]]]
        size = (len(left), len(left))
        parts = connected_components(
            sparse.coo_matrix((np.ones(len(inner)), inner.T), size), directed=False
        )[1]
        total = np.bincount(parts, areas)
        small = np.zeros(len(total), dtype=bool)
        for number, name in enumerate(names):
            own = np.unique(parts[label == number])
            if len(own):
                keep = own[total[own].argmax()]
                small[own] = (own != keep) & (total[own] < 4 * smallest[name])
        stray = small[parts]
        if not stray.any():
            return label
        border = np.vstack([pairs, pairs[:, ::-1]])
        border = border[stray[border[:, 0]] & ~stray[border[:, 1]]]
        order = per_face[label[border[:, 1]], border[:, 0]].argsort(kind="stable")[::-1]
        label = label.copy()
        label[border[order, 0]] = label[border[order, 1]]
    return label


class Patcher:
    """Cuts the half body into patches by joining faces: always the smallest patch with that
    neighbour of its region with which it stays most compact (Ward's sum of squares)."""

    def __init__(self, points: Floats, faces: Ints, region: Ints) -> None:
        self.areas = face_areas(points, faces)
        self.middle = points[faces].mean(axis=1)
        graph = face_graph(points, faces).tocoo()
        same = region[graph.row] == region[graph.col]
        self.links: list[set[int]] = [set() for _ in faces]
        for a, b in zip(graph.row[same].tolist(), graph.col[same].tolist(), strict=True):
            self.links[a].add(b)

    def join(self, limits: list[tuple[float, float]]) -> list[list[int]]:
        """Faces of every patch. limits: smallest and largest area in cm2 per face."""
        area = self.areas.tolist()
        centre = [row.copy() for row in self.middle]
        members: dict[int, list[int]] = {i: [i] for i in range(len(area))}
        near = {i: set(link) for i, link in enumerate(self.links)}
        queue = [(a, i) for i, a in enumerate(area)]
        heapq.heapify(queue)
        while queue:
            size, one = heapq.heappop(queue)
            if one not in members or size != area[one]:
                continue
            room = [o for o in sorted(near[one]) if area[o] + size <= limits[one][1]]
            if not room:
                continue
            two = min(room, key=lambda o: _ward(size, area[o], centre[one], centre[o]))
            centre[two] = (centre[one] * size + centre[two] * area[two]) / (size + area[two])
            area[two] += size
            members[two] += members.pop(one)
            for other in near.pop(one):
                near[other].discard(one)
                if other != two:
                    near[other].add(two)
                    near[two].add(other)
            heapq.heappush(queue, (area[two], two))
        return [sorted(m) for _, m in sorted(members.items())]

    def feed(self, patches: list[list[int]], limits: list[tuple[float, float]]) -> list[list[int]]:
        """Patches below the limit take faces from neighbours that can spare them, or join one."""
        patches = [list(p) for p in patches]
        owner = {face: i for i, patch in enumerate(patches) for face in patch}
        for _ in range(8):
            for i, patch in enumerate(patches):
                if patch and self._size(patch) < limits[patch[0]][0]:
                    self._take(i, patches, owner, limits)
        return [sorted(p) for p in patches if p]

    def _size(self, patch: list[int]) -> float:
        return float(self.areas[patch].sum())

    def _take(
        self,
        i: int,
        patches: list[list[int]],
        owner: dict[int, int],
        limits: list[tuple[float, float]],
    ) -> None:
        low, high = limits[patches[i][0]]
        rim = sorted({o for face in patches[i] for o in self.links[face]} - set(patches[i]))
        heart = np.average(self.middle[patches[i]], axis=0, weights=self.areas[patches[i]])
        rim.sort(key=lambda face: float(((self.middle[face] - heart) ** 2).sum()))
        for face in rim:
            giver = patches[owner[face]]
            rest = [f for f in giver if f != face]
            fits = self._size(patches[i]) + self.areas[face] <= high
            if fits and rest and self._size(rest) >= low and self._whole(rest):
                patches[owner[face]] = rest
                patches[i].append(face)
                owner[face] = i
            if self._size(patches[i]) >= low:
                return

    def _whole(self, patch: list[int]) -> bool:
        left, stack = set(patch), [patch[0]]
        while stack:
            face = stack.pop()
            if face in left:
                left.discard(face)
                stack += [o for o in self.links[face] if o in left]
        return not left


def _ward(size_a: float, size_b: float, a: Floats, b: Floats) -> float:
    """Growth of the sum of squared distances to the middle when two patches join."""
    return size_a * size_b / max(size_a + size_b, 1e-12) * float(((a - b) ** 2).sum())
