"""Did it help those who came, and what of those who didn't come back?

A mean over those who stayed flatters: who left is counted, and the share of responders stands
between "none of them" and "all of them".
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from filiform.outcomes.rates import Rate, rate
from filiform.outcomes.scales import ScoreChange, change


class Followed(msgspec.Struct, frozen=True):
    """One patient's course on one scale. after: None when there is no later score."""

    before: float
    after: float | None
    group: str = ""


class Cohort(msgspec.Struct, frozen=True):
    """better: among those with a later score. worst, best: bounds of the share among all, if of
    those who are missing none, or all, were better: what is true lies between them, whatever became
    of them. worse: among those with a later score. mean_before: of all; the groups' case mix."""

    started: int
    followed: int
    missing: Rate
    better: Rate
    worse: Rate
    worst: float | None
    best: float | None
    mean_before: float | None


def cohort(scale: str, courses: Sequence[Followed]) -> Cohort:
    """Responders of a group of patients. An individual counts as changed only when the change
    reaches both MDC and MCID (`scales.change`). Raises as `change`."""
    judged = [
        change(scale, one.before, one.after, group=one.group)
        for one in courses
        if one.after is not None
    ]
    started, followed = len(courses), len(judged)
    better = sum(one.meaningful for one in judged)
    worse = sum(one.response == "worse" for one in judged)
    left = started - followed
    return Cohort(
        started=started,
        followed=followed,
        missing=rate(left, started),
        better=rate(better, followed),
        worse=rate(worse, followed),
        worst=better / started if started else None,
        best=(better + left) / started if started else None,
        mean_before=sum(one.before for one in courses) / started if started else None,
    )


class Certainty(msgspec.Struct, frozen=True):
    """low, high: where the true change lies with 95 %, in the scale's unit, improvement positive;
    None where no measurement error is known."""

    low: float | None
    high: float | None


def certainty(judged: ScoreChange) -> Certainty:
    """The change with its measurement error: the MDC is 1.96 standard errors of a difference, so
    that the interval is the change plus and minus the MDC."""
    if judged.mdc is None:
        return Certainty(None, None)
    return Certainty(judged.improvement - judged.mdc, judged.improvement + judged.mdc)
