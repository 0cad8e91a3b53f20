"""Things that an exercise needs, as triangles beside the body's: chair, table, wall, ball ..."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from posed import Posed
from posing import landmark_at
from rig import NUMBER, Floats, Rig

CELL_CM = 9.0
"""Large faces are cut up: what is nearer is told by the middle of each small one."""


@dataclass(frozen=True)
class Mesh:
    """corners (n, 3, 3) of triangles; zone: the name of their colour."""

    corners: Floats
    zone: str


def box(low: Floats, high: Floats, zone: str) -> Mesh:
    """A box with upright edges."""
    found = []
    for axis in range(3):
        a, b = (axis + 1) % 3, (axis + 2) % 3
        for end in (low, high):
            count = [max(1, int(np.ceil((high[i] - low[i]) / CELL_CM))) for i in (a, b)]
            for i in range(count[0]):
                for j in range(count[1]):
                    four = np.tile(end, (4, 1)).astype(float)
                    for k, (di, dj) in enumerate(((0, 0), (1, 0), (1, 1), (0, 1))):
                        four[k, a] = low[a] + (high[a] - low[a]) * (i + di) / count[0]
                        four[k, b] = low[b] + (high[b] - low[b]) * (j + dj) / count[1]
                    found += [four[[0, 1, 2]], four[[0, 2, 3]]]
    return Mesh(np.array(found), zone)


def ball(middle: Floats, radius: float, zone: str, squash: float = 1.0) -> Mesh:
    """A sphere, or a flattened one."""
    up, round_ = np.meshgrid(np.linspace(0, np.pi, 9), np.linspace(0, 2 * np.pi, 15), indexing="ij")
    grid = np.stack(
        [np.sin(up) * np.cos(round_), np.cos(up) * squash, np.sin(up) * np.sin(round_)], -1
    )
    grid = middle + radius * grid
    a, b, c, d = grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]
    both = np.concatenate([np.stack([a, b, c], 2), np.stack([a, c, d], 2)])
    return Mesh(both.reshape(-1, 3, 3), zone)


def tube(path: list[Floats], radius: float, zone: str) -> Mesh:
    """A round bar, band or roll along some points."""
    found = []
    for start, end in pairwise(path):
        along = end - start
        side = np.cross(
            along, [0.3, 1.0, 0.2] if abs(along[1]) < 0.9 * np.linalg.norm(along) else [1.0, 0, 0]
        )
        side = side / np.linalg.norm(side)
        other = np.cross(along, side) / np.linalg.norm(along)
        angle = np.linspace(0, 2 * np.pi, 9)
        ring = radius * (np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * other)
        steps = max(1, int(np.ceil(np.linalg.norm(along) / 6)))
        for i in range(steps):
            one, two = start + along * i / steps + ring, start + along * (i + 1) / steps + ring
            for k in range(8):
                found += [[one[k], two[k], two[k + 1]], [one[k], two[k + 1], one[k + 1]]]
    for end in (path[0], path[-1]):
        found += list(ball(end, radius, zone).corners)
    return Mesh(np.array(found), zone)


def _at(points: Floats, posed: Posed, rig: Rig, name: str) -> Floats:
    """A landmark, or a bone's joint after "#"."""
    if name.startswith("#"):
        return posed.joint(rig, name[1:])
    return landmark_at(points, name)[0]


def _spot(points: Floats, posed: Posed, rig: Rig, words: list[str]) -> Floats:
    shift = [float(w) for w in words[1:4]]
    return _at(points, posed, rig, words[0]) + np.array([*shift, 0, 0, 0][:3]) * [-1, 1, 1]


def props(
    text: str, rig: Rig, posed: Posed, points: Floats, fixed: dict[str, Floats]
) -> list[Mesh]:
    """A figure's props. fixed: where things stood in the start, for they don't move."""
    found: list[Mesh] = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        name, *words = part.split()
        if name in _FIXED:
            key = part
            if key not in fixed:
                fixed[key] = _FIXED[name](points, posed, rig, words)
            found += _BUILD[name](fixed[key], words)
        elif name == "box":
            at = _spot(points, posed, rig, words)
            half = np.array([float(w) for w in words[4:7]]) / 2
            found.append(box(at - half, at + half, "cloth" if "soft" in words else "wood"))
        elif name in ("ball", "weight", "pillow", "coin"):
            radius, squash = {
                "ball": (4.5, 1.0),
                "weight": (4.0, 0.8),
                "pillow": (13.0, 0.4),
                "coin": (1.2, 0.3),
            }[name]
            if len(words) > 4:
                radius = float(words[4])
            found.append(
                ball(
                    _spot(points, posed, rig, words),
                    radius,
                    {"ball": "ball", "weight": "iron", "coin": "iron"}.get(name, "cloth"),
                    squash,
                )
            )
        elif name in ("stick", "band", "towel", "roll", "bottle", "dumbbell"):
            path = []
            for one in " ".join(words).split("|"):
                path.append(_spot(points, posed, rig, one.split()))
            radius = {
                "stick": 1.3,
                "band": 0.9,
                "towel": 1.7,
                "roll": 5.5,
                "bottle": 3.2,
                "dumbbell": 1.6,
            }[name]
            if name == "stick":
                along = path[-1] - path[0]
                along = along / np.linalg.norm(along)
                path = [path[0] - along * 14, path[-1] + along * 14]
            found.append(
                tube(
                    path,
                    radius,
                    {"stick": "wood", "dumbbell": "iron", "bottle": "ball"}.get(name, "cloth"),
                )
            )
            if name == "dumbbell":
                found += [ball(end, 4.2, "iron", 0.9) for end in path]
        else:
            raise ValueError(f"props: unknown {name!r}")
    return found


def _seat_at(points: Floats, posed: Posed, rig: Rig, words: list[str]) -> Floats:
    thighs = (
        rig.weights[:, [NUMBER["root"], NUMBER["upperleg.l"], NUMBER["upperleg.r"]]].sum(1) > 0.6
    )
    middle = posed.joint(rig, "root")
    near = (
        thighs & (np.abs(points[:, 0] - middle[0]) < 22) & (np.abs(points[:, 2] - middle[2]) < 16)
    )
    return np.array([middle[0], points[near, 1].min() + 1.0, middle[2]])


def _chair(at: Floats, words: list[str]) -> list[Mesh]:
    x, y, z = at
    meshes = [box(np.array([x - 21, y - 4, z - 16]), np.array([x + 21, y, z + 26]), "wood")]
    for dx in (-20, 17):
        for dz in (-15, 22):
            meshes.append(
                box(
                    np.array([x + dx, 0, z + dz]), np.array([x + dx + 3, y - 4, z + dz + 3]), "wood"
                )
            )
    if "stool" not in words:
        for dx in (-20, 17):
            meshes.append(
                box(np.array([x + dx, y, z - 18]), np.array([x + dx + 3, y + 46, z - 15]), "wood")
            )
        meshes.append(
            box(np.array([x - 20, y + 30, z - 18]), np.array([x + 20, y + 46, z - 16]), "wood")
        )
    return meshes


def _point(points: Floats, posed: Posed, rig: Rig, words: list[str]) -> Floats:
    return _spot(points, posed, rig, words)


def _table(at: Floats, words: list[str]) -> list[Mesh]:
    """table LANDMARK right up forward width depth: its top lies at the point."""
    wide, deep = (float(words[i]) if len(words) > i else 60.0 for i in (4, 5))
    x, y, z = at
    meshes = [
        box(
            np.array([x - wide / 2, y - 3, z - deep / 2]),
            np.array([x + wide / 2, y, z + deep / 2]),
            "wood",
        )
    ]
    for dx in (-wide / 2 + 1, wide / 2 - 4):
        for dz in (-deep / 2 + 1, deep / 2 - 4):
            meshes.append(
                box(
                    np.array([x + dx, 0, z + dz]), np.array([x + dx + 3, y - 3, z + dz + 3]), "wood"
                )
            )
    return meshes


def _wall(at: Floats, words: list[str]) -> list[Mesh]:
    """wall LANDMARK right up forward [front|back|right|left]: its face lies at the point."""
    x, _, z = at
    where = words[4] if len(words) > 4 else "front"
    # Mostly behind, as seen from the body's right or front: nothing may hide what is shown.
    near, far, high = 3.0, 75.0, 205.0
    low, top = {
        "front": ([x - near, 0, z], [x + far, high, z + 4]),
        "back": ([x - near, 0, z - 4], [x + far, high, z]),
        "left": ([x, 0, z - far], [x + 4, high, z + near]),
        "right": ([x - 4, 0, z - far], [x, high, z + near]),
    }[where]
    return [box(np.array(low), np.array(top), "wall")]


def _bed(at: Floats, words: list[str]) -> list[Mesh]:
    """bed LANDMARK right up forward [wide deep]: a couch whose top lies at the point."""
    wide, deep = (float(words[i]) if len(words) > i else d for i, d in ((4, 190.0), (5, 60.0)))
    x, y, z = at
    return [
        box(
            np.array([x - wide / 2, y - 9, z - deep / 2]),
            np.array([x + wide / 2, y, z + deep / 2]),
            "cloth",
        )
    ]


def _step(at: Floats, words: list[str]) -> list[Mesh]:
    x, y, z = at
    return [box(np.array([x - 22, 0.0, z - 20]), np.array([x + 22, y, z + 24]), "wood")]


def _post(at: Floats, words: list[str]) -> list[Mesh]:
    """A door frame's post beside the point."""
    x, _, z = at
    return [box(np.array([x - 4, 0, z - 4]), np.array([x + 4, 205.0, z + 4]), "wood")]


def _back(at: Floats, words: list[str]) -> list[Mesh]:
    """A chair to hold on to, its back at the point."""
    x, y, z = at
    meshes = [box(np.array([x - 20, 42.0, z]), np.array([x + 20, 46.0, z + 38]), "wood")]
    for dx in (-20, 17):
        meshes.append(box(np.array([x + dx, 0.0, z]), np.array([x + dx + 3, y, z + 3]), "wood"))
        meshes.append(
            box(np.array([x + dx, 0.0, z + 35]), np.array([x + dx + 3, 42.0, z + 38]), "wood")
        )
    meshes.append(box(np.array([x - 20, y - 14, z]), np.array([x + 20, y, z + 3]), "wood"))
    return meshes


_FIXED = {"chair": _seat_at, "table": _point, "wall": _point, "bed": _point, "step": _point,
          "post": _point, "holdchair": _point}  # fmt: skip
_BUILD = {"chair": _chair, "table": _table, "wall": _wall, "bed": _bed, "step": _step,
          "post": _post, "holdchair": _back}  # fmt: skip
