"""What findings say of a muscle, and what to palpate next.

Findings of one muscle come from one hand in one minute: the strongest counts in full, each further
one of the same result by `repeated` less. So a present finding never lowers its muscle and an
absent one never raises it. A finding stated twice counts once; stated both present and absent it
says nothing; "not sure" says nothing either, and is not asked again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from filiform.targeting.case import PalpationFinding, Side
from filiform.targeting.knowledge import kind_of, parameters

Site = tuple[str, Side]


@dataclass(frozen=True)
class Examined:
    """All that was found in one muscle, or of one nerve root. kinds: what was examined, with its
    result. contradicting: stated both ways. unsure: examined without an answer."""

    muscle: str
    side: Side
    kinds: dict[str, bool]
    contradicting: tuple[str, ...]
    unsure: tuple[str, ...] = ()

    @property
    def done(self) -> frozenset[str]:
        """What need not be asked again."""
        return frozenset((*self.kinds, *self.contradicting, *self.unsure))

    def log_ratio(self) -> float:
        """Natural logarithm of P(findings | active) / P(findings | not active)."""
        ratios = [kind_of(kind).log_ratio(found) for kind, found in self.kinds.items()]
        return _fading(r for r in ratios if r > 0) - _fading(-r for r in ratios if r < 0)

    def with_finding(self, kind: str, present: bool) -> Examined:
        kinds = {**self.kinds, kind: present}
        return Examined(self.muscle, self.side, kinds, self.contradicting, self.unsure)


def _fading(ratios: Iterable[float]) -> float:
    fade = parameters().repeated
    return sum(r * fade**at for at, r in enumerate(sorted(ratios, reverse=True)))


def examined(findings: Iterable[PalpationFinding]) -> dict[Site, Examined]:
    """What was found, by muscle and side."""
    said: dict[Site, dict[str, set[bool]]] = {}
    for one in findings:
        results = said.setdefault((one.muscle, one.side), {}).setdefault(one.finding, set())
        if one.present is not None:
            results.add(one.present)
    return {
        site: Examined(
            *site,
            {kind: next(iter(results)) for kind, results in kinds.items() if len(results) == 1},
            tuple(kind for kind, results in kinds.items() if len(results) > 1),
            tuple(kind for kind, results in kinds.items() if not results),
        )
        for site, kinds in said.items()
    }


def updated(probability: float, log_ratio: float) -> float:
    """A probability after evidence with this likelihood ratio."""
    if probability <= 0 or probability >= 1:
        return probability
    odds = math.log(probability / (1 - probability)) + log_ratio
    return 1 / (1 + math.exp(-odds))
