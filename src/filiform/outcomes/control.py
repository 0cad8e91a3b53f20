"""Has something changed? Charts for events that are rare, and how sure an answer is.

Every function reads treatments in the order of time, each with or without an event:

    g chart        how many treatments lay between events: quick to read, each point on its own
    CUSUM          gathers small signs: finds a doubled rate earliest, and says since when
    change point   the probability that the rate changed at all, and between which treatments
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log, log1p

import msgspec
import numpy as np

from filiform.arrays import Floats, Ints

OUTSIDE = 0.005
"""On either side of a g chart: the chance that a point lies outside by luck (design value)."""
SURE = 0.05
"""A CUSUM rings when luck alone would climb as high less often than this (design value)."""
PRIOR = 0.5
"""Both parameters of the Beta prior of a rate (Jeffreys): it favours no rate."""


class Gap(msgspec.Struct, frozen=True):
    """One event. at: number of its treatment, from 1. gap: treatments since the event before it,
    this one included. luck: how often chance gives one as extreme. sign: "" within the limits,
    "sooner" (events come more often) or "later"."""

    at: int
    gap: int
    luck: float
    sign: str


class GChart(msgspec.Struct, frozen=True):
    """rate: the share of treatments with an event that the limits rest on. middle: the median
    gap. low: gaps at or below it are a sign; 0 where no gap can be short enough. high: likewise."""

    gaps: tuple[Gap, ...]
    rate: float
    middle: float
    low: int
    high: int


def g_chart(events: Sequence[bool], rate: float) -> GChart:
    """Gaps between events against the geometric distribution of a rate.

    rate: over 0, below 1; a published one, or that of an earlier period: limits from the same data
    hide what they look for. The usual three sigma fit no geometric distribution, so the limits are
    its own quantiles. Source: Benneyan JC. Health Care Manag Sci 2001;4:305-18.
    """
    if not 0 < rate < 1:
        raise ValueError(f"rate: got {rate:g}; allowed: between 0 and 1")
    each = log1p(-rate)  # log of the chance that a treatment passes without an event
    # k treatments pass without an event with (1 - rate)^k. At or below `low` so few gaps are as
    # short, at or above `high` so few as long.
    low = int(log1p(-OUTSIDE) / each)
    high = int(np.ceil(log(OUTSIDE) / each)) + 1
    gaps, before = [], 0
    for at, happened in enumerate(events, start=1):
        if not happened:
            continue
        gap = at - before
        # expm1: 1 - exp would lose the digits of a chance that is next to nothing.
        sooner, later = -float(np.expm1(gap * each)), float(np.exp((gap - 1) * each))
        sign = "sooner" if gap <= low else "later" if gap >= high else ""
        gaps.append(Gap(at, gap, min(sooner, later), sign))
        before = at
    return GChart(tuple(gaps), rate, log(0.5) / each, low, high)


class Cusum(msgspec.Struct, frozen=True):
    """path: after each treatment, in events more than the reference lets pass. highest: of it.
    luck: the chance that so many treatments at the usual rate climb as high. since: number of the
    treatment at which the climb to the highest point began; None when there is no climb."""

    path: tuple[float, ...]
    highest: float
    luck: float
    since: int | None

    @property
    def rings(self) -> bool:
        return self.luck <= SURE


def cusum(events: Sequence[bool], rate: float, times: float = 2.0) -> Cusum:
    """Bernoulli CUSUM against a usual rate, tuned to find one `times` as high.

    The reference is rounded to one over a whole number, so that the path walks on a lattice and
    the chance of a false alarm is exact, not an approximation.
    Source: Reynolds MR, Stoumbos ZG. J Qual Technol 1999;31:87-108.
    """
    per_event = _lattice(rate, times)
    height, top, start, since = 0, 0, 0, None
    path = []
    for at, happened in enumerate(events, start=1):
        # On the ground: whatever came before is forgotten, and a climb begins here.
        if height == 0:
            start = at
        height = max(0, height + (per_event - 1 if happened else -1))
        path.append(height / per_event)
        if height > top:
            top, since = height, start
    luck = chance_to_reach(top, len(events), rate, per_event) if top else 1.0
    return Cusum(tuple(path), top / per_event, luck, since)


def _lattice(rate: float, times: float) -> int:
    """Steps down that undo one event, a whole number of at least 2."""
    if not (times > 1 and rate > 0 and rate * times < 1):
        raise ValueError(
            f"rate {rate:g}, times {times:g}: the usual rate and its multiple lie between 0 and 1"
        )
    # What a treatment with an event says for the higher rate against the usual one, and what one
    # without says for the usual: `up / down` quiet treatments outweigh one event.
    up = log(times * (1 - rate) / (1 - rate * times))
    down = log((1 - rate) / (1 - rate * times))
    return max(2, round(up / down))


def chance_to_reach(height: int, treatments: int, rate: float, per_event: int) -> float:
    """Chance that the path at the usual rate stands at `height` or above at some treatment.

    height: steps of the lattice, over 0. The path's distribution is carried on exactly.
    """
    here = np.zeros(height)
    here[0] = 1.0
    for _treatment in range(treatments):
        after = np.zeros(height)
        # On the ground a quiet treatment changes nothing.
        after[0] += (1 - rate) * here[0]
        after[:-1] += (1 - rate) * here[1:]
        if per_event - 1 < height:
            after[per_event - 1 :] += rate * here[: height - per_event + 1]
        # What left at the top has reached it, and is not followed any more.
        here = after
    return float(min(1.0, max(0.0, 1.0 - here.sum())))


class Change(msgspec.Struct, frozen=True):
    """probability: that the rate changed at all, half before anything is seen. at: the most likely
    first treatment after it, within first and last with 90 %. before, after: posterior means."""

    probability: float
    at: int
    first: int
    last: int
    before: float
    after: float


def change_point(events: Sequence[bool]) -> Change | None:
    """Where the rate changed, if it did. None with fewer than two treatments.

    One change, anywhere alike; each rate with its own Beta prior, integrated out.
    """
    n = len(events)
    if n < 2:
        return None
    sums: Ints = np.concatenate(([0], np.cumsum(np.asarray(events, dtype=np.int64))))
    cut: Ints = np.arange(1, n, dtype=np.int64)
    left, total = sums[1:n], int(sums[n])
    weigh = _Evidence(n)
    split = weigh.log(left, cut) + weigh.log(total - left, n - cut)
    weights = np.exp(split - split.max())
    # Every place is as likely beforehand; the largest is taken out, or all weights would be 0.
    changed = float(split.max() + np.log(weights.sum()) - log(n - 1))
    same = float(weigh.log(np.array([total]), np.array([n]))[0])
    posterior = weights / weights.sum()
    reached = np.cumsum(posterior)
    best = int(np.argmax(posterior))
    return Change(
        # exp of more than 709 overflows.
        probability=float(1 / (1 + np.exp(min(700.0, same - changed)))),
        at=int(cut[best]) + 1,
        first=int(cut[int(np.searchsorted(reached, 0.05))]) + 1,
        last=int(cut[min(n - 2, int(np.searchsorted(reached, 0.95)))]) + 1,
        before=float((left[best] + PRIOR) / (cut[best] + 2 * PRIOR)),
        after=float((total - left[best] + PRIOR) / (n - cut[best] + 2 * PRIOR)),
    )


class _Evidence:
    """Chance of a very sequence of events, over all rates with Jeffreys' prior.

    It is B(k + 1/2, n - k + 1/2) / B(1/2, 1/2); with these parameters the gamma functions are
    running products, so that one sum of logarithms serves every cut.
    """

    def __init__(self, most: int) -> None:
        steps = np.arange(most, dtype=np.float64)
        self.half = np.concatenate(([0.0], np.cumsum(np.log(steps + PRIOR))))
        self.whole = np.concatenate(([0.0], np.cumsum(np.log(steps + 1))))

    def log(self, events: Ints, of: Ints) -> Floats:
        found: Floats = self.half[events] + self.half[of - events] - self.whole[of]
        return found
