"""From an area's text to weights on patches.

Everything is drawn on the reference body, so the answer depends on the text and the release alone.
Left is drawn and mirrored: right is exactly its image. The distance of a place on the skin from a
point or line is the straight distance times how much longer the way over the skin is there, which
the distance field at the mesh points tells; so it is right between mesh points too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from filiform.anatomy.surface.geodesics import SkinPath, Spot, around, line, spread
from filiform.anatomy.surface.landmarks import places
from filiform.anatomy.surface.language import Area, AreaError, AreaPoint, parse_area
from filiform.anatomy.surface.mesh import surface
from filiform.anatomy.surface.patches import patchwork
from filiform.anatomy.surface.weights import PatchWeights
from filiform.arrays import Bools, Floats, Ints

DistanceFrom = Callable[[Floats], Floats]
SOFT_CM = 0.5
"""Half the width of the soft edge; at most half of a shape's own half width."""


def draw(area: Area | str) -> PatchWeights:
    """Weights of an area: 1 well inside, 0 outside, between on the edge.

    Raises AreaError when the side is still relative to a trigger point: use `area.on(side)` first.
    """
    found = parse_area(area) if isinstance(area, str) else area
    if found.side in ("ipsilateral", "contralateral"):
        raise AreaError(f'side "{found.side}" depends on the trigger point: use area.on("left")')
    # Side and weight away first, so that all sides of one shape are one entry of the cache.
    left = PatchWeights(_left(replace(found, side="left", weight="")))
    if found.side == "left":
        return left
    if found.side == "right":
        return left.mirror()
    return left.union(left.mirror())


def locate(point: AreaPoint) -> Spot:
    """The place of a point on the left side or in the midline."""
    start = places()[point.start].spot
    if not point.end:
        return start
    return line(start, places()[point.end].spot).part(point.fraction)


@lru_cache(maxsize=2048)
def _left(area: Area) -> npt.NDArray[np.float32]:
    spots = [locate(point) for point in area.points]
    if area.shape == "disc":
        covered = _disc(spots[0], area.size_cm)
    else:
        ends = spots + spots[:1] if area.shape == "patch" else spots
        lines = [line(a, b) for a, b in pairwise(ends)]
        points, trail = _joined(lines)
        if area.shape == "stripe":
            covered = _band(points, trail, area.size_cm / 2)
        else:
            covered = _enclosed(points, trail, area.size_cm)
    return covered.astype(np.float32)


def _soft(size_cm: float) -> float:
    # Else the soft edge of a fingertip's disc would eat the disc.
    return min(SOFT_CM, size_cm / 2)


def _joined(lines: list[SkinPath]) -> tuple[Floats, list[Spot]]:
    points = np.vstack([lines[0].points[:1], *(way.points[1:] for way in lines)])
    return points, [lines[0].spots[0], *(spot for way in lines for spot in way.spots[1:])]


def _disc(spot: Spot, radius: float) -> Floats:
    centre = spot.at()
    soft = _soft(radius)
    near, cm = around(spot)
    away = spread(near, cm, radius + soft + REACH_CM)

    def straight(points: Floats) -> Floats:
        return np.asarray(np.linalg.norm(points - centre, axis=1))

    samples = _Samples(away, radius + soft, radius + soft, {spot.face})
    return samples.average(_edge(samples.distance(away, straight), radius, soft))


def _band(points: Floats, trail: list[Spot], half: float) -> Floats:
    soft = _soft(half)
    away = _from_line(points, trail, half + soft + REACH_CM)
    samples = _Samples(away, half + soft, half + soft, {spot.face for spot in trail})
    distance = samples.distance(away, lambda p: _nearest_on(points, p)[0])
    return samples.average(_edge(distance, half, soft))


def _enclosed(points: Floats, trail: list[Spot], margin: float) -> Floats:
    """What the closed line runs round, and the margin about it."""
    soft = _soft(max(margin, 1.0))
    around_cm = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
    deepest = around_cm / 6  # no closed line holds a place further in (a circle: 1 / 2 pi)
    away = _from_line(points, trail, max(deepest, margin + soft) + REACH_CM)
    reach, faces = max(deepest, margin + soft), {spot.face for spot in trail}
    samples = _Samples(away, reach, margin + soft, faces)
    distance = samples.distance(away, lambda p: _nearest_on(points, p)[0])
    inside = distance <= deepest
    inside[inside] = samples.encircled(points, inside)
    signed = np.where(inside, -distance, distance)
    return samples.average(_edge(signed, margin, soft))


REACH_CM = 4.5
"""Distances are spread this much beyond the edge, so that every corner of a face on it has one."""


def _edge(distance: Floats, size: float, soft: float) -> Floats:
    """1 inside, 0 outside, a smooth step from size - soft to size + soft."""
    t = np.clip((size + soft - distance) / max(2 * soft, 1e-9), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


class _Samples:
    """Sample places on every face that may lie within a reach of what distances spread from.

    Large faces get 16, middling ones 4, small ones and those well beyond the edge 1.
    """

    def __init__(self, away: Floats, reach: float, edge: float, also: set[int]) -> None:
        skin = surface()
        lowest = away[skin.faces].min(axis=1)
        wanted = lowest <= reach + 2.0
        wanted[list(also)] = True
        self.faces = np.flatnonzero(wanted)
        finest = np.searchsorted(LARGER_CM2, skin.face_areas_cm2[self.faces])
        # Well away from the edge a face is covered whole or not at all: one sample tells.
        finest[lowest[self.faces] > edge + 1.5] = 0
        rows, weights, areas = [], [], []
        for level, grid in enumerate(GRIDS):
            some = self.faces[finest == level]
            rows.append(np.repeat(some, len(grid)))
            weights.append(np.tile(grid, (len(some), 1)))
            areas.append(np.repeat(skin.face_areas_cm2[some] / len(grid), len(grid)))
        self.of = np.concatenate(rows)
        self.weights, self.areas = np.concatenate(weights), np.concatenate(areas)
        self.corners = skin.faces[self.of]
        self.points = np.einsum("sc,scx->sx", self.weights, skin.points[self.corners])

    def distance(self, away: Floats, straight: DistanceFrom) -> Floats:
        """Way over the skin of each sample."""
        used, back = np.unique(self.corners, return_inverse=True)
        direct = straight(surface().points[used])
        # Not reached means beyond the edge: any number well outside will do, but inf would spread.
        known = np.where(np.isfinite(away[used]), away[used], direct + REACH_CM * 2)
        # Within 3 mm the ratio of two tiny lengths is noise; over 20 times it is another limb.
        longer = np.where(direct > 0.3, known / np.maximum(direct, 0.3), 1.0).clip(1.0, 20.0)
        factor = (self.weights * longer[back.reshape(self.corners.shape)]).sum(axis=1)
        return np.asarray(straight(self.points) * factor)

    def encircled(self, loop: Floats, some: Bools) -> Bools:
        """Whether a closed line runs round each of some samples, seen along the skin's normal."""
        up = np.einsum("sc,scx->sx", self.weights[some], surface().normals[self.corners[some]])
        # Any direction across the normal serves; the axis that is not nearly along it.
        first = np.cross(up, np.where(np.abs(up[:, :1]) < 0.7, [[1.0, 0, 0]], [[0, 1.0, 0]]))
        second = np.cross(up, first)
        here = self.points[some]
        x = first @ loop.T - (first * here).sum(1)[:, None]
        y = second @ loop.T - (second * here).sum(1)[:, None]
        cross = x[:, :-1] * y[:, 1:] - y[:, :-1] * x[:, 1:]
        dot = x[:, :-1] * x[:, 1:] + y[:, :-1] * y[:, 1:]
        # The angles about a place add up to a full turn inside the line and to nothing outside.
        return np.asarray(np.abs(np.arctan2(cross, dot).sum(axis=1)) > np.pi)

    def average(self, covered: Floats) -> Floats:
        """Mean over each patch, of all its skin."""
        work = patchwork()
        total = np.bincount(work.of_face[self.of], covered * self.areas, work.count)
        share = total / work.areas_cm2
        # A weight below half a percent is rounded to 0 when stored; better gone at once.
        share[share < FAINTEST] = 0.0
        return np.asarray(share.clip(0, 1))


def _grid(n: int) -> Floats:
    """Corner weights of the middles of the n * n small triangles of a triangle."""
    rows = []
    for i in range(n):
        for j in range(n - i):
            rows.append((i + 1 / 3, j + 1 / 3))
            if i + j < n - 1:
                rows.append((i + 2 / 3, j + 2 / 3))
    v, w = np.array(rows).T / n
    return np.column_stack([1 - v - w, v, w])


GRIDS = (_grid(1), _grid(2), _grid(4))
LARGER_CM2 = (0.12, 0.8)
FAINTEST = 0.005


def _from_line(points: Floats, trail: list[Spot], limit: float) -> Floats:
    """Distance of mesh points from a line, spread from the corners of the faces it runs over."""
    skin = surface()
    faces = np.unique([spot.face for spot in trail])
    corners = np.unique(skin.faces[faces])
    close = np.unique(skin.faces[skin.faces_of_point[corners].ravel()])
    cm = _nearest_on(points, skin.points[close])[0]
    return spread(close, cm, limit)


def _nearest_on(line_points: Floats, points: Floats) -> tuple[Floats, Ints, Floats]:
    """Straight distance to the nearest place of a line, its piece, and how far along the piece."""
    away = (line_points**2).sum(1) - 2 * points @ line_points.T
    nearest = away.argmin(axis=1)
    last = len(line_points) - 2
    # The nearest place lies on a piece beside the nearest point; the others need no look.
    pieces = np.clip(np.column_stack([nearest - 1, nearest]), 0, last)
    a, step = line_points[pieces], line_points[pieces + 1] - line_points[pieces]
    from_a = points[:, None] - a
    t = (from_a * step).sum(2) / np.maximum((step**2).sum(2), 1e-12)
    t = np.clip(t, 0, 1)
    squared = ((from_a - t[..., None] * step) ** 2).sum(2)
    better, row = squared.argmin(axis=1), np.arange(len(points))
    return np.sqrt(squared[row, better]), pieces[row, better], t[row, better]
