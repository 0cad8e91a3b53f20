"""Soreness of one treatment by the hour, beside what the model expects of this dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from filiform.clinic.expectation import forecast
from filiform.clinic.expectation.forecast import TWO_WEEKS, Forecast, people
from filiform.clinic.expectation.telling import SORE
from filiform.mechanism import NeedlingDose, StateMeasurement, Traits
from filiform.outcomes.soreness import GoneBetween, SoreAnswer, gone_between

NINE_IN_TEN = (5.0, 50.0, 95.0)
STATE = "soreness_nprs"


@dataclass(frozen=True)
class SoreRow:
    """An answer with the band at its hour. standing: "inside", "above" or "below"."""

    hour: float
    told: int
    low: float
    high: float
    standing: str


@dataclass(frozen=True)
class SoreCourse:
    """gone: between which answers it went; expected: hours until gone of the model's people for
    this dose, nine in ten and the middle."""

    rows: tuple[SoreRow, ...]
    gone: GoneBetween | None
    expected: tuple[float, float, float]


def sore_course(
    found: Forecast, dose: NeedlingDose, traits: Traits, measured: Sequence[StateMeasurement]
) -> SoreCourse | None:
    """None without an answer. The band is the one before it was narrowed: a band that these very
    answers have drawn to themselves would hold them whatever they were."""
    told = [SoreAnswer(one.hour, round(one.value)) for one in measured if one.state == STATE]
    if not told:
        return None
    return SoreCourse(
        rows=tuple(_row(found, one) for one in sorted(told, key=lambda one: one.hour)),
        gone=gone_between(told),
        expected=_hours_until_gone(dose, traits),
    )


def _row(found: Forecast, one: SoreAnswer) -> SoreRow:
    band = found.before[STATE]
    low, high = (float(np.interp(one.hour, found.hours, line)) for line in (band.low, band.high))
    # A rating is a whole number: it stands for half a point to both sides.
    standing = "above" if one.nprs - 0.5 > high else "below" if one.nprs + 0.5 < low else "inside"
    return SoreRow(one.hour, one.nprs, low, high, standing)


def _hours_until_gone(dose: NeedlingDose, traits: Traits) -> tuple[float, float, float]:
    """Of each virtual patient the last hour with soreness that a person would tell."""
    # The same people as for the page's band: kept, so they cost nothing here.
    courses = people(dose, traits, TWO_WEEKS, forecast.PATIENTS)
    hours, values = np.asarray(courses.hours), courses.of(STATE)
    # Of each the last sore hour: soreness that comes back is not over before it goes again.
    last = np.where(values >= SORE, hours, 0.0).max(axis=1)
    low, middle, high = np.percentile(last, NINE_IN_TEN)
    return float(low), float(middle), float(high)
