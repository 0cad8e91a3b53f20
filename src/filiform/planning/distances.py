"""How far it is from the skin to a structure in this body, by what was published.

    sex, body-mass index, age ──► mean of the studied group ──► interval of 90 in 100 bodies

A group is never left: a body outside the studied range counts as one at its edge. Where sex or
body-mass index is unknown, every body that it may be counts. Lengths in millimetres.
"""

from __future__ import annotations

from itertools import product
from typing import Literal

import msgspec

from filiform.disclosure import Sex
from filiform.planning.patient import Body
from filiform.words import Words

NORMAL_90 = 1.645
"""Standard deviations from the mean to the 5th percentile of a normal distribution."""

SAFE_SHARE = 0.70
"""Share of a measured or predicted depth that may be used (YNG08 and others: 70 to 75 %)."""

Least = Literal["minimum", "advised", "not-reached"]
How = Literal["minimum", "advised", "not-reached", "5th-percentile", "70-percent-of-mean"]


class Spread(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a study gives for one group; at least one of mean and least."""

    mean_mm: float | None = None
    sd_mm: float | None = None
    least_mm: float | None = None

    def __post_init__(self) -> None:
        if self.mean_mm is None and self.least_mm is None:
            raise ValueError("a distance needs mean_mm or least_mm")


class Distance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One published distance; see distances.toml for the fields.

    points, grips: as in caps; empty for all of them. least: what `least_mm` is: the smallest
    measured, the depth that the study advises, or one at which no needle reached the danger.
    """

    id: str
    kind: Literal["danger", "muscle", "bone"]
    to: Words
    muscles: frozenset[str]
    method: str
    n: int
    read: Literal["abstract", "notes", "unconfirmed"]
    sources: tuple[str, ...]
    over_lung: bool = False
    behind_ribs: bool = False
    least: Least = "minimum"
    points: frozenset[str] = frozenset()
    grips: frozenset[str] = frozenset()
    any: Spread | None = None
    female: Spread | None = None
    male: Spread | None = None
    per_bmi_mm: float = 0.0
    at_bmi: float = 0.0
    bmi_from: float = 0.0
    bmi_to: float = 100.0
    per_year_mm: float = 0.0
    at_years: float = 40.0

    def covers(self, muscle_id: str, grip: str, point: str) -> bool:
        in_points = not self.points or point in self.points
        in_grips = not self.grips or grip in self.grips
        return muscle_id in self.muscles and in_points and in_grips

    def groups(self, sex: Sex) -> tuple[Spread, ...]:
        """The studied groups that the patient may belong to; none where it was the other sex."""
        if self.any is not None:
            return (self.any,)
        # "other" and "unknown" may be either: both groups count, and the nearer danger wins.
        both = {"female": self.female, "male": self.male}
        wanted = [both[sex]] if sex in both else list(both.values())
        return tuple(group for group in wanted if group is not None)


class Predicted(msgspec.Struct, frozen=True, kw_only=True):
    """A distance in this body. median: of the groups it may belong to, low and high of them.

    low_mm, high_mm: nine of ten bodies lie between; None where the study gives no spread.
    """

    id: str
    kind: str
    to: Words
    median_mm: tuple[float, float]
    low_mm: float | None
    high_mm: float | None
    method: str
    n: int
    read: str
    sources: tuple[str, ...]


def predict(distance: Distance, body: Body) -> Predicted | None:
    """The distance in a body; None where the study gives no mean for its sex."""
    spreads = [group for group in distance.groups(body.sex) if group.mean_mm is not None]
    if not spreads:
        return None
    means = [_mean_mm(distance, one, bmi, body) for one, bmi in _bodies(distance, spreads, body)]
    # The widest of the groups: a patient of unknown sex may belong to either.
    spread = max((one.sd_mm or 0.0 for one in spreads), default=0.0)
    # One group without a spread leaves the interval open; half an interval would look safe.
    known = all(one.sd_mm is not None for one in spreads)
    return Predicted(
        id=distance.id,
        kind=distance.kind,
        to=distance.to,
        median_mm=(round(min(means), 1), round(max(means), 1)),
        # A wide spread about a small mean would begin in front of the skin.
        low_mm=round(max(min(means) - NORMAL_90 * spread, 0.0), 1) if known else None,
        high_mm=round(max(means) + NORMAL_90 * spread, 1) if known else None,
        method=distance.method,
        n=distance.n,
        read=distance.read,
        sources=distance.sources,
    )


def nearest_mm(distance: Distance, body: Body) -> tuple[float, How] | None:
    """How near a danger may lie: the smallest measured, or the 5th percentile, whichever is less;
    with neither published, 70 % of the mean. None where the other sex was studied."""
    found: list[tuple[float, How]] = []
    groups = distance.groups(body.sex)
    for group, bmi in _bodies(distance, groups, body):
        if group.least_mm is not None:
            found.append((group.least_mm, distance.least))
        if group.mean_mm is None:
            continue
        mean = _mean_mm(distance, group, bmi, body)
        if group.sd_mm is not None:
            found.append((mean - NORMAL_90 * group.sd_mm, "5th-percentile"))
        elif group.least_mm is None:
            # A mean alone says nothing about the nearest: seven tenths of it, as several
            # acupuncture studies do (YNG08).
            found.append((SAFE_SHARE * mean, "70-percent-of-mean"))
    return min(found, key=lambda one: one[0], default=None)


def _bodies(
    distance: Distance, groups: tuple[Spread, ...] | list[Spread], body: Body
) -> list[tuple[Spread, float]]:
    """Every group with every body-mass index that the patient may have, inside the study's."""
    # A mean may rise or fall with build, so an unknown build is tried at both ends.
    if body.bmi is None:
        # A mean that doesn't hang on build is the same at any number.
        indexes = [distance.bmi_from, distance.bmi_to] if distance.per_bmi_mm else [0.0]
    else:
        indexes = [min(max(body.bmi, distance.bmi_from), distance.bmi_to)]
    return list(product(groups, indexes))


def _mean_mm(distance: Distance, group: Spread, bmi: float, body: Body) -> float:
    # An unknown age is the age for which the study gives its mean.
    years = body.age_years if body.age_years is not None else distance.at_years
    for_build = distance.per_bmi_mm * (bmi - distance.at_bmi) if distance.per_bmi_mm else 0.0
    return (group.mean_mm or 0.0) + for_build + distance.per_year_mm * (years - distance.at_years)
