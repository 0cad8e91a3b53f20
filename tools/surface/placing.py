"""Ways to put a landmark on the reference body: rays, nearest points, steps along the skin.

Every way returns a Spot: a face, three weights that add up to 1, and a sentence that says how the
place was found. Coordinates are cm on the reference body (170 cm; x left, y up, z forward).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Spot:
    """A place on the mesh."""

    face: int
    weights: Floats
    how: str


def _say(point: Floats | Triple) -> str:
    return "(" + ", ".join(f"{x:.1f}" for x in point) + ")"


class Placer:
    """Rays and nearest points on one mesh; joints: centres of the rig's joints."""

    def __init__(self, points: Floats, faces: Ints, joints: dict[str, Floats]) -> None:
        self.points, self.faces, self.joints = points, faces, joints
        self.spots: dict[str, Spot] = {}

    def at(self, spot: Spot) -> Floats:
        """Its coordinates."""
        return np.asarray(spot.weights @ self.points[self.faces[spot.face]])

    def where(self, name: str) -> Floats:
        """Coordinates of a landmark placed before."""
        return self.at(self.spots[name])

    def joint(self, name: str) -> Floats:
        """Centre of a joint of the left side or the midline."""
        return self.joints[name]

    def between_joints(self, a: str, b: str, t: float) -> Floats:
        """A point on the straight line between two joints."""
        return np.asarray(self.joints[a] * (1 - t) + self.joints[b] * t)

    def _hits(self, origin: Floats, direction: Floats) -> list[tuple[float, int, Floats]]:
        a, b, c = (self.points[self.faces[:, i]] for i in range(3))
        edge1, edge2 = b - a, c - a
        p = np.cross(direction, edge2)
        det = (edge1 * p).sum(1)
        safe = np.where(np.abs(det) < 1e-12, 1.0, det)
        s = origin - a
        u = (s * p).sum(1) / safe
        q = np.cross(s, edge1)
        v = (q @ direction) / safe
        t = (edge2 * q).sum(1) / safe
        ok = (np.abs(det) > 1e-12) & (u >= -1e-9) & (v >= -1e-9) & (u + v <= 1 + 1e-9) & (t > 1e-6)
        return sorted(
            (float(t[i]), int(i), np.array([1 - u[i] - v[i], u[i], v[i]]))
            for i in np.flatnonzero(ok)
        )

    def ray(self, origin: Floats | Triple, direction: Floats | Triple, how: str = "") -> Spot:
        """The first skin met from a point inside the body (or from outside towards it)."""
        start, way = np.asarray(origin, float), np.asarray(direction, float)
        hits = self._hits(start, way / np.linalg.norm(way))
        if not hits:
            raise ValueError(f"no skin from {_say(start)} towards {_say(way)}")
        _, face, weights = hits[0]
        weights = np.clip(weights, 0, 1)
        text = how or f"first skin from {_say(start)} towards {_say(way / np.linalg.norm(way))}"
        return Spot(face, weights / weights.sum(), text)

    def front(self, x: float, y: float) -> Spot:
        """Seen from the front."""
        return self.ray((x, y, 90.0), (0, 0, -1), f"seen from the front at x {x:g}, y {y:g}")

    def back(self, x: float, y: float) -> Spot:
        """Seen from the back."""
        return self.ray((x, y, -90.0), (0, 0, 1), f"seen from the back at x {x:g}, y {y:g}")

    def nearest(self, point: Floats | Triple, how: str = "") -> Spot:
        """The skin nearest to a point."""
        target = np.asarray(point, float)
        face, weights = closest(target, self.points, self.faces)
        return Spot(face, weights, how or f"skin nearest to {_say(target)}")

    def toward(self, name: str, other: str, t: float) -> Spot:
        """On the skin nearest to a point of the straight line between two landmarks."""
        point = self.where(name) * (1 - t) + self.where(other) * t
        return self.nearest(point, f"{t:g} of the way from {name} to {other}")

    def step(self, name: str, direction: Triple, length_cm: float) -> Spot:
        """Along the skin from a landmark, straight on in a direction."""
        here, way = self.where(name), np.asarray(direction, float)
        left = length_cm
        while left > 1e-9:
            part = min(0.2, left)
            face, weights = closest(
                here + way / np.linalg.norm(way) * part, self.points, self.faces
            )
            there = weights @ self.points[self.faces[face]]
            moved = float(np.linalg.norm(there - here))
            here, left = there, left - max(moved, part * 0.2)
        return self.nearest(here, f"{length_cm:g} cm along the skin from {name} to {_say(way)}")


def closest(point: Floats, points: Floats, faces: Ints) -> tuple[int, Floats]:
    """Face and weights of the nearest point of a mesh (all faces of the nearest 12 points)."""
    near = np.argsort(((points - point) ** 2).sum(1))[:12]
    some = np.flatnonzero(np.isin(faces, near).any(1))
    weights = barycentric_clamped(point, *(points[faces[some, i]] for i in range(3)))
    found = np.einsum("ij,ijk->ik", weights, points[faces[some]])
    best = int(np.argmin(((found - point) ** 2).sum(1)))
    return int(some[best]), weights[best]


def barycentric_clamped(p: Floats, a: Floats, b: Floats, c: Floats) -> Floats:
    """Weights (n, 3) of the nearest point of each triangle to p."""
    ab, ac, ap = b - a, c - a, p - a
    d00, d01, d11 = (ab * ab).sum(1), (ab * ac).sum(1), (ac * ac).sum(1)
    d20, d21 = (ap * ab).sum(1), (ap * ac).sum(1)
    det = np.maximum(d00 * d11 - d01 * d01, 1e-18)
    v, w = (d11 * d20 - d01 * d21) / det, (d00 * d21 - d01 * d20) / det
    inside = (v >= 0) & (w >= 0) & (v + w <= 1)
    on_ab = np.clip(d20 / np.maximum(d00, 1e-18), 0, 1)
    on_ac = np.clip(d21 / np.maximum(d11, 1e-18), 0, 1)
    bc, bp = c - b, p - b
    on_bc = np.clip((bp * bc).sum(1) / np.maximum((bc * bc).sum(1), 1e-18), 0, 1)
    zero = np.zeros_like(v)
    options = np.stack(
        [
            np.column_stack([1 - on_ab, on_ab, zero]),
            np.column_stack([1 - on_ac, zero, on_ac]),
            np.column_stack([zero, 1 - on_bc, on_bc]),
        ]
    )
    spots = np.einsum("kij,ijl->kil", options, np.stack([a, b, c], axis=1))
    best = ((spots - p) ** 2).sum(2).argmin(0)
    edge = options[best, np.arange(len(v))]
    return np.where(inside[:, None], np.column_stack([1 - v - w, v, w]), edge)
