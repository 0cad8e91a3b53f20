"""Draws posed bodies and props as outlines: what is seen, its borders, softened and thinned out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from props import Mesh
from rig import Floats, Ints
from zones import ZONES

BODY = ("skin", "shirt", "trousers", "hair", "muscle")
DEPTH_STEP_CM = 2.6
"""A step in depth from pixel to pixel that is drawn as a line: an arm before the trunk."""
THIN = 0.85
"""How far a thinned line may leave the softened one, in units of the picture."""
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Camera:
    """Looks at the body from an angle round it (0 the front, 90 the body's left) and from above.

    middle: (right, up) of the picture's centre in cm; width and height in units; scale: units a cm.
    """

    turn_deg: float
    tilt_deg: float
    middle: tuple[float, float] = (0.0, 0.0)
    width: int = 320
    height: int = 320
    scale: float = 2.0

    @property
    def axes(self) -> Floats:
        """Rows: to the right, up, and towards the eye."""
        a, e = np.radians(self.turn_deg), np.radians(self.tilt_deg)
        right = np.array([np.cos(a), 0, -np.sin(a)])
        eye = np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
        return np.array([right, np.cross(eye, right), eye])

    def flat(self, points: Floats) -> Floats:
        """(n, 3) units to the right, down, and cm towards the eye."""
        seen = points @ self.axes.T
        x = (seen[..., 0] - self.middle[0]) * self.scale + self.width / 2
        y = self.height / 2 - (seen[..., 1] - self.middle[1]) * self.scale
        return np.stack([x, y, seen[..., 2]], -1)


def rasters(
    camera: Camera, points: Floats, faces: Ints, zones: Ints, meshes: list[Mesh]
) -> tuple[Ints, Floats]:
    """The zone (0 for none, else 1 + its number) and the depth in cm of every pixel."""
    corners = [points[faces]] + [mesh.corners for mesh in meshes]
    zone = [zones] + [np.full(len(m.corners), ZONES.index(m.zone)) for m in meshes]
    flat = camera.flat(np.concatenate(corners))
    labels = np.concatenate(zone) + 1
    two = flat[:, 1, :2] - flat[:, 0, :2], flat[:, 2, :2] - flat[:, 0, :2]
    front = two[0][:, 0] * two[1][:, 1] - two[0][:, 1] * two[1][:, 0] < 0
    # Props' triangles are wound anyhow; both their sides are drawn.
    front[len(faces) :] = True
    depth = np.round(flat[..., 2].mean(1), 2)
    order = np.flatnonzero(front)
    order = order[np.argsort(depth[order], kind="stable")]
    # One picture of triangles' numbers gives both zone and depth.
    picture = Image.new("I", (camera.width, camera.height), 0)
    # The inner call: looking up the colour of each of 12,000 triangles took longer than to fill it.
    fill = ImageDraw.Draw(picture).draw.draw_polygon
    spots = np.round(flat[..., :2], 1).reshape(-1, 6)
    inside = (spots[:, ::2].max(1) > -2) & (spots[:, ::2].min(1) < camera.width + 2)
    inside &= (spots[:, 1::2].max(1) > -2) & (spots[:, 1::2].min(1) < camera.height + 2)
    order = order[inside[order]]
    for i, spot in zip(order.tolist(), spots[order].tolist(), strict=True):
        fill(spot, i + 1, 1)
    seen = np.asarray(picture)
    return np.concatenate([[0], labels])[seen], np.concatenate([[-10_000.0], depth])[seen]


def loops(mask: Bools) -> list[Floats]:
    """Closed lines along the pixels' edges round a set of pixels, the set on one side."""
    padded = np.pad(mask, 1)
    out: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for dy, dx, (sy, sx), (ey, ex) in (
        (-1, 0, (0, 0), (0, 1)),
        (0, 1, (0, 1), (1, 1)),
        (1, 0, (1, 1), (1, 0)),
        (0, -1, (1, 0), (0, 0)),
    ):
        edge = padded & ~np.roll(padded, (-dy, -dx), (0, 1))
        for y, x in np.argwhere(edge).tolist():
            out.setdefault((y - 1 + sy, x - 1 + sx), []).append((y - 1 + ey, x - 1 + ex))
    found = []
    while out:
        start = next(iter(out))
        line, here = [start], start
        while True:
            ways = out[here]
            there = ways.pop(0)
            if not ways:
                del out[here]
            if there == start:
                break
            line.append(there)
            here = there
        found.append(np.array(line, dtype=float)[:, ::-1])
    return found


def chains(right: Bools, below: Bools) -> list[Floats]:
    """Open and closed lines along pixels' edges; right[y, x] is that between x and x + 1."""
    near: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def link(a: tuple[int, int], b: tuple[int, int]) -> None:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)

    for y, x in np.argwhere(right).tolist():
        link((y, x + 1), (y + 1, x + 1))
    for y, x in np.argwhere(below).tolist():
        link((y + 1, x), (y + 1, x + 1))
    found = []

    def walk(start: tuple[int, int]) -> None:
        line, here = [start], start
        while near.get(here):
            there = near[here].pop(0)
            near[there].remove(here)
            line.append(there)
            here = there
            if len(near[here]) != 1:
                break
        found.append(np.array(line, dtype=float)[:, ::-1])

    for node in list(near):
        while len(near[node]) not in (0, 2):
            walk(node)
    for node in list(near):
        while near[node]:
            walk(node)
    return found


def softened(line: Floats, closed: bool, rounds: int = 2) -> Floats:
    """A pixel line without its steps."""
    for _ in range(rounds):
        if closed:
            line = (
                sum(
                    w * np.roll(line, k, 0)
                    for k, w in zip((-2, -1, 0, 1, 2), (1, 2, 3, 2, 1), strict=True)
                )
                / 9
            )
        elif len(line) > 4:
            padded = np.vstack([line[:1], line[:1], line, line[-1:], line[-1:]])
            soft = sum(w * padded[k : k + len(line)] for k, w in enumerate((1, 2, 3, 2, 1))) / 9
            soft[0], soft[-1] = line[0], line[-1]
            line = soft
    return np.asarray(np.round(line, 3))


def thinned(line: Floats, closed: bool) -> Floats:
    """Fewer points, none of which was farther than THIN from what is left (Douglas and Peucker)."""
    if closed:
        far = int(np.argmax(np.abs(line - line[0]).sum(1)))
        if far == 0:
            return line
        one, two = _thin(line[: far + 1]), _thin(np.vstack([line[far:], line[:1]]))
        return np.vstack([one[:-1], two[:-1]])
    return _thin(line)


def _thin(line: Floats) -> Floats:
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    todo = [(0, len(line) - 1)]
    while todo:
        a, b = todo.pop()
        if b <= a + 1:
            continue
        way = line[b] - line[a]
        size = float(np.hypot(*way))
        off = line[a + 1 : b] - line[a]
        away = (
            np.abs(off[:, 0] * way[1] - off[:, 1] * way[0]) / size
            if size > 1e-9
            else np.hypot(off[:, 0], off[:, 1])
        )
        away = np.round(away, 3)
        worst = int(np.argmax(away))
        if away[worst] > THIN:
            middle = a + 1 + worst
            keep[middle] = True
            todo += [(a, middle), (middle, b)]
    return np.asarray(line[keep])


@dataclass(frozen=True)
class Outlines:
    """What one frame shows, in whole units: zone → rings, and lines that are stroked."""

    zones: dict[str, list[list[tuple[int, int]]]]
    lines: list[list[tuple[int, int]]]


def _whole(line: Floats) -> list[tuple[int, int]]:
    pairs = [(int(x), int(y)) for x, y in np.floor(line + 0.5).tolist()]
    return [p for i, p in enumerate(pairs) if i == 0 or p != pairs[i - 1]]


def outlines(
    camera: Camera,
    points: Floats,
    faces: Ints,
    zones: Ints,
    meshes: list[Mesh],
    features: list[Floats],
) -> Outlines:
    """One frame. features: lines on the skin (eyes, mouth) that are drawn where they are seen."""
    picture, depth = rasters(camera, points, faces, zones, meshes)
    found: dict[str, list[list[tuple[int, int]]]] = {}
    body = np.isin(picture, [ZONES.index(z) + 1 for z in BODY])
    # The whole body lies under its zones, so that no seam between two of them shows through.
    for name in (
        "wall",
        "wood",
        "cloth",
        "skin",
        "shirt",
        "trousers",
        "hair",
        "muscle",
        "ball",
        "iron",
    ):
        mask = body if name == "skin" else picture == ZONES.index(name) + 1
        rings = [r for r in loops(mask) if len(r) >= 10]
        if rings:
            found[name] = [_whole(thinned(softened(r, True), True)) for r in rings]
            found[name] = [r for r in found[name] if len(r) > 2]
    lines = [_whole(thinned(softened(c, False), False)) for c in _edges(picture, depth, body)]
    for line in features:
        flat = camera.flat(line)
        if _seen(flat, depth):
            lines.append(_whole(flat[:, :2]))
    return Outlines(found, [line for line in lines if len(line) > 1])


def _seen(flat: Floats, depth: Floats) -> bool:
    middle = flat[len(flat) // 2]
    x, y = int(middle[0]), int(middle[1])
    inside = 0 <= x < depth.shape[1] and 0 <= y < depth.shape[0]
    return inside and bool(depth[y, x] < middle[2] + 0.8)


def _edges(picture: Ints, depth: Floats, body: Bools) -> list[Floats]:
    """Lines round the body, and where something of it lies before something else."""

    def step(a: tuple[slice, slice], b: tuple[slice, slice]) -> Bools:
        both = body[a] & body[b]
        outer = body[a] != body[b]
        # A border with a prop only where one lies before the other.
        return (both & (np.abs(depth[a] - depth[b]) > DEPTH_STEP_CM)) | outer

    right = np.zeros_like(body)
    below = np.zeros_like(body)
    whole, start, end = slice(None), slice(None, -1), slice(1, None)
    right[:, :-1] = step((whole, start), (whole, end))
    below[:-1, :] = step((start, whole), (end, whole))
    return [c for c in chains(right, below) if len(c) >= 9]
