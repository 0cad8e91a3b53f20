"""Makes data/lines.npz, the ways over the skin that the atlas's zones use:

    python tools/surface/lines.py

They are worked out as ever and kept, so that an area of the atlas is drawn in a few milliseconds.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from filiform.anatomy import atlas
from filiform.anatomy.surface import geodesics, locate, parse_area, parse_point, places, surface
from filiform.anatomy.surface.geodesics import SkinPath, Spot, found_line, line_key
from filiform.anatomy.surface.language import AreaPoint

DATA = Path(__file__).parents[2] / "src/filiform/anatomy/surface/data/lines.npz"


def pairs() -> dict[tuple[float, ...], tuple[Spot, Spot]]:
    """Every pair of places between which the atlas draws a way."""
    found: dict[tuple[float, ...], tuple[Spot, Spot]] = {}

    def add(a: Spot, b: Spot) -> None:
        found[line_key(a, b)] = (a, b)

    def ends(point: AreaPoint) -> None:
        if point.end:
            add(places()[point.start].spot, places()[point.end].spot)

    for muscle in atlas().muscles.values():
        for trigger in muscle.trigger_points:
            ends(parse_point(trigger.site_point))
            for zone in (*trigger.essential_zones, *trigger.spillover_zones):
                area = parse_area(zone, atlas=True)
                for point in area.points:
                    ends(point)
                spots = [locate(point) for point in area.points]
                closed = spots + spots[:1] if area.shape == "patch" else spots
                for a, b in pairwise(closed if area.shape != "disc" else []):
                    add(a, b)
    return found


def save(lines: dict[tuple[float, ...], SkinPath]) -> None:
    spots = [spot for line in lines.values() for spot in line.spots]
    np.savez_compressed(
        DATA,
        release=np.array(surface().release),
        keys=np.array(list(lines)).reshape(-1, 8),
        counts=np.array([len(line.spots) for line in lines.values()], dtype=np.uint16),
        faces=np.array([spot.face for spot in spots], dtype=np.uint16),
        weights=np.array([spot.weights for spot in spots]).reshape(-1, 3),
    )


if __name__ == "__main__":
    save({})
    geodesics.kept_lines.cache_clear()
    geodesics.line.cache_clear()
    save({key: found_line(a, b) for key, (a, b) in sorted(pairs().items())})
    print(f"{len(pairs())} ways, {DATA.stat().st_size // 1024} kB")
