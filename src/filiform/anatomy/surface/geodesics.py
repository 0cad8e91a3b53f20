"""Distances and shortest ways over the skin of the reference body.

Short geodesics between near points (exact, made at build time) are put together: the distance
field is the shortest way over that graph. Compared with exact geodesics it is never shorter and
on average 0.4 % longer (docs/reference/surface.md). Everything is plain NumPy and deterministic.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from filiform.anatomy.surface.mesh import POINTS, surface
from filiform.arrays import Floats, Ints

SPACING_CM = 0.7
"""Points of a way lie at most this far apart."""
SHORTEST_CM = 1e-4
"""Some points of the closed mouth coincide; a way between them still counts as a step."""
TOO_SHORT = 0.97
"""A way that pulling tight made shorter than this has left the skin (between two fingers)."""


@dataclass(frozen=True)
class Spot:
    """A place on the skin: a face and the weights of its three corners, which add up to 1."""

    face: int
    weights: tuple[float, float, float]

    def at(self, points: npt.NDArray[np.floating] | None = None) -> Floats:
        """Coordinates in cm, on the reference body or on any body with the same point numbers."""
        skin = surface()
        where = skin.points if points is None else np.asarray(points, dtype=np.float64)
        return np.asarray(np.array(self.weights) @ where[skin.faces[self.face]])


@dataclass(frozen=True, eq=False)
class Ways:
    """The graph of short geodesics. near, length: (13380, n), rows filled up with length inf."""

    near: Ints
    length: Floats


@dataclass(frozen=True, eq=False)
class SkinPath:
    """A way over the skin: points (n, 3) in cm and the face each lies on."""

    points: Floats
    spots: tuple[Spot, ...]

    @cached_property
    def length_cm(self) -> float:
        """Its length."""
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())

    def part(self, fraction: float) -> Spot:
        """The place at a fraction of the length, 0 at the start and 1 at the end."""
        if fraction <= 0:
            return self.spots[0]
        if fraction >= 1:
            return self.spots[-1]
        steps = np.linalg.norm(np.diff(self.points, axis=0), axis=1)
        along = np.concatenate([[0.0], np.cumsum(steps)]) / max(steps.sum(), 1e-12)
        i = min(int(np.searchsorted(along, fraction)), len(steps))
        t = (fraction - along[i - 1]) / max(along[i] - along[i - 1], 1e-12)
        point = self.points[i - 1] * (1 - t) + self.points[i] * t
        corners = np.unique(surface().faces[[self.spots[i - 1].face, self.spots[i].face]])
        beside = _Corridor(corners, np.zeros(len(corners)), 0.0, 0.0)
        _, face, weights = _on_skin(point[None], beside)
        return Spot(int(face[0]), tuple(weights[0].tolist()))


@lru_cache(maxsize=1)
def ways() -> Ways:
    """The graph, put together once (some 100 ms)."""
    skin = surface()
    pairs = np.column_stack([skin.arrays["way_start"], skin.arrays["way_end"]]).astype(np.int64)
    # How much longer than the straight line, in a byte whose steps are finest where it is near 1.
    fold = np.exp((skin.arrays["way_fold"].astype(np.float64) / 255.0) ** 2)
    straight = np.linalg.norm(skin.points[pairs[:, 0]] - skin.points[pairs[:, 1]], axis=1)
    long = np.maximum(straight * fold, SHORTEST_CM)
    one, two = pairs.T
    # Stored once: back, and on the other side of the body, a way is as long.
    start = np.concatenate([one, two, skin.mirror[one], skin.mirror[two]])
    end = np.concatenate([two, one, skin.mirror[two], skin.mirror[one]])
    order = np.argsort(start, kind="stable")
    start, end, length = start[order], end[order], np.tile(long, 4)[order]
    count = np.bincount(start, minlength=POINTS)
    column = np.arange(len(start)) - np.repeat(np.cumsum(count) - count, count)
    near = np.zeros((POINTS, int(count.max())), dtype=np.int64)
    far = np.full(near.shape, np.inf)
    near[start, column], far[start, column] = end, length
    return Ways(near, far)


def spread(start: Ints, start_cm: Floats, limit_cm: float, goal: Floats | None = None) -> Floats:
    """Distance of every point from a set of starting points that begin with a distance.

    Points farther than limit_cm get inf. goal: a place; then the limit counts the straight way
    from the point on to the goal too, so that only points between are visited. Returns (13380,).
    """
    onward = None if goal is None else np.linalg.norm(surface().points - goal, axis=1)
    graph = ways()
    away = np.full(POINTS, np.inf)
    np.minimum.at(away, start, start_cm)
    active = np.unique(start)
    # Wave by wave instead of Dijkstra's queue: a little more arithmetic, all of it in numpy.
    while len(active):
        there, cm = graph.near[active], away[active, None] + graph.length[active]
        better = cm < away[there]
        better &= (cm if onward is None else cm + onward[there]) <= limit_cm
        there, cm = there[better], cm[better]
        np.minimum.at(away, there, cm)
        active = np.unique(there)
    return away


def around(spot: Spot) -> tuple[Ints, Floats]:
    """The mesh points near a spot and their distances from it, to start spreading with."""
    skin, graph = surface(), ways()
    corners = skin.faces[spot.face]
    here = spot.at()
    near = np.concatenate([corners, graph.near[corners].ravel()])
    fold = np.concatenate(
        [np.ones(3), (graph.length[corners] / _straight(corners, graph.near[corners])).ravel()]
    )
    # Rows of the graph are filled up with inf where a point has fewer neighbours.
    known = np.isfinite(fold)
    near, fold = near[known], fold[known]
    return near, np.linalg.norm(skin.points[near] - here, axis=1) * np.maximum(fold, 1.0)


def _straight(start: Ints, end: Ints) -> Floats:
    points = surface().points
    away = np.linalg.norm(points[end] - points[start][:, None], axis=2)
    return np.asarray(np.maximum(away, 1e-9))


def _spread_to(b: Spot, near: Ints, start: tuple[Ints, Floats], straight_cm: float) -> Floats:
    """Distances from a start in the smallest field that reaches a mesh point near b: most ways on
    a body are hardly longer than the straight line, a few lead all around it."""
    for factor in (1.15, 1.6, 4.0):
        away = spread(*start, factor * straight_cm + 2, b.at())
        if np.isfinite(away[near]).any():
            return away
    return spread(*start, np.inf, b.at())


def distance_cm(a: Spot, b: Spot) -> float:
    """Geodesic distance between two places, from the distance field of the first."""
    straight = float(np.linalg.norm(a.at() - b.at()))
    near, cm = around(b)
    away = _spread_to(b, near, around(a), straight)
    total = float((away[near] + cm).min())
    # Too near for the graph, whose ways lead over mesh points: the skin is flat there.
    if a.face == b.face or set(near.tolist()) & set(surface().faces[a.face].tolist()):
        return max(straight, min(total, straight * 1.05)) if straight < 2.0 else total
    return max(straight, total)


@lru_cache(maxsize=4096)
def line(a: Spot, b: Spot) -> SkinPath:
    """The shortest way from a to b, straightened on the skin.

    Ways that the atlas uses are kept in data/lines.npz, on the same spots as they are found.
    """
    kept = kept_lines().get(line_key(a, b))
    return kept if kept is not None else found_line(a, b)


def line_key(a: Spot, b: Spot) -> tuple[float, ...]:
    """What a kept way is known by."""
    # Nine decimals: the same on every processor, while the last bits are not.
    return tuple(round(x, 9) for one in (a, b) for x in (float(one.face), *one.weights))


@lru_cache(maxsize=1)
def kept_lines() -> dict[tuple[float, ...], SkinPath]:
    """Ways that were made beforehand by tools/surface/lines.py. A stale file is left unused."""
    path = files("filiform.anatomy.surface").joinpath("data").joinpath("lines.npz")
    with path.open("rb") as stream, np.load(stream) as store:
        if str(store["release"]) != surface().release:
            return {}
        keys, counts, face, weights = (store[k] for k in ("keys", "counts", "faces", "weights"))
    face = face.astype(np.int64)
    points = np.einsum("pc,pcx->px", weights, surface().points[surface().faces[face]])
    spots = [Spot(f, tuple(w)) for f, w in zip(face.tolist(), weights.tolist(), strict=True)]
    found, start = {}, 0
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        part = slice(start, start + count)
        found[tuple(round(x, 9) for x in key)] = SkinPath(points[part], tuple(spots[part]))
        start += count
    return found


def found_line(a: Spot, b: Spot) -> SkinPath:
    """The same, worked out (some 10 ms)."""
    skin = surface()
    ends = a.at(), b.at()
    if float(np.linalg.norm(ends[0] - ends[1])) < 1e-6:
        return SkinPath(np.array(ends), (a, b))
    through = _rough_way(a, b)
    rough = points = np.vstack([ends[0], skin.points[through], ends[1]])
    corridor = _corridor(points, through, a, b)
    final = max(4, int(np.ceil(corridor.long / SPACING_CM)))
    # Coarse first: a long way is pulled tight in few rounds while it has few points.
    for pieces, rounds in ((4, 4), (10, 8), (24, 6)):
        if pieces < final:
            points = _straightened(_resampled(points, pieces), corridor, rounds)
    points = _straightened(_resampled(points, final), corridor, 4)
    if float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum()) < TOO_SHORT * corridor.long:
        # Off the skin (between two fingers): then the rough way is the better one.
        points = _resampled(rough, final)
    points, face, weights = _on_skin(points, corridor)
    spots = [Spot(f, tuple(w)) for f, w in zip(face.tolist(), weights.tolist(), strict=True)]
    # The ends as they were given: nearest places differ in the last bits.
    spots[0], spots[-1] = a, b
    points[0], points[-1] = ends
    return SkinPath(points, tuple(spots))


@dataclass(frozen=True, eq=False)
class _Corridor:
    """Mesh points beside a rough way, each with how far along the way it lies.

    A point of the way is only put on skin that lies as far along as itself: so it can't jump from
    the arm to the trunk or from finger to finger.
    """

    near: Ints
    along: Floats
    long: float
    step: float


def _corridor(points: Floats, through: Ints, a: Spot, b: Spot) -> _Corridor:
    graph, faces = ways(), surface().faces
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    # The three corners of the first face lie at the beginning, those of the last at the end.
    along = np.concatenate([[0.0] * 3, np.cumsum(steps)[:-1], [steps.sum()] * 3])
    through = np.concatenate([faces[a.face], through, faces[b.face]])
    near = np.concatenate([through, graph.near[through].ravel()])
    cm = np.concatenate([np.zeros(len(through)), graph.length[through].ravel()])
    place = np.concatenate([along, np.repeat(along, graph.near.shape[1])])
    order = np.argsort(cm, kind="stable")[: int(np.isfinite(cm).sum())]
    # The nearest first: of several places beside one point, that one tells how far along it lies.
    unique, first = np.unique(near[order], return_index=True)
    return _Corridor(unique, place[order][first], float(steps.sum()), float(steps.max()))


def _rough_way(a: Spot, b: Spot) -> Ints:
    """Mesh points of the shortest way over the graph."""
    graph = ways()
    near_a, cm_a = around(a)
    near_b, cm_b = around(b)
    straight = float(np.linalg.norm(a.at() - b.at()))
    away = _spread_to(b, near_b, (near_a, cm_a), straight)
    total = away[near_b] + cm_b
    here = int(near_b[total.argmin()])
    starts = dict(zip(near_a.tolist(), cm_a.tolist(), strict=True))
    trail = [here]
    # Back through the field, up to a point that is as near to the start by itself.
    while away[here] < starts.get(here, np.inf) - 1e-9:
        here = int(graph.near[here, (away[graph.near[here]] + graph.length[here]).argmin()])
        trail.append(here)
    return np.array(trail[::-1], dtype=np.int64)


def _resampled(points: Floats, pieces: int) -> Floats:
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, along[-1], pieces + 1)
    return np.column_stack([np.interp(wanted, along, points[:, i]) for i in range(3)])


def _straightened(points: Floats, corridor: _Corridor, rounds: int) -> Floats:
    """Pulls a way tight: every inner point goes to the middle of its neighbours, on the skin."""
    points = points.copy()
    for _ in range(rounds):
        points[1:-1] = (points[:-2] + points[2:]) / 2
        points[1:-1] = _on_skin(points, corridor)[0][1:-1]
    return points


def _on_skin(points: Floats, corridor: _Corridor) -> tuple[Floats, Ints, Floats]:
    """Nearest places on the faces around the two nearest mesh points of the corridor."""
    skin = surface()
    some = skin.points[corridor.near]
    away = (some**2).sum(1) - 2 * points @ some.T
    place = np.linspace(0, corridor.long, len(points))
    off = np.abs(place[:, None] - corridor.along)
    band = corridor.step + 0.5 + 1.2 * corridor.long / len(points)
    # A wall rather than a mask: where nothing lies in the band the nearest outside is taken.
    away += 1e4 * np.maximum(off - band, 0.0)
    two = np.argpartition(away, 1, axis=1)[:, :2]
    face = skin.faces_of_point[corridor.near[two]].reshape(len(points), -1)
    weights = _clamped(points[:, None], _sides_of_faces()[face])
    found = np.einsum("pfc,pfcx->pfx", weights, skin.points[skin.faces[face]])
    off = found - points[:, None]
    best = _dot(off, off).argmin(1)
    row = np.arange(len(points))
    return found[row, best], face[row, best], weights[row, best]


_A, _B, _AB, _AC, _BC = (slice(k, k + 3) for k in range(0, 15, 3))
_D00, _D01, _D11, _D22, _DET = range(15, 20)


def _sides(a: Floats, b: Floats, c: Floats) -> Floats:
    """What is used of triangles again and again, (..., 20): two corners, the sides ab, ac, bc,
    and products of the sides."""
    ab, ac, bc = b - a, c - a, c - b
    d00, d01, d11, d22 = _dot(ab, ab), _dot(ab, ac), _dot(ac, ac), _dot(bc, bc)
    # Slivers of the mesh have a determinant near zero; any small number keeps them finite.
    det = np.maximum(d00 * d11 - d01 * d01, 1e-18)
    longest = [np.maximum(d00, 1e-18), d01, np.maximum(d11, 1e-18), np.maximum(d22, 1e-18), det]
    parts = np.broadcast_arrays(a, b, ab, ac, bc)
    return np.concatenate([*parts, np.stack(longest, axis=-1)], axis=-1)


@lru_cache(maxsize=1)
def _sides_of_faces() -> Floats:
    """Of every face of the reference body, so that they need not be made for each point."""
    skin = surface()
    return _sides(*(skin.points[skin.faces[:, i]] for i in range(3)))


def _dot(one: Floats, two: Floats) -> Floats:
    """Products of vectors; faster than a sum over an axis of three."""
    return np.asarray(
        one[..., 0] * two[..., 0] + one[..., 1] * two[..., 1] + one[..., 2] * two[..., 2]
    )


def _clamped(p: Floats, sides: Floats) -> Floats:
    ap = p - sides[..., _A]
    d00, d01, d11, det = (sides[..., k] for k in (_D00, _D01, _D11, _DET))
    d20, d21 = _dot(ap, sides[..., _AB]), _dot(ap, sides[..., _AC])
    weights = np.empty(ap.shape)
    v, w = (d11 * d20 - d01 * d21) / det, (d00 * d21 - d01 * d20) / det
    weights[..., 0], weights[..., 1], weights[..., 2] = 1 - v - w, v, w
    outside = np.asarray((v < 0) | (w < 0) | (v + w > 1))
    if outside.any():
        bp = np.broadcast_to(p, ap.shape)[outside] - sides[..., _B][outside]
        weights[outside] = _on_edges(ap[outside], bp, sides[outside], d20[outside], d21[outside])
    return weights


_EDGE_START, _EDGE_END = np.array([0, 0, 1]), np.array([1, 2, 2])


def _on_edges(ap: Floats, bp: Floats, sides: Floats, d20: Floats, d21: Floats) -> Floats:
    """The nearest place on the three edges, for points that lie beside their triangle."""
    t = np.empty((3, len(ap)))
    t[0], t[1] = d20 / sides[:, _D00], d21 / sides[:, _D11]
    t[2] = _dot(bp, sides[:, _BC]) / sides[:, _D22]
    t = t.clip(0, 1)
    away = np.empty_like(t)
    for k, (from_start, edge) in enumerate(((ap, _AB), (ap, _AC), (bp, _BC))):
        off = from_start - t[k][:, None] * sides[:, edge]
        away[k] = _dot(off, off)
    best, row = away.argmin(axis=0), np.arange(len(ap))
    far = t[best, row]
    weights = np.zeros((len(ap), 3))
    weights[row, _EDGE_START[best]] = 1 - far
    weights[row, _EDGE_END[best]] = far
    return weights
