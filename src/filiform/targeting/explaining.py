"""The few most probable joint explanations of a drawing.

Of the most probable sources every combination is weighed, with all other sources in whatever state
they are: the answer is the probability that of these candidates just those are active.
"""

from __future__ import annotations

import numpy as np

from filiform.targeting import coverage
from filiform.targeting.answer import Active, Explanation
from filiform.targeting.inference import Inference
from filiform.targeting.network import Network

CANDIDATES = 5
LEAST = 0.03
SHOWN = 5
ROUGHLY = 0.5
"""Sets are told in whole percent: sources that change less than that are left aside."""


def explanations(found: Inference, net: Network) -> tuple[Explanation, ...]:
    """At most five, most probable first; none when no source stands out."""
    # Organs are not weighed against muscles, so no set may hold one beside them.
    source = found.source[: net.sided]
    order = np.argsort(-source, kind="stable")[:CANDIDATES]
    candidates = [int(at) for at in order if source[at] >= LEAST]
    if not candidates:
        return ()
    # The problem was worked out for the mirror image; its left is this patient's right.
    asked = [int(net.mirror[at]) if found.turned else at for at in candidates]
    sets = coverage.combinations(found.problem, asked, negligible=ROUGHLY)
    best = sorted(sets.items(), key=lambda entry: (-entry[1], entry[0]))[:SHOWN]
    return tuple(
        Explanation(
            tuple(
                Active(net.sources[at].id, net.sources[at].side)
                for at, one in zip(candidates, asked, strict=True)
                if one in active
            ),
            chance,
        )
        for active, chance in best
    )
