"""Where the named landmarks lie on the skin."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np

from filiform.anatomy.surface.geodesics import Spot
from filiform.anatomy.surface.mesh import FACES
from filiform.arrays import Floats


@dataclass(frozen=True)
class LandmarkPlace:
    """A landmark on the mesh: spot lies on the left side or in the midline.

    how: in words, how the place was found on the reference body.
    """

    id: str
    spot: Spot
    paired: bool
    how: str

    def on(self, side: str) -> Spot:
        """Its spot on the left or the right; one in the midline stays."""
        return mirrored(self.spot) if side == "right" and self.paired else self.spot

    def at(self, side: str = "left", points: Floats | None = None) -> Floats:
        """Coordinates in cm on a side of the reference body or of any other."""
        return self.on(side).at(points)


def mirrored(spot: Spot) -> Spot:
    """The spot on the other side of the body."""
    half = FACES // 2
    a, b, c = spot.weights
    # Corners reversed, as mirrored faces are turned round to look outward.
    return Spot((spot.face + half) % FACES, (c, b, a))


@lru_cache(maxsize=1)
def places() -> MappingProxyType[str, LandmarkPlace]:
    """Every landmark by id."""
    table = files("filiform.anatomy.surface").joinpath("data").joinpath("landmarks.tsv")
    found = {}
    for row in csv.DictReader(table.read_text("utf-8").splitlines(), delimiter="\t"):
        one, two, three = (float(row[f"weight_{corner}"]) for corner in "abc")
        spot = Spot(int(row["face"]), (one, two, three))
        # By where it lies and not by the atlas' column; a test holds the two equal.
        paired = bool(abs(spot.at()[0]) > MIDLINE_CM)
        found[row["id"]] = LandmarkPlace(row["id"], spot, paired, row["how"])
    return MappingProxyType(found)


MIDLINE_CM = 0.05
"""A landmark nearer to the midline than this has no twin on the other side."""


def nearest_landmark(spot: Spot) -> tuple[str, str, float]:
    """Id, side ("left", "right" or "midline") and straight distance in cm of the landmark nearest
    to a spot."""
    here = spot.at()
    best = ("", "midline", np.inf)
    for place in places().values():
        for side in ("left", "right") if place.paired else ("midline",):
            away = float(np.linalg.norm(place.at(side) - here))
            if away < best[2]:
                best = (place.id, side, away)
    return best
