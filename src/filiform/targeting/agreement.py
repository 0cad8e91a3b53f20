"""How far two examiners agree beyond chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 10
"""Below this many pairs kappa says nothing and is not given (design value)."""


@dataclass(frozen=True)
class Agreement:
    """same: share of equal answers. kappa: Cohen's, -1 to 1, None where it is not defined or too
    few pairs stand behind it. low, high: its 95 % interval (large-sample formula)."""

    pairs: int
    same: float
    kappa: float | None
    low: float | None
    high: float | None


def agreement(pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    """Cohen's kappa of yes-or-no answers. Cohen 1960; the interval is his own large-sample
    one, sqrt(p (1 - p) / n) / (1 - chance)."""
    count = len(pairs)
    if not count:
        return Agreement(0, 0.0, None, None, None)
    same = sum(a == b for a, b in pairs) / count
    first = sum(a for a, _ in pairs) / count
    second = sum(b for _, b in pairs) / count
    chance = first * second + (1 - first) * (1 - second)
    # Both always said the same one thing: agreement by chance is complete and kappa has no value.
    if count < FEWEST or chance >= 1:
        return Agreement(count, same, None, None, None)
    kappa = (same - chance) / (1 - chance)
    wide = 1.96 * math.sqrt(same * (1 - same) / count) / (1 - chance)
    return Agreement(count, same, kappa, max(-1.0, kappa - wide), min(1.0, kappa + wide))
