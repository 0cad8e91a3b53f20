"""What was done at home, and what follows from how it felt: a step up, a step down, or neither.

A day that was not done is no failure and counts as nothing but a day; only pain moves the step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

TOO_PAINFUL_NPRS = 5
"""Felt worse than this, it was too much (design)."""
PAIN_ROSE_BY = 2
"""So many points more after than before, it was too much (OUTCOMES-2: the change that counts)."""
EASY_NPRS = 3
"""Up to this it was easy enough to go on (INTEGRATION-2)."""
TWICE = 2
EASY_IN_A_ROW = 3

DoseStep = Literal["up", "down", "stay"]


class HomeDay(msgspec.Struct, frozen=True, kw_only=True):
    """One tick. felt, pain_before, pain_after: 0 to 10, None where nothing was said."""

    on: date
    felt: int | None = None
    pain_before: int | None = None
    pain_after: int | None = None

    @property
    def too_painful(self) -> bool:
        rose = (
            self.pain_before is not None
            and self.pain_after is not None
            and self.pain_after - self.pain_before >= PAIN_ROSE_BY
        )
        return rose or (self.felt is not None and self.felt > TOO_PAINFUL_NPRS)

    @property
    def easy(self) -> bool:
        return not self.too_painful and self.felt is not None and self.felt <= EASY_NPRS


class Adherence(msgspec.Struct, frozen=True, kw_only=True):
    """done, meant: days in the last seven, `meant` as the dose asks, None where it asks for none.
    streak: days in a row up to the last tick, the day itself not yet being over. longest: the
    longest row of days that there ever was; it is never lost, so it is what a patient is told.
    week: the last seven days with a tick, oldest first."""

    done: int
    meant: int | None
    streak: int
    step: DoseStep
    longest: int = 0
    week: tuple[date, ...] = ()


def next_step(days: Sequence[HomeDay]) -> DoseStep:
    """Down when two of the last three ticks were too painful, up when the last three were easy.

    days: the ticks since the dose was last changed, oldest first.
    """
    last = days[-EASY_IN_A_ROW:]
    if sum(day.too_painful for day in last) >= TWICE:
        return "down"
    if len(last) == EASY_IN_A_ROW and all(day.easy for day in last):
        return "up"
    return "stay"


def adherence(
    days: Sequence[HomeDay], *, on: date, days_per_week: int | None, changed_on: date | None = None
) -> Adherence:
    """How much was done of one exercise.

    days: its ticks, in any order, two of one day counting once. days_per_week: what the dose asks
    for. changed_on: when the dose was last changed; ticks before it say nothing about the new one.
    """
    ordered = sorted(days, key=lambda day: day.on)
    ticked = {day.on for day in ordered if day.on <= on}
    # Seven days with today, whatever the weekday: nobody begins at nothing on a Monday.
    week = {day for day in ticked if day > on - timedelta(days=7)}
    # Of the step alone. How often it was done is counted over every dose.
    since = [day for day in ordered if changed_on is None or day.on >= changed_on]
    return Adherence(
        done=len(week),
        meant=days_per_week,
        streak=_streak(ticked, on),
        step=next_step(since),
        longest=_longest(ticked),
        week=tuple(sorted(week)),
    )


def _longest(ticked: set[date]) -> int:
    """Each row of days is measured once, from its first day on."""
    longest = 0
    for first in ticked:
        if first - timedelta(days=1) in ticked:
            continue
        day, length = first, 0
        while day in ticked:
            length, day = length + 1, day + timedelta(days=1)
        longest = max(longest, length)
    return longest


def _streak(ticked: set[date], on: date) -> int:
    # Today may still come: yesterday's row is not broken by a morning.
    day = on if on in ticked else on - timedelta(days=1)
    length = 0
    while day in ticked:
        length, day = length + 1, day - timedelta(days=1)
    return length
