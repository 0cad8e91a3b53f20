"""Patches of the skin, a few cm2 each: what drawings, zones and heat maps are weights on.

Numbers are stable within a release. The first half lies on the left, patch i + n/2 is the mirror
image of patch i; no patch crosses the midline or the border of a region.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from filiform.anatomy.surface.mesh import face_areas_cm2, surface
from filiform.arrays import Floats, Ints

PatchSide = Literal["front", "back", "left", "right"]


@dataclass(frozen=True)
class Patch:
    """One patch on the reference body.

    region: id of a region (regions.toml). view: the direction from which it is seen best.
    centre_cm: mean of its skin. neighbours: patches that share an edge with it.
    fine: on the face, a hand or a foot, where patches are at most 2 cm2.
    """

    number: int
    region: str
    side: Literal["left", "right"]
    view: PatchSide
    area_cm2: float
    centre_cm: tuple[float, float, float]
    neighbours: tuple[int, ...]
    fine: bool


@dataclass(frozen=True, eq=False)
class Patchwork:
    """All patches. of_face: the patch of each of the 26,756 faces."""

    of_face: Ints
    regions: tuple[str, ...]
    region_of: Ints
    areas_cm2: Floats

    @property
    def count(self) -> int:
        """Number of patches."""
        return len(self.region_of)

    @cached_property
    def half_of(self) -> Ints:
        """Region and side of each patch: twice the region's number, one more on the right."""
        return self.region_of * 2 + (np.arange(self.count) >= self.count // 2)

    @cached_property
    def halves_cm2(self) -> Floats:
        """Skin of each region and side, by `half_of`."""
        return np.bincount(self.half_of, self.areas_cm2, 2 * len(self.regions)).astype(np.float64)

    def mirror(self, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Values per patch on the other side."""
        return np.roll(values, self.count // 2)

    def areas_on(self, points: npt.NDArray[np.floating]) -> Floats:
        """Area of each patch in cm2 on another body: points (13380, 3) in cm."""
        per_face = face_areas_cm2(np.asarray(points, dtype=np.float64), surface().faces)
        return np.asarray(np.bincount(self.of_face, per_face, self.count))


@lru_cache(maxsize=1)
def patchwork() -> Patchwork:
    """The numbers of all patches; quick."""
    skin = surface()
    left = skin.arrays["patch_of_face"].astype(np.int64)
    region = skin.arrays["patch_region"].astype(np.int64)
    of_face = np.concatenate([left, left + len(region)])
    both = np.concatenate([region, region])
    names = tuple(str(name) for name in skin.arrays["region_names"])
    areas = np.bincount(of_face, skin.face_areas_cm2, len(both)).astype(np.float64)
    return Patchwork(of_face, names, both, areas)


@lru_cache(maxsize=1)
def patches() -> tuple[Patch, ...]:
    """Every patch with what is known of it."""
    skin, work = surface(), patchwork()
    fine = {str(name) for name in skin.arrays["fine_regions"]}
    a, b, c = (skin.points[skin.faces[:, i]] for i in range(3))
    weight, middle = skin.face_areas_cm2, (a + b + c) / 3
    # Summed over a patch it points outward, weighted by area: how the patch faces.
    across = np.cross(b - a, c - a) / 2
    near = _neighbours(skin.faces, work.of_face, work.count)
    found = [(number, work.regions[i]) for number, i in enumerate(work.region_of.tolist())]
    sums = [
        np.column_stack([np.bincount(work.of_face, v[:, k], work.count) for k in range(3)])
        for v in (middle * weight[:, None], across)
    ]
    centres = sums[0] / work.areas_cm2[:, None]
    return tuple(
        Patch(
            number=number,
            region=region,
            side="left" if number < work.count // 2 else "right",
            view=_view(sums[1][number]),
            area_cm2=float(work.areas_cm2[number]),
            centre_cm=(
                float(centres[number, 0]),
                float(centres[number, 1]),
                float(centres[number, 2]),
            ),
            neighbours=near[number],
            fine=region in fine,
        )
        for number, region in found
    )


def _view(outward: Floats) -> PatchSide:
    x, _, z = outward.tolist()
    # Front and back win at a slant: people look for a shoulder there first.
    if abs(z) >= abs(x):
        return "front" if z >= 0 else "back"
    return "left" if x > 0 else "right"


def _neighbours(faces: Ints, of_face: Ints, count: int) -> list[tuple[int, ...]]:
    edges = np.sort(np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    owner = np.tile(of_face, 3)
    # Sorted, the two faces of an edge stand one after the other.
    order = np.lexsort(edges.T)
    edges, owner = edges[order], owner[order]
    same = np.flatnonzero((edges[1:] == edges[:-1]).all(axis=1))
    near: list[set[int]] = [set() for _ in range(count)]
    for one, two in zip(owner[same].tolist(), owner[same + 1].tolist(), strict=True):
        if one != two:
            near[one].add(two)
            near[two].add(one)
    return [tuple(sorted(some)) for some in near]
