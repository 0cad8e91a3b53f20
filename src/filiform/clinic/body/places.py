"""Where on the body a target lies."""

from __future__ import annotations

from typing import Any

from filiform.anatomy.atlas import atlas
from filiform.anatomy.surface import AreaError, Spot
from filiform.anatomy.surface.spots import read_spot, site_spot


def place_of(target: Any, exact: str = "") -> Spot | None:
    """Where a target is needled: the marked place, else the atlas's usual site, else None."""
    try:
        if exact:
            return read_spot(exact)
    except AreaError:
        pass
    muscle = atlas().muscles.get(target.muscle)
    points = muscle.trigger_points if muscle else ()
    # A target without a point is needled at the muscle's first one.
    chosen = [point for point in points if point.number == target.trp] or list(points[:1])
    try:
        return site_spot(chosen[0].site_point, target.side) if chosen else None
    except AreaError:
        return None
