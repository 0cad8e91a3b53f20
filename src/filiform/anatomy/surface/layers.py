"""A drawing in layers: where it is, what it is like, how strong. Pain, bruise and soreness alike.

Its text, for storage and forms:

    RELEASE;QUALITY:INTENSITY:PATCHES|QUALITY:INTENSITY:PATCHES

PATCHES as in `PatchWeights.as_text` ("12-15=100,20=35", percent); QUALITY an id or empty,
INTENSITY 0 to 10 or empty; layers sorted by quality, then intensity, empty first. A patch has one
intensity within one quality. Nothing drawn is the empty text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from filiform.anatomy.surface.language import AreaError
from filiform.anatomy.surface.mesh import surface
from filiform.anatomy.surface.names import SideShare, sided_regions
from filiform.anatomy.surface.patches import patchwork
from filiform.anatomy.surface.releases import carried_forward
from filiform.anatomy.surface.weights import PatchWeights, empty, patch_runs, read_patches
from filiform.arrays import Bools

LONGEST_TEXT = 60_000
"""Characters. Every patch at a strength of its own is 30,000; more is no drawing of ours."""
MOST_LAYERS = 40
"""Layers in one drawing (design value): nobody tells more kinds and strengths of pain apart."""
QUALITY = re.compile(r"[a-z][a-z-]{0,29}|")


@dataclass(frozen=True)
class Layer:
    """One kind of feeling. quality: an id or "". intensity: 0 to 10, None where nobody said.

    Weights are kept in steps of 1 %, so that a drawing is the same after every way it goes.
    """

    quality: str
    intensity: int | None
    weights: PatchWeights

    def __post_init__(self) -> None:
        if not QUALITY.fullmatch(self.quality):
            raise AreaError(
                f'quality "{self.quality[:40]}": expected an id of small letters, or nothing'
            )
        known = self.intensity is None or isinstance(self.intensity, int)
        if not known or (self.intensity is not None and not 0 <= self.intensity <= 10):
            raise AreaError(f'intensity "{self.intensity}": expected 0 to 10, or nothing')
        # In float32 both times: a page, a form and the database must compare equal.
        whole = np.round(self.weights.values * 100).astype(np.float32) / np.float32(100)
        object.__setattr__(self, "weights", PatchWeights(whole))

    @property
    def key(self) -> tuple[str, int]:
        """What layers are sorted by."""
        # Before 0: that nobody said how strong it is does not say that it doesn't hurt.
        return self.quality, -1 if self.intensity is None else self.intensity


@dataclass(frozen=True)
class BodyDrawing:
    """Layers, sorted; empty ones are left out, equal kinds joined.

    came_from: the older release in which it was drawn, "" for the current one. Such a drawing is
    mapped forward (`releases`) and its edges may have moved by a patch: say so where it is shown.
    Raises AreaError when a patch has two intensities within one quality.
    """

    layers: tuple[Layer, ...] = ()
    came_from: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        kept = sorted(self.joined(self.layers), key=lambda x: x.key)
        if len(kept) > MOST_LAYERS:
            raise AreaError(f"drawing of {len(kept)} layers: expected at most {MOST_LAYERS}")
        _check_one_intensity(kept)
        object.__setattr__(self, "layers", tuple(kept))

    @staticmethod
    def joined(layers: Iterable[Layer]) -> list[Layer]:
        """Layers of equal quality and intensity as one; empty ones left out."""
        found: dict[tuple[str, int], Layer] = {}
        for layer in layers:
            before = found.get(layer.key)
            weights = layer.weights.union(before.weights) if before else layer.weights
            found[layer.key] = Layer(layer.quality, layer.intensity, weights)
        return [layer for layer in found.values() if layer.weights.values.any()]

    def __bool__(self) -> bool:
        return bool(self.layers)

    @cached_property
    def union(self) -> PatchWeights:
        """Where anything at all is drawn: the largest weight of each patch."""
        whole = empty()
        for layer in self.layers:
            whole = whole.union(layer.weights)
        return whole

    @property
    def area_cm2(self) -> float:
        """Covered skin of the reference body."""
        return self.union.area_cm2()

    def regions(self) -> tuple[tuple[Layer, SideShare], ...]:
        """Every touched region with its side and extent, layer by layer, the largest first."""
        return tuple((x, share) for x in self.layers for share in sided_regions(x.weights))

    def as_text(self) -> str:
        """The text described at the top; "" when nothing is drawn."""
        if not self.layers:
            return ""
        parts = [
            f"{x.quality}:{'' if x.intensity is None else x.intensity}:{patch_runs(x.weights)}"
            for x in self.layers
        ]
        return f"{surface().release};{'|'.join(parts)}"

    @classmethod
    def from_text(cls, text: str) -> BodyDrawing:
        """Reads `as_text`, also of a release that this one knows how to map forward.

        Raises AreaError with one line: what was got, what is allowed.
        """
        # Before it is parsed: a form can send megabytes, and reading them is what costs.
        if len(text) > LONGEST_TEXT:
            raise AreaError(
                f"drawing of {len(text)} characters: expected at most {LONGEST_TEXT}; clear it "
                "and draw again"
            )
        if not text.strip():
            return cls()
        release, semicolon, rest = text.strip().partition(";")
        if not semicolon:
            raise AreaError(f'drawing "{release[:40]}": expected RELEASE;QUALITY:INTENSITY:PATCHES')
        older = "" if release == surface().release else release
        layers = [_layer(part, older) for part in rest.split("|") if part]
        # Mapping may put two patches on one; within today's release two intensities are an error.
        return cls(_highest_where_two(layers) if older else tuple(layers), came_from=older)


def of_regions(
    marks: Iterable[tuple[str, str, float, str, int | None]],
) -> BodyDrawing:
    """A drawing of whole regions: (region, side, share of the region, quality, intensity).

    side: "left", "right", "bilateral" or "midline"; nobody said where in the region, so all of it
    has the same weight. Unknown regions raise AreaError. Of two intensities at one place the
    higher stands.
    """
    layers = []
    for region, side, share, quality, intensity in marks:
        inside = region_patches(region, side)
        layers.append(Layer(quality, intensity, PatchWeights(inside * np.float32(share))))
    return BodyDrawing(_highest_where_two(layers))


def region_patches(region: str, side: str) -> Bools:
    """Which patches lie in a region on a side ("left", "right", else both)."""
    work = patchwork()
    if region not in work.regions:
        raise AreaError(f'region "{region[:40]}": expected one of regions.toml')
    inside = work.region_of == work.regions.index(region)
    left = np.arange(work.count) < work.count // 2
    if side in ("left", "right"):
        inside = inside & (left if side == "left" else ~left)
    return np.asarray(inside)


def _layer(text: str, older: str) -> Layer:
    fields = text.split(":")
    if len(fields) != 3:
        raise AreaError(f'drawing: can\'t read "{text[:40]}", expected QUALITY:INTENSITY:PATCHES')
    quality, intensity, patches = fields
    if not re.fullmatch(r"\d{1,2}|", intensity):
        raise AreaError(f'intensity "{intensity[:40]}": expected 0 to 10, or nothing')
    weights = carried_forward(older, patches) if older else read_patches(patches)
    return Layer(quality, int(intensity) if intensity else None, weights)


def _check_one_intensity(layers: list[Layer]) -> None:
    # They are sorted, so two of one quality stand beside each other.
    for one, two in pairwise(layers):
        if one.quality != two.quality:
            continue
        others = [x for x in layers if x.quality == one.quality]
        # Any overlap, however faint: a patch has one intensity within one quality.
        covered = np.sum([x.weights.values > 0 for x in others], axis=0)
        if covered.max() > 1:
            raise AreaError(
                f'drawing: patch {int(covered.argmax())} has two intensities of "{one.quality}", '
                "expected one"
            )


def _highest_where_two(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """Where two layers of a quality meet, the patch goes to the higher intensity."""
    kept: list[Layer] = []
    # The strongest first: the others give way to what is kept already.
    for layer in sorted(BodyDrawing.joined(layers), key=lambda x: x.key, reverse=True):
        values = layer.weights.values.copy()
        for other in kept:
            if other.quality == layer.quality:
                values[other.weights.values > 0] = 0
        kept.append(Layer(layer.quality, layer.intensity, PatchWeights(values)))
    return tuple(kept)
