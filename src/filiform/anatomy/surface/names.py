"""Names of the places a drawing covers, as people say them."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface.weights import NAMED_SHARE, PatchWeights, RegionShare

COVERED = 1 / 3
SIDES = {
    "left": {"en": "left", "ur": "بائیں"},
    "right": {"en": "right", "ur": "دائیں"},
    "both": {"en": "both sides", "ur": "دونوں طرف"},
}

Extent = Literal["part", "half", "all"]
EXTENTS: dict[Extent, float] = {"part": 0.25, "half": 0.5, "all": 1.0}
"""What a tick in a list covers of a region. A painted share counts as the nearest (design value:
the borders lie half way, at 0.375 and 0.75)."""
TOUCHED = 0.02
"""A region of which less is covered was only brushed by the edge of a neighbour's drawing."""


def extent_of(share: float) -> Extent | None:
    """The extent in words of a region's covered share, 0 to 1; None below TOUCHED."""
    if share < TOUCHED:
        return None
    return "part" if share < 0.375 else "half" if share < 0.75 else "all"


class SideShare(NamedTuple):
    """A region with its side as lists say it: left and right apart, the midline as one.

    side: "left", "right" or "midline". share: covered skin of the region, 0 to 1. of_drawing: its
    part of the drawing, 0 to 1.
    """

    region: str
    side: str
    share: float
    of_drawing: float
    area_cm2: float

    @property
    def extent(self) -> Extent | None:
        """In words."""
        return extent_of(self.share)


@cache
def _sided() -> dict[str, bool]:
    return {region.id: region.sided for region in atlas().regions.values()}


def sided_regions(weights: PatchWeights) -> tuple[SideShare, ...]:
    """Every touched region, the largest part first; halves of midline regions are joined."""
    sided = _sided()
    found: dict[tuple[str, str], SideShare] = {}
    for one in weights.regions():
        side = one.side if sided.get(one.region, True) else "midline"
        before = found.get((one.region, side))
        # Each half of a midline region is half of the whole that people mean.
        share = one.of_region if side != "midline" else one.of_region / 2
        found[one.region, side] = SideShare(
            one.region,
            side,
            share + (before.share if before else 0.0),
            one.of_drawing + (before.of_drawing if before else 0.0),
            one.area_cm2 + (before.area_cm2 if before else 0.0),
        )
    return tuple(sorted(found.values(), key=lambda r: (-r.area_cm2, r.region, r.side)))


def named_regions(weights: PatchWeights) -> tuple[RegionShare, ...]:
    """The regions worth naming, left and right joined to "both" where both count.

    A region counts when it holds a share of the drawing or when a third of it is covered. Regions
    of the midline have the side "".
    """
    sided = _sided()
    touched = weights.regions()
    counted = [r for r in touched if r.of_drawing >= NAMED_SHARE or r.of_region >= COVERED]
    # A dot on a large region counts for neither rule, and still hurts somewhere.
    counted = counted or list(touched[:1])
    joined: dict[str, RegionShare] = {}
    for share in counted:
        side = share.side if sided.get(share.region, True) else ""
        before = joined.get(share.region)
        if before is None:
            joined[share.region] = RegionShare(
                share.region, side, share.area_cm2, share.of_drawing, share.of_region
            )
        else:
            joined[share.region] = RegionShare(
                share.region,
                "both" if side else "",
                before.area_cm2 + share.area_cm2,
                before.of_drawing + share.of_drawing,
                (before.of_region + share.of_region) / 2,
            )
    return tuple(sorted(joined.values(), key=lambda r: -r.area_cm2))


def region_names(weights: PatchWeights, language: str = "en") -> tuple[str, ...]:
    """Names such as "Front of the shoulder, right", the largest part first.

    language: "en" or "ur".
    """
    known = {region.id: region.name for region in atlas().regions.values()}
    comma = "، " if language == "ur" else ", "
    names = []
    for share in named_regions(weights):
        name = getattr(known[share.region], language)
        side = SIDES[share.side][language] if share.side else ""
        names.append(f"{name}{comma}{side}" if side else name)
    return tuple(names)
