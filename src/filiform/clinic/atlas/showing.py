"""Zones on the body for the atlas' pages: the chart that turns, and the flat views without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from filiform.anatomy import Muscle, PainSource, TriggerPoint
from filiform.anatomy.surface import (
    PatchWeights,
    Spot,
    empty,
    patches,
    patchwork,
)
from filiform.anatomy.surface.flat import CLOSE_UPS, WHOLE, flat_view
from filiform.anatomy.surface.picture import Pin, Zone
from filiform.anatomy.surface.spots import site_spot, spot_text
from filiform.anatomy.zones import outline, zone_matrix
from filiform.arrays import Floats
from filiform.clinic.body.chart import chart_attributes
from filiform.clinic.body.pictures import NamedPicture, pictures

ShownSide = Literal["left", "right"]
MOST_VIEWS = 4
PREFERRED = {"front": 1.2, "back": 1.2}
"""People read front and back more easily than the sides: a design value."""


@dataclass(frozen=True)
class AtlasPicture:
    """What a page needs: attributes of `<body-chart>` and the flat views that show something."""

    chart: dict[str, str]
    flat: list[NamedPicture]


def of_muscle(
    muscle: Muscle,
    points: Iterable[TriggerPoint],
    side: ShownSide,
    label: str,
    prefix: str = "atlas",
) -> AtlasPicture:
    """Zones and sites of some of its trigger points, and the skin over it."""
    chosen = tuple(points)
    essential, spillover = empty(), empty()
    for point in chosen:
        near, far = zone_matrix().zones(point.id, side)
        essential, spillover = essential.union(near), spillover.union(far)
    sites = [(point.number, site_spot(point.site_point, side)) for point in chosen]
    return _picture(essential, spillover, sites, label, outline(muscle.id, side), prefix)


def of_source(source: PainSource, side: ShownSide, label: str) -> AtlasPicture:
    """Zones of a pain source, and where to test it."""
    essential, spillover = zone_matrix().zones(source.id, side if source.sided else "")
    sites = [("", site_spot(source.site_point, side))] if source.site_point else []
    return _picture(essential, spillover, sites, label, None, "atlas")


def _picture(
    essential: PatchWeights,
    spillover: PatchWeights,
    sites: list[tuple[str, Spot]],
    label: str,
    skin: PatchWeights | None,
    prefix: str,
) -> AtlasPicture:
    zones = [Zone(skin, "over-muscle")] if skin is not None else []
    # The essential zone last, so that it is drawn over the others.
    zones += [Zone(spillover, "spillover"), Zone(essential, "essential")]
    pins = [Pin(spot, "spot", number) for number, spot in sites]
    whole = essential.union(spillover)
    views = views_showing(whole if skin is None else whole.union(skin))
    shown: dict[str, Any] = {
        "zones": [{"essential": essential.as_text(), "spillover": spillover.as_text()}],
        "pins": [
            {"label": number, "state": "pin", "at": spot_text(spot)} for number, spot in sites
        ],
    }
    near = next((view for view in views if view in CLOSE_UPS), "")
    chart = chart_attributes(
        mode="show",
        shown=shown,
        label=label,
        view=next((view for view in views if view in WHOLE), "front"),
        # One view and its close-up: everything lies there. With more the body is turned first.
        close_up=_close_up(near) if len(views) == 2 else "whole",
    )
    flat = pictures(zones=zones, pins=pins, views=views, prefix=prefix, css="zones", spoken=True)
    return AtlasPicture(chart, flat)


def views_showing(weights: PatchWeights) -> tuple[str, ...]:
    """The flat views on which some skin is seen, the best first; each adds something.

    Skin that faces another side is seen at a slant, which counts a third. A close-up joins where
    face, hands or feet hold much of it.
    """
    areas = patchwork().areas_cm2 * weights.values
    total = max(float(areas.sum()), 1e-9)
    left = areas.copy()
    chosen: list[str] = []
    # One place is left for a close-up.
    for _ in range(MOST_VIEWS - 1):
        gains = {v: PREFERRED.get(v, 1.0) * float((left * clearly(v)).sum()) for v in WHOLE}
        best = max(gains, key=lambda view: gains[view])
        # A rim of skin is worth no picture of its own.
        if gains[best] < 0.07 * total:
            break
        chosen.append(best)
        # What was seen at a slant still counts for two thirds: a better view may add it.
        left = left * (1 - clearly(best))
    near = {view: float((areas * clearly(view)).sum()) / total for view in CLOSE_UPS}
    best = max(near, key=lambda view: near[view])
    if near[best] > 0.25:
        chosen.append(best)
    return tuple(chosen) or ("front",)


def _close_up(view: str) -> str:
    """The chart's close-up for a flat one; the whole body for none."""
    kind, _, rest = view.partition("-")
    hand = f"{rest.rpartition('-')[2]}-hand"
    names = {"head": "head", "hand": hand, "foot": "soles" if "sole" in rest else "feet"}
    return names.get(kind, "whole")


@lru_cache(maxsize=16)
def clearly(view: str) -> Floats:
    """How well each patch is seen on a view: 1 facing it, a third at a slant; hands and feet are
    flat enough to be seen well from either side."""
    side = view.removeprefix("head-")
    if side not in WHOLE:
        return flat_view(view).visible.astype(np.float64)
    facing = np.array([patch.view == side for patch in patches()])
    return np.where(facing, 1.0, 1 / 3) * flat_view(view).visible
