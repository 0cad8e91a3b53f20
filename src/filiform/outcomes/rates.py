"""How often something happens, with what that number is worth.

A share is never given without its denominator and interval. Nothing seen is not "never": zero of n
is told with the bound below which the true share lies.
"""

from __future__ import annotations

from math import sqrt
from typing import Literal

import msgspec

Z_95 = 1.959963984540054
"""Two-sided 95 % of the normal distribution."""
FEW = 30
"""Below so many nothing is compared with published rates: the interval says next to nothing
(design value)."""

RateComparison = Literal["higher", "lower", "alike", "too-few"]


class EventRate(msgspec.Struct, frozen=True):
    """events of `of`; share, low and high from 0 to 1. Of nothing, share is None and the interval
    is everything."""

    events: int
    of: int
    share: float | None
    low: float
    high: float


def rate(events: int, of: int) -> EventRate:
    """A share with its 95 % interval: Wilson's; for zero events the rule of three.

    Raises ValueError for more events than there were chances. Sources: Wilson EB. J Am Stat Assoc
    1927;22:209-12; Hanley JA, Lippman-Hand A. JAMA 1983;249:1743-5.
    """
    if not 0 <= events <= of:
        raise ValueError(f"events: got {events} of {of}; allowed: 0 to {of}")
    if of == 0:
        return EventRate(0, 0, None, 0.0, 1.0)
    if events == 0:
        # Wilson's bound for zero is two-sided; what is asked is "how bad can it be", one-sided.
        return EventRate(0, of, 0.0, 0.0, min(1.0, 3 / of))
    low, high = wilson(events, of)
    return EventRate(events, of, events / of, low, high)


def wilson(events: int, of: int, z: float = Z_95) -> tuple[float, float]:
    """Bounds p with |events/of - p| = z sqrt(p (1 - p) / of): the shares not refuted by what was
    seen. of > 0."""
    seen, spread = events / of, z * z / of
    middle = (seen + spread / 2) / (1 + spread)
    half = z * sqrt(seen * (1 - seen) / of + spread / (4 * of)) / (1 + spread)
    # At the ends rounding would leave a hair beside 0 and 1.
    return (middle - half if events else 0.0), (middle + half if events < of else 1.0)


def standing(ours: EventRate, published: EventRate) -> RateComparison:
    """Ours beside a published one: only intervals that don't overlap are called different.

    Stricter than a test of the difference: a clinic must not be called worse by luck.
    """
    # Of ours alone: a published series is as large as it is.
    if ours.of < FEW:
        return "too-few"
    if ours.low > published.high:
        return "higher"
    if ours.high < published.low:
        return "lower"
    return "alike"
