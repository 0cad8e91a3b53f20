"""The question that inference answers, free of bodies and muscles.

    prior ──> source (off, or on in one of its states) ──> findings on it, skin it leaves free
                 │ noisy-OR, with a leak
                 v
              observations, all of them painful

A source is a muscle on one side, or another cause of pain; a state says which of its points are
active. Sources are independent but for satellites, whose prior depends on their key's being on.
"""

from __future__ import annotations

from dataclasses import dataclass

from filiform.arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class RankingProblem:
    """n sources with s states in all, and m painful observations, 0 <= m <= 20.

    first_state (n + 1): source i has the states first_state[i] to first_state[i + 1].
    share (s): probability of a state when its source is on; sums to 1 within a source.
    key (n): the source's key source, or -1. A key itself has none.
    prior (n): probability of being on; for a satellite, while its key is off.
    prior_with_key (n): the same while its key is on.
    on_factor (s), off_factor (n): likelihood of all that depends on this source alone.
    reach (s, m): probability that the state makes an observation painful.
    leak (m): probability that it is painful without any source.
    """

    first_state: Ints
    share: Floats
    key: Ints
    prior: Floats
    prior_with_key: Floats
    on_factor: Floats
    off_factor: Floats
    reach: Floats
    leak: Floats

    def states(self, source: int) -> slice:
        return slice(int(self.first_state[source]), int(self.first_state[source + 1]))

    def followers(self) -> dict[int, list[int]]:
        """Satellites by key."""
        found: dict[int, list[int]] = {}
        for source, key in enumerate(self.key.tolist()):
            if key >= 0:
                found.setdefault(key, []).append(source)
        return found


@dataclass(frozen=True, eq=False)
class Posterior:
    """state (s): probability of each state; source (n): of being on.

    unexplained (m): probability that no source makes the observation painful.
    log_evidence: natural logarithm of the probability of all evidence.
    covered (2^m): probability that the sources explain just these observations, before it is
    known that all of them are painful; bit k of the place stands for observation k.
    """

    state: Floats
    source: Floats
    unexplained: Floats
    log_evidence: float
    covered: Floats
