"""A place on the skin as text: "pick:RELEASE:FACE:B1:B2", as <body-chart> gives it.

B1 and B2 are the weights of the face's second and third corner, 0 to 1; the first has the rest.
"""

from __future__ import annotations

import re

from filiform.anatomy.surface.geodesics import Spot
from filiform.anatomy.surface.landmarks import mirrored
from filiform.anatomy.surface.language import AreaError, parse_point
from filiform.anatomy.surface.mesh import FACES, surface

_WEIGHT = r"([01](?:\.[0-9]{1,8})?)"
_TEXT = re.compile(rf"pick:([a-z0-9-]{{1,60}}):([0-9]{{1,6}}):{_WEIGHT}:{_WEIGHT}")
# Two weights of four decimals may add up to a little more than 1.
ROUNDING = 2e-4


def spot_text(spot: Spot) -> str:
    """The text of a place on the current release."""
    _, second, third = spot.weights
    return f"pick:{surface().release}:{spot.face}:{second:.4f}:{third:.4f}"


def read_spot(text: str) -> Spot:
    """Reads `spot_text`. Raises AreaError with one line: what was got, what is allowed."""
    match = _TEXT.fullmatch(text)
    if match is None:
        raise AreaError(f'place "{text[:60]}": expected pick:RELEASE:FACE:B1:B2')
    release, face, second, third = match.groups()
    # Face numbers mean nothing on another surface: a needle must not wander with an upgrade.
    if release != surface().release:
        raise AreaError(f'place of release "{release}": this is {surface().release}')
    b1, b2 = float(second), float(third)
    if int(face) >= FACES or b1 + b2 > 1 + ROUNDING:
        raise AreaError(f'place "{text[:60]}": expected a face below {FACES} and weights up to 1')
    return Spot(int(face), (max(0.0, 1 - b1 - b2), b1, b2))


def site_spot(site_point: str, side: str) -> Spot:
    """The place of an atlas point on a side: "left" or "right". Raises AreaError."""
    # Drawing needs the ways over the skin; who only reads a tapped place should not load them.
    from filiform.anatomy.surface.drawing import locate

    left = locate(parse_point(site_point))
    return mirrored(left) if side == "right" else left
