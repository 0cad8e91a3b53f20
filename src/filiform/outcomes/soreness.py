"""Soreness after a needle by the hour, and how long until it is gone.

Nobody is asked every hour: soreness that was there at 24 hours and not at 72 went some time
between them. Such times are intervals, and the last one is open when it is still there.

  answer   3      1        0            ⎫
  hour    24     72      168            ⎬──▶ gone after 72, by 168
                  └─────────┘           ⎭
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from math import inf

import msgspec
import numpy as np

from filiform.arrays import Floats
from filiform.outcomes.rates import EventRate, rate

ENOUGH = 1e-7
"""The estimate has settled when no mass moves by more than this in one round."""
MOST_ROUNDS = 5000


class SoreAnswer(msgspec.Struct, frozen=True):
    """hour: since the needling, 0 or more. nprs: 0 to 10."""

    hour: float
    nprs: int


class GoneBetween(msgspec.Struct, frozen=True):
    """Still there at `after`, not any more at `by`, in hours; by is None while it is still there.
    Never sore at any answer: gone after 0, by the first answer."""

    after: float
    by: float | None


class GoneShare(msgspec.Struct, frozen=True):
    """By an hour: certainly gone (`by` reached), possibly gone (`after` passed), and the estimate
    between both. low, high: Wilson's bounds of the two, so that neither chance nor what nobody
    asked is left out."""

    hour: float
    certain: EventRate
    possible: EventRate
    estimate: float
    low: float
    high: float


def gone_between(answers: Iterable[SoreAnswer]) -> GoneBetween | None:
    """Between which answers soreness went; None without an answer. Soreness that comes back counts
    as there: what counts is the last time it was felt. Raises ValueError for an answer outside."""
    ordered = sorted(answers, key=lambda one: one.hour)
    for one in ordered:
        if one.hour < 0 or not 0 <= one.nprs <= 10:
            raise ValueError(f"got {one.nprs} at {one.hour:g} h; allowed: 0 to 10, from hour 0 on")
    if not ordered:
        return None
    sore = [one.hour for one in ordered if one.nprs > 0]
    after = sore[-1] if sore else 0.0
    free = [one.hour for one in ordered if one.nprs == 0 and (not sore or one.hour > after)]
    return GoneBetween(after, free[0] if free else None)


def turnbull(
    intervals: Sequence[GoneBetween], *, rounds: int = MOST_ROUNDS
) -> tuple[tuple[float, float, float], ...]:
    """The estimate that makes the intervals most likely: (after, by, mass), masses adding to 1.

    by is inf for soreness that outlasted every answer. Mass lies only in the innermost intervals;
    where inside them nobody can say. Self-consistency, started evenly. Source: Turnbull BW. J R
    Stat Soc B 1976;38:290-5.
    """
    counted = Counter((one.after, inf if one.by is None else one.by) for one in intervals)
    if not counted:
        return ()
    cells = _innermost(counted)
    pairs = list(counted)
    lows = np.array([pair[0] for pair in pairs])[:, None]
    highs = np.array([pair[1] for pair in pairs])[:, None]
    inside = (lows <= np.array([c[0] for c in cells])) & (np.array([c[1] for c in cells]) <= highs)
    masses = _settled(
        inside.astype(float), np.array([counted[pair] for pair in pairs], float), rounds
    )
    return tuple((*cell, float(mass)) for cell, mass in zip(cells, masses, strict=True))


def _innermost(pairs: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """A beginning followed at once by an end, when all of them stand in order."""
    # At one hour an end comes before a beginning: (0, 24] and (24, 72] share no moment.
    ends = sorted({(high, 0) for _, high in pairs} | {(low, 1) for low, _ in pairs})
    return [
        (hour, following)
        for (hour, begins), (following, next_begins) in itertools.pairwise(ends)
        if begins and not next_begins
    ]


def _settled(inside: Floats, weights: Floats, rounds: int) -> Floats:
    masses = np.full(inside.shape[1], 1 / inside.shape[1])
    for _ in range(rounds):
        # Everybody is shared out among the cells of their interval, as the last round weighs them.
        shares = inside * masses
        shares /= shares.sum(axis=1, keepdims=True)
        fresh = weights @ shares / weights.sum()
        if np.abs(fresh - masses).max() < ENOUGH:
            return np.asarray(fresh, float)
        masses = fresh
    return masses


def shares_gone(intervals: Sequence[GoneBetween], hours: Iterable[float]) -> tuple[GoneShare, ...]:
    """How many are rid of it by each hour; nothing without intervals."""
    cells = turnbull(intervals)
    return tuple(_share(intervals, cells, hour) for hour in hours) if cells else ()


def _share(
    intervals: Sequence[GoneBetween], cells: Sequence[tuple[float, float, float]], hour: float
) -> GoneShare:
    of = len(intervals)
    certain = rate(sum(one.by is not None and one.by <= hour for one in intervals), of)
    possible = rate(sum(one.after < hour for one in intervals), of)
    # A cell that the hour lies in is cut evenly: inside it nothing is known.
    estimate = sum(mass * _part_of(after, by, hour) for after, by, mass in cells)
    return GoneShare(
        hour=hour,
        certain=certain,
        possible=possible,
        estimate=min(max(estimate, certain.events / of), possible.events / of),
        low=certain.low,
        high=possible.high if possible.events else 0.0,
    )


def _part_of(after: float, by: float, hour: float) -> float:
    if hour >= by:
        return 1.0
    if hour <= after or by == inf:
        return 0.0
    return (hour - after) / (by - after)
