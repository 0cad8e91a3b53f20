"""Where the tip of a needle goes, in terms of the body: "caudal-medial".

The needling notes say it in prose, which is shown; `data/headings.toml` says the same as a code
where the note names one clear direction, so that an arrow can be drawn.
"""

from __future__ import annotations

import tomllib
from functools import cache

import msgspec

from filiform.anatomy import atlas
from filiform.anatomy.model import Vector
from filiform.planning.knowledge import data_text
from filiform.words import Words

STEPS: dict[str, Vector] = {
    "cranial": (0, 1, 0),
    "caudal": (0, -1, 0),
    "anterior": (0, 0, 1),
    "posterior": (0, 0, -1),
}


class Heading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A direction and the muscles whose note names it."""

    id: str
    name: Words
    muscles: frozenset[str]


class _ByPoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    muscle: str
    points: dict[str, str]


class _Headings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    heading: tuple[Heading, ...]
    by_point: tuple[_ByPoint, ...]


@cache
def headings() -> tuple[Heading, ...]:
    """All directions, in the order of the data. Raises ValueError naming what is wrong."""
    return _read().heading


def usual_heading(muscle_id: str, trp: str = "") -> str:
    """The direction that the note names; "" for straight in, and where it names no clear one."""
    read = _read()
    for own in read.by_point:
        if own.muscle == muscle_id:
            # Its points are needled in different directions: without a point there is none.
            return own.points.get(trp, "")
    return next((one.id for one in read.heading if muscle_id in one.muscles), "")


def vector(heading: str, side: str) -> Vector:
    """A heading on a side of the body as a direction in space; not of unit length.

    Raises KeyError for a heading that is none.
    """
    if heading not in {one.id for one in headings()}:
        raise KeyError(f"no heading {heading!r}; there are {', '.join(h.id for h in headings())}")
    # Towards the midline is to the body's right on its left side.
    outwards = 1.0 if side == "left" else -1.0
    sides: dict[str, Vector] = {"lateral": (outwards, 0, 0), "medial": (-outwards, 0, 0)}
    parts = [STEPS.get(part) or sides[part] for part in heading.split("-")]
    x, y, z = (sum(part[axis] for part in parts) for axis in range(3))
    return x, y, z


@cache
def _read() -> _Headings:
    try:
        found = msgspec.convert(tomllib.loads(data_text("headings.toml")), _Headings)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"planning/data/headings.toml: {error}") from None
    named = [muscle for one in found.heading for muscle in one.muscles]
    named += [one.muscle for one in found.by_point]
    if strangers := set(named) - set(atlas().muscles):
        raise ValueError(f"planning/data/headings.toml: no muscles {sorted(strangers)}")
    # A muscle under two headings would get whichever stands first.
    if twice := {one for one in named if named.count(one) > 1}:
        raise ValueError(f"planning/data/headings.toml: named twice: {sorted(twice)}")
    return found
