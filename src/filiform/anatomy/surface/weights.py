"""A drawing: how much of each patch is covered, 0 to 1. Pain, bruise and zone are all this."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from filiform.anatomy.surface.language import AreaError
from filiform.anatomy.surface.mesh import surface
from filiform.anatomy.surface.patches import patchwork

PatchValues = npt.NDArray[np.float32]
NAMED_SHARE = 0.06
"""A region is named when at least this share of the drawing lies in it, or a third of the region
itself is covered."""


# A tuple with names: a page makes a hundred, and a frozen dataclass takes five times as long.
class RegionShare(NamedTuple):
    """A region touched by a drawing. area_cm2: covered skin of the region on this side.

    of_drawing, of_region: the same as a share of the drawing and of the region's own skin.
    side: "left", "right" or "both" (regions in the midline have left and right halves too).
    """

    region: str
    side: str
    area_cm2: float
    of_drawing: float
    of_region: float


class PatchWeights:
    """Immutable weights over all patches of the current release."""

    __slots__ = ("values",)

    values: PatchValues

    def __init__(self, values: npt.ArrayLike) -> None:
        """values: one number from 0 to 1 for every patch. Raises AreaError for anything else."""
        # A copy even of the right type: the caller keeps and may change its own array.
        given = np.array(values, dtype=np.float32)
        count = patchwork().count
        if given.shape != (count,):
            raise AreaError(f"weights of shape {given.shape}: expected {count} numbers")
        if not np.isfinite(given).all() or given.min() < 0 or given.max() > 1:
            raise AreaError(
                "weights: expected numbers from 0 to 1, got one outside or not a number"
            )
        # Hashed and shared by caches: what could be changed in place would change elsewhere.
        given.flags.writeable = False
        object.__setattr__(self, "values", given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"weights can't be changed ({name})")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PatchWeights) and bool((self.values == other.values).all())

    def __hash__(self) -> int:
        return hash(self.values.tobytes())

    def __repr__(self) -> str:
        return f"PatchWeights({self.as_text()!r})"

    def area_cm2(self, points: npt.NDArray[np.floating] | None = None) -> float:
        """Covered skin, on the reference body or on a body's points (13380, 3) in cm."""
        work = patchwork()
        areas = work.areas_cm2 if points is None else work.areas_on(points)
        return float(self.values.astype(np.float64) @ areas)

    def mirror(self) -> PatchWeights:
        """The same drawing on the other side."""
        return PatchWeights(patchwork().mirror(self.values))

    def union(self, other: PatchWeights) -> PatchWeights:
        """Covered by either: the larger weight of each patch."""
        return PatchWeights(np.maximum(self.values, other.values))

    def side(self) -> str:
        """ "left", "right", "bilateral" (at least a tenth on each side) or "" when empty."""
        half = patchwork().count // 2
        areas = patchwork().areas_cm2 * self.values
        left, right = float(areas[:half].sum()), float(areas[half:].sum())
        if left + right == 0:
            return ""
        share = left / (left + right)
        return "left" if share > 0.9 else "right" if share < 0.1 else "bilateral"

    def regions(self) -> tuple[RegionShare, ...]:
        """Every touched region and side, the largest part of the drawing first."""
        work = patchwork()
        # Of 3,456 patches a drawing covers some hundred; adding the zeros changes no sum.
        drawn = np.flatnonzero(self.values)
        covered = np.bincount(
            work.half_of[drawn],
            work.areas_cm2[drawn] * self.values[drawn],
            2 * len(work.regions),
        )
        own = work.halves_cm2
        # An empty drawing has no regions below, and must not divide by zero on the way.
        total = max(float(covered.sum()), 1e-9)
        # By size, then by number, so that equal parts are named in the same order every time.
        order = sorted(np.flatnonzero(covered > 0).tolist(), key=lambda k: (-covered[k], k))
        return tuple(
            RegionShare(
                work.regions[k // 2],
                "right" if k % 2 else "left",
                float(covered[k]),
                float(covered[k] / total),
                float(covered[k] / own[k]),
            )
            for k in order
        )

    def as_text(self) -> str:
        """Short text for storage: "release;patch-patch=percent,..."; 1 % steps."""
        return f"{surface().release};{patch_runs(self)}"

    @classmethod
    def from_text(cls, text: str) -> PatchWeights:
        """Reads `as_text`. Raises AreaError for another release or a text it can't use."""
        release, _, rest = text.partition(";")
        if release != surface().release:
            raise AreaError(f'drawing of release "{release}": this is {surface().release}')
        return read_patches(rest)


def patch_runs(weights: PatchWeights) -> str:
    """The patches as text: "12-15=100,20=35", percent."""
    return run_text(np.round(weights.values * 100).astype(int))


def run_text(percent: Sequence[int] | npt.NDArray[np.int_]) -> str:
    """The same from a percentage for every patch."""
    every = np.asarray(percent)
    # Most patches of most drawings are bare; only the others are walked over.
    marked = np.flatnonzero(every)
    runs: list[list[int]] = []
    for number, value in zip(marked.tolist(), every[marked].tolist(), strict=True):
        if runs and runs[-1][1] == number - 1 and runs[-1][2] == value:
            runs[-1][1] = number
        else:
            runs.append([number, number, value])
    return ",".join(f"{a}={v}" if a == b else f"{a}-{b}={v}" for a, b, v in runs)


def read_runs(text: str, count: int) -> PatchValues:
    """Weights of `count` patches from the text of `patch_runs`. Raises AreaError."""
    values = np.zeros(count, dtype=np.float32)
    for part in filter(None, text.split(",")):
        # [0-9] and not \d, which takes the digits of every script: one drawing, one text.
        match = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?=([0-9]{1,3})", part)
        first, last, percent = (int(x or -1) for x in match.groups()) if match else (0, 0, 999)
        last = first if last < 0 else last
        if percent > 100 or not first <= last < count:
            raise AreaError(
                f'drawing: can\'t read "{part[:40]}", expected patches 0 to {count - 1} '
                "and 0 to 100 percent"
            )
        values[first : last + 1] = percent / 100
    return values


def read_patches(text: str) -> PatchWeights:
    """Weights from the text of `patch_runs`. Raises AreaError."""
    return PatchWeights(read_runs(text, patchwork().count))


def empty() -> PatchWeights:
    """A drawing of nothing."""
    return PatchWeights(np.zeros(patchwork().count, dtype=np.float32))


def overlap(a: PatchWeights, b: PatchWeights) -> float:
    """Shared skin as a share of all skin that either covers: 0 apart, 1 the same."""
    areas = patchwork().areas_cm2
    both = float(np.minimum(a.values, b.values) @ areas)
    either = float(np.maximum(a.values, b.values) @ areas)
    return both / either if either else 0.0


def share_within(a: PatchWeights, b: PatchWeights) -> float:
    """How much of a's skin b covers too, 0 to 1."""
    areas = patchwork().areas_cm2
    own = float(a.values @ areas)
    return float(np.minimum(a.values, b.values) @ areas) / own if own else 0.0
