"""A drawing as a list of regions, and changed through that list.

The list does the drawing's job by keyboard and screen reader. Whatever is not touched in it keeps
the exact patches that were painted; a changed extent replaces the patches of that region alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from filiform.anatomy.surface.language import AreaError
from filiform.anatomy.surface.layers import BodyDrawing, Layer, region_patches
from filiform.anatomy.surface.names import EXTENTS, Extent
from filiform.anatomy.surface.patches import patchwork
from filiform.anatomy.surface.weights import PatchValues, PatchWeights

NOTED_SHARE = 0.2
"""A region is among the painful ones when at least this part of it is covered, or NOTED_DRAWING of
the layer lies in it: less is the fringe of its neighbour's pain (design value)."""
NOTED_DRAWING = 0.06


@dataclass(frozen=True)
class ListedRegion:
    """One line: a region on a side ("left", "right", "midline"), how much of it, what it is like.

    noted: it counts as a painful region; others were only touched at their edge.
    """

    region: str
    side: str
    extent: Extent
    quality: str = ""
    intensity: int | None = None
    noted: bool = True

    @property
    def layer(self) -> tuple[str, int | None]:
        """Quality and intensity."""
        return self.quality, self.intensity

    @property
    def place(self) -> tuple[str, str]:
        """Region and side."""
        return self.region, self.side


def entries(drawing: BodyDrawing) -> tuple[ListedRegion, ...]:
    """The lines of a drawing, layer by layer, the largest part first."""
    return tuple(
        ListedRegion(
            share.region,
            share.side,
            share.extent,
            layer.quality,
            layer.intensity,
            share.share >= NOTED_SHARE or share.of_drawing >= NOTED_DRAWING,
        )
        for layer, share in drawing.regions()
        if share.extent
    )


def noted(drawing: BodyDrawing) -> tuple[tuple[str, str, str, int | None], ...]:
    """Painful regions as the record keeps them: (region, side, quality, intensity).

    Left and right of one layer are joined to "bilateral".
    """
    found: dict[tuple[str, tuple[str, int | None]], str] = {}
    for entry in entries(drawing):
        if entry.noted:
            key = (entry.region, entry.layer)
            before = found.get(key)
            # A line a side; a place that is named twice is painful on both.
            found[key] = entry.side if before in (None, entry.side) else "bilateral"
    return tuple((region, side, *layer) for (region, layer), side in found.items())


def edited(
    drawing: BodyDrawing, changes: Iterable[tuple[ListedRegion | None, ListedRegion | None]]
) -> BodyDrawing:
    """The drawing after changes, each a line before and after.

    Without a line before, one is added; without one after, it is taken out. With the same extent
    the painted patches move to the other kind as they are. Where a kind has another intensity at
    the same place, the changed line stands.
    Raises AreaError for a region, side or extent that isn't there.
    """
    layers = {(x.quality, x.intensity): x.weights.values.copy() for x in drawing.layers}
    for before, after in changes:
        # Out before in: a line that only changes its kind must not overlap with itself.
        painted = _take_out(layers, before) if before else None
        if after is None:
            continue
        inside = _patches(after)
        if before and painted is not None and before.extent == after.extent:
            laid = np.where(inside, painted, 0)
        else:
            laid = inside * np.float32(EXTENTS[after.extent])
        _lay(layers, after, laid.astype(np.float32), inside)
    return BodyDrawing(
        tuple(Layer(q, i, PatchWeights(values)) for (q, i), values in layers.items())
    )


def _patches(entry: ListedRegion) -> PatchValues:
    if entry.side not in ("left", "right", "midline"):
        raise AreaError(f'side "{entry.side[:40]}": expected left, right or midline')
    if entry.extent not in EXTENTS:
        raise AreaError(f'extent "{entry.extent[:40]}": expected {", ".join(EXTENTS)}')
    return region_patches(entry.region, entry.side).astype(np.float32)


def _take_out(
    layers: dict[tuple[str, int | None], PatchValues], entry: ListedRegion
) -> PatchValues | None:
    values = layers.get(entry.layer)
    if values is None:
        return None
    inside = _patches(entry) > 0
    painted = np.where(inside, values, 0).astype(np.float32)
    values[inside] = 0
    return painted


def _lay(
    layers: dict[tuple[str, int | None], PatchValues],
    entry: ListedRegion,
    laid: PatchValues,
    inside: PatchValues,
) -> None:
    """Puts patches into a layer; other intensities of its quality give way."""
    for (quality, intensity), values in layers.items():
        if quality == entry.quality and intensity != entry.intensity:
            values[laid > 0] = 0
    own = layers.setdefault(entry.layer, np.zeros(patchwork().count, dtype=np.float32))
    own[:] = np.where(inside > 0, np.maximum(laid, 0), own)
