"""Whether the atlas' zones, outlines and sites are sound once they are drawn.

Loading checks every text; this looks at the pictures: areas that can be, on the right side, sites
on their muscle. It needs the surface and a second, so it is asked for (`filiform atlas check`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from filiform.anatomy.atlas import Atlas
from filiform.anatomy.surface import PatchWeights, parse_area, parse_point, patchwork, places
from filiform.anatomy.surface.drawing import locate
from filiform.anatomy.zones import outline, place_at, zone_matrix

ZONE_CM2 = (3.0, 1400.0)
"""Design values: a fingertip is 4 cm2, the widest pattern (a leg and the buttock) 1,200."""
ASTRAY, HALF = 0.1, 0.55
"""Most of an ipsilateral zone that may lie on the other side: a tenth when it is drawn between
paired landmarks, about half when it runs through the midline (a disc about the sternum)."""
OUTLINE_CM2 = (3.0, 1500.0)
ON_MUSCLE = 0.25
"""A site is on its muscle when a patch within half a centimetre is covered at least so much."""


def drawn_problems(known: Atlas) -> Iterator[str]:
    """Every defect as one line with table, row and field; none is good news."""
    yield from _zone_problems(known)
    yield from _outline_problems(known)


def _zone_problems(known: Atlas) -> Iterator[str]:
    matrix = zone_matrix()
    for point in known.trigger_points:
        # On the right: what is stored is the left, so that the mirroring is looked at as well.
        zones = matrix.zones(point.id, "right")
        texts = (*point.essential_zones, *point.spillover_zones)
        yield from _of_one("trigger_points.tsv", point.id, zones, texts)
    for source in known.pain_sources.values():
        zones = matrix.zones(source.id, "right" if source.sided else "")
        texts = (*source.essential_zones, *source.spillover_zones)
        if source.sided:
            yield from _of_one("pain_sources.tsv", source.id, zones, texts)
        elif not zones[0].values.any():
            yield f"pain_sources.tsv, {source.id}, essential_zones: nothing is drawn"


def _of_one(
    name: str, row: str, zones: tuple[PatchWeights, PatchWeights], texts: tuple[str, ...]
) -> Iterator[str]:
    essential, spillover = zones
    low, high = ZONE_CM2
    covered = essential.union(spillover).area_cm2()
    if not essential.values.any() or not low <= covered <= high:
        yield f"{name}, {row}, zones: {covered:.0f} cm2, expected {low:.0f} to {high:.0f}"
    areas = [parse_area(text, atlas=True) for text in texts]
    # A zone that is meant to cross over may lie where it likes.
    if {area.side for area in areas} != {"ipsilateral"}:
        return
    # Patches of the left half come first; the zone was asked for on the right.
    half = patchwork().count // 2
    left = float(essential.union(spillover).values[:half] @ patchwork().areas_cm2[:half])
    names = {end for area in areas for at in area.points for end in (at.start, at.end) if end}
    beside = all(places()[landmark].paired for landmark in names)
    if left > (ASTRAY if beside else HALF) * covered:
        yield f"{name}, {row}, zones: {left:.0f} of {covered:.0f} cm2 lie on the other side"


def _outline_problems(known: Atlas) -> Iterator[str]:
    low, high = OUTLINE_CM2
    for muscle in known.muscles.values():
        skin = outline(muscle.id, "left")
        if not low <= skin.area_cm2() <= high:
            yield f"outlines.tsv, {muscle.id}, outline: {skin.area_cm2():.0f} cm2"
        for point in muscle.trigger_points:
            here = parse_point(point.site_point)
            near = place_at(here, "left", 0.5).values > 0
            # The patch under the site itself, which a disc smaller than a face may miss.
            near[patchwork().of_face[locate(here).face]] = True
            if float(np.max(skin.values[near])) < ON_MUSCLE:
                yield (
                    f"trigger_points.tsv, {point.id}, site_point: {point.site_point} does not lie "
                    "on the muscle's outline"
                )
