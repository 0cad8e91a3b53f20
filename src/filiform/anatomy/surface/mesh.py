"""The body's surface: one closed mesh of 13,380 points, read once from compact data.

Coordinates are cm: x to the body's left, y up from the ground, z forward, midline at x = 0. The
*reference body* (170 cm, neither man nor woman, body mass index about 23) is the one on which
landmarks, patches and areas are defined; other builds share its point and face numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from filiform.arrays import Floats, Ints

POINTS = 13_380
FACES = 26_756


@dataclass(frozen=True, eq=False)
class Surface:
    """Faces, mirror and reference body.

    faces: (26756, 3); face i and face i + 13378 are mirror images, the first half lies on the left.
    mirror: for every point its point on the other side, itself in the midline.
    points: (13380, 3) of the reference body in cm.
    arrays: everything the data file holds, for the other modules of this package.
    release: the id under which point, face and patch numbers are stable.
    """

    faces: Ints
    mirror: Ints
    points: Floats
    arrays: dict[str, npt.NDArray[np.generic]]
    release: str

    @cached_property
    def face_areas_cm2(self) -> Floats:
        """Area of each face on the reference body."""
        return face_areas_cm2(self.points, self.faces)

    @cached_property
    def normals(self) -> Floats:
        """Outward unit normals at the points of the reference body."""
        return point_normals(self.points, self.faces)

    @cached_property
    def faces_of_point(self) -> Ints:
        """(13380, n) faces around each point; the last one is repeated to fill the row."""
        order = np.argsort(self.faces.ravel(), kind="stable")
        face = order // 3
        count = np.bincount(self.faces.ravel(), minlength=POINTS)
        start = np.concatenate([[0], np.cumsum(count)[:-1]])
        # Padded by the last face, not by -1: gathering and taking a minimum need no mask.
        column = np.minimum(np.arange(count.max()), count[:, None] - 1)
        return np.asarray(face[start[:, None] + column])


def face_areas_cm2(points: Floats, faces: Ints) -> Floats:
    """Area of each face for points in cm."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    return np.asarray(np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2)


def point_normals(points: Floats, faces: Ints) -> Floats:
    """Outward unit normals at the points, weighted by the areas of the faces around them."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    total = np.empty_like(points)
    for axis in range(3):
        total[:, axis] = np.bincount(
            faces.ravel(), np.repeat(across[:, axis], 3), minlength=len(points)
        )
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1), 1e-12)[:, None])


def volume_litres(points: Floats, faces: Ints) -> float:
    """Volume inside the closed mesh, for points in cm."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    # A sixth of each product is a tetrahedron with its tip at 0; 1,000 cm3 are a litre.
    return float((np.cross(a, b) * c).sum() / 6000)


def whole_from_half(half: Floats, half_points: Ints, mirror: Ints) -> Floats:
    """All points from those of the left half and the midline."""
    points = np.empty((POINTS, 3))
    # The mirror first, so that the midline keeps the signs of its own half.
    points[mirror[half_points]] = half * np.array([-1.0, 1.0, 1.0])
    points[half_points] = half
    return points


@lru_cache(maxsize=1)
def surface() -> Surface:
    """The surface of this release. Read once, some 30 ms."""
    folder = files("filiform.anatomy.surface").joinpath("data")
    with folder.joinpath("surface.npz").open("rb") as stream, np.load(stream) as store:
        arrays: dict[str, npt.NDArray[np.generic]] = {name: store[name] for name in store.files}
    mirror = arrays["mirror"].astype(np.int64)
    left = arrays["left_faces"].astype(np.int64)
    half = arrays["half_points"].astype(np.int64)
    reference = arrays["reference"].astype(np.float64) * float(arrays["reference_step"])
    return Surface(
        # Turned round: a mirrored face would look inward.
        faces=np.vstack([left, mirror[left][:, ::-1]]),
        mirror=mirror,
        points=whole_from_half(reference, half, mirror),
        arrays=arrays,
        release=folder.joinpath("release.txt").read_text().strip(),
    )
