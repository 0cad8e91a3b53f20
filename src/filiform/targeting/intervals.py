"""How sure a figure is: intervals of shares and means, and whether two methods differ.

Wilson 1927 for shares; McNemar's test in its exact form for two methods on the same patients; the
percentile bootstrap over patients for everything else, from a fixed seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from filiform.arrays import Floats, Ints

Z95 = 1.959964
RESAMPLES = 400
SEED = 20
Interval = tuple[float, float]


def wilson(hits: int, n: int) -> Interval:
    """95 % interval of a share; (0, 1) where nobody was counted."""
    if not n:
        return 0.0, 1.0
    share, z2 = hits / n, Z95**2
    middle = share + z2 / (2 * n)
    # The last term keeps a width where all or none of a few were hit.
    half = Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z2 / n)), min(1.0, (middle + half) / (1 + z2 / n))


def mcnemar(first_only: int, second_only: int) -> float:
    """Two-sided probability of a split as uneven as this if both methods were alike; exact."""
    n, few = first_only + second_only, min(first_only, second_only)
    tail = sum(math.comb(n, k) for k in range(few + 1)) / 2.0**n
    return min(1.0, 2 * tail)


def bootstrap(figure: Callable[[Ints], float], patients: int) -> Interval:
    """95 % interval of a figure of some patients, given by their places; drawn again and again."""
    # From the start each time: a page printed anew must not differ by the throw.
    random = np.random.default_rng(SEED)
    drawn = random.integers(0, patients, (RESAMPLES, patients))
    found: Floats = np.array([figure(some) for some in drawn])
    return float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))
