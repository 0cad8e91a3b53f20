"""Names of the places a drawing covers, as people say them."""

from __future__ import annotations

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface.weights import NAMED_SHARE, PatchWeights, RegionShare

COVERED = 1 / 3
SIDES = {
    "left": {"en": "left", "ur": "بائیں"},
    "right": {"en": "right", "ur": "دائیں"},
    "both": {"en": "both sides", "ur": "دونوں طرف"},
}


def named_regions(weights: PatchWeights) -> tuple[RegionShare, ...]:
    """The regions worth naming, left and right joined to "both" where both count.

    A region counts when it holds a share of the drawing or when a third of it is covered. Regions
    of the midline have the side "".
    """
    sided = {region.id: region.sided for region in atlas().regions.values()}
    touched = weights.regions()
    counted = [r for r in touched if r.of_drawing >= NAMED_SHARE or r.of_region >= COVERED]
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
