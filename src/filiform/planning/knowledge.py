"""What planning knows by itself: caps, needles, techniques, positions. Lengths in millimetres.

The knowledge stands in data/*.toml; every entry's id is the name of a rule that reasons cite.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

import msgspec

from filiform.anatomy import Muscle, atlas
from filiform.planning.distances import Distance
from filiform.words import Words

File = TypeVar("File", "Caps", "Distances", "Needles", "Nerves", "Techniques", "Thicknesses")
LimitBasis = Literal["measured", "published", "expert"]


class ByBodyMass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A length in millimetres for each band of body-mass index; 0 means: not at all."""

    under_18_5: float
    to_25: float
    to_30: float
    over_30: float

    def at(self, bmi: float | None) -> float:
        """The value for a body-mass index in kg/m2; the smallest of all where it is unknown."""
        # Not the thinnest group by name: a cap need not rise with build in every region.
        if bmi is None:
            return min(self.under_18_5, self.to_25, self.to_30, self.over_30)
        # On a border the band that allows less: 18.5 is still slim, 25 and 30 not yet more.
        if bmi <= 18.5:
            return self.under_18_5
        if bmi <= 25:
            return self.to_25
        return self.to_30 if bmi <= 30 else self.over_30


class Warns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of a reason, and what it rests on."""

    code: str
    sources: tuple[str, ...]


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The deepest that a needle may go in some muscles, in some grips; a design value.

    points: trigger-point numbers it is for, "" for "no point named"; empty for all of them.
    fold: no study gives a number for a lifted fold; the perpendicular number stands, and going
        on to the needling note's range asks for a written reason.
    warns: what is said wherever this cap is the limit, None for nothing.
    refuses: what is said where it leaves no depth at all.
    """

    id: str
    muscles: frozenset[str]
    grips: frozenset[str]
    limit_mm: ByBodyMass
    sources: tuple[str, ...]
    why: Words
    points: frozenset[str] = frozenset()
    fold: bool = False
    warns: Warns | None = None
    refuses: str = "plan-grip-not-allowed"

    def covers(self, muscle_id: str, grip: str, point: str) -> bool:
        in_points = not self.points or point in self.points
        return muscle_id in self.muscles and grip in self.grips and in_points


class NeedleRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The usual needle of some muscles and the longest that may be used there."""

    id: str
    muscles: frozenset[str]
    diameter_mm: float
    longest_mm: float
    points: frozenset[str] = frozenset()
    long_from_bmi: float | None = None
    long_mm: float | None = None
    sources: tuple[str, ...] = ()


class RegionNeedle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The longest needle of a whole region of the body."""

    id: str
    longest_mm: float
    over_lung: bool = False
    regions: frozenset[str] = frozenset()

    def covers(self, muscle: Muscle) -> bool:
        if self.over_lung:
            return muscle.over_lung
        return not self.regions or muscle.region in self.regions


class Technique(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to needle one trigger point.

    insertions: needles through the skin. passes: how often the tip goes to depth within one
    insertion, usual and at most. dwell_min: minutes left in. dose_basis, dose_sources: what the
    numbers rest on.

    strokes: the needle is moved up and down. current: needles carry an electric current.
    """

    id: str
    name: Words
    what: Words
    insertions: int
    passes: int
    most_passes: int
    dwell_min: float
    dose_basis: Literal["published", "expert"]
    dose_sources: tuple[str, ...]
    deepest_mm: float | None = None
    strokes: bool = False
    current: bool = False


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An id with its name: a position, a grip, a sign to stop at. upright: sitting up."""

    id: str
    name: Words
    upright: bool = False


class NerveTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A nerve that needling these muscles can touch, and how it is tested afterwards."""

    id: str
    name: Words
    muscles: frozenset[str]
    test: Words
    sources: tuple[str, ...]


class Nerves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nerve: tuple[NerveTest, ...]


class Caps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cap: tuple[Cap, ...]


class Distances(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    distance: tuple[Distance, ...]


class Thickness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How thick a muscle was measured, in millimetres, and in how many people."""

    muscle: str
    mm: float
    by: str
    n: int
    read: Literal["abstract", "notes", "unconfirmed"]
    sources: tuple[str, ...]


class Thicknesses(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    thickness: tuple[Thickness, ...]


class Needles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    diameters_mm: tuple[float, ...]
    lengths_mm: tuple[float, ...]
    needle: tuple[NeedleRule, ...]
    region: tuple[RegionNeedle, ...]
    usual_diameter_mm: dict[str, float]


class Techniques(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    technique: tuple[Technique, ...]
    position: tuple[Named, ...]
    grip: tuple[Named, ...]
    stop_sign: tuple[Named, ...]


class PlanningKnowledge(msgspec.Struct, frozen=True):
    caps: tuple[Cap, ...]
    distances: tuple[Distance, ...]
    needles: Needles
    techniques: Techniques
    nerves: tuple[NerveTest, ...]
    thickness: dict[str, Thickness]


@cache
def knowledge() -> PlanningKnowledge:
    """Everything in data/, checked. Raises ValueError naming the file and the field."""
    caps = _read("caps.toml", Caps).cap
    needles = _read("needles.toml", Needles)
    known = set(atlas().muscles)
    distances = _read("distances.toml", Distances).distance
    _check_muscles("caps.toml", caps, known)
    _check_muscles("distances.toml", distances, known)
    _check_muscles("needles.toml", needles.needle, known)
    nerves = _read("nerves.toml", Nerves).nerve
    _check_muscles("nerves.toml", nerves, known)
    techniques = _read("techniques.toml", Techniques)
    thick = {one.muscle: one for one in _read("thickness.toml", Thicknesses).thickness}
    if strangers := set(thick) - known:
        raise ValueError(f"planning/data/thickness.toml: no muscles {sorted(strangers)}")
    return PlanningKnowledge(
        caps=caps,
        distances=distances,
        needles=needles,
        techniques=techniques,
        nerves=nerves,
        thickness=thick,
    )


def data_text(name: str) -> str:
    """The text of one of planning's own tables."""
    return (files("filiform.planning") / "data" / name).read_text(encoding="utf-8")


def _read(name: str, kind: type[File]) -> File:
    try:
        return msgspec.convert(tomllib.loads(data_text(name)), kind)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"planning/data/{name}: {error}") from None


def _check_muscles(
    name: str, entries: Iterable[Cap | Distance | NeedleRule | NerveTest], known: set[str]
) -> None:
    for entry in entries:
        if strangers := entry.muscles - known:
            raise ValueError(f"planning/data/{name}, {entry.id}: no muscles {sorted(strangers)}")
