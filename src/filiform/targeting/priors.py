"""How likely each source is before anything is drawn or palpated.

General prior: every muscle weighs `base_weight` plus what the studies found, averaged over all
complaints of prevalence.tsv and shrunk to the base by `shrink_patients`; the weights are scaled so
that `expected_active` muscles are expected in a patient. By complaint: the pooled share of the
studies on it, shrunk to the general prior, on the painful side.

Only studies of patients count, and only active points ("any" for half). Samples are small and
examiners were rarely blinded: weak weights, no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from filiform.anatomy import Prevalence, atlas
from filiform.targeting.complaints import complaints as known_complaints
from filiform.targeting.complaints import taken
from filiform.targeting.knowledge import parameters

COUNTED = {"active": 1.0, "any": 0.5}
HEALTHY = ("healthy", "asymptomatic", "free", "controls", "medial arch")
UNKNOWN_SAMPLE = 20
"""Patients assumed behind a percentage whose study gives no number (design value)."""
LEAST, MOST = 1e-4, 0.9


@cache
def complaints() -> dict[str, tuple[Prevalence, ...]]:
    """Rows with a number, of patients, by complaint."""
    found: dict[str, tuple[Prevalence, ...]] = {}
    for row in atlas().prevalence:
        usable = row.percent_low is not None and row.trp_status in COUNTED
        if usable and not any(word in row.complaint for word in HEALTHY):
            found[row.complaint] = (*found.get(row.complaint, ()), row)
    return found


def matching(complaint: str) -> tuple[str, ...]:
    """Complaints of the table in which muscles were counted for what a complaint means."""
    found = taken(complaint)
    wanted = [*found, *(known_complaints()[other] for one in found for other in one.counts_of)]
    return tuple(name for one in wanted for name in one.studied_as if name in complaints())


@cache
def general() -> dict[str, float]:
    """Prior of each muscle on one side, when nothing is known of the complaint."""
    set_to, known = parameters(), complaints()
    weights = dict.fromkeys(atlas().muscles, set_to.base_weight)
    for rows in known.values():
        for muscle, share in _pooled(rows, dict.fromkeys(weights, set_to.base_weight)).items():
            weights[muscle] += max(share - set_to.base_weight, 0.0) / len(known)
    expected = set_to.expected_active * (1 - set_to.other_sources_share)
    scale = expected / (2 * sum(weights.values()))
    return {muscle: _bounded(weight * scale) for muscle, weight in weights.items()}


def other_source(sources: int) -> float:
    """Prior of each joint, root, nerve or viscus, of so many in all (design value)."""
    set_to = parameters()
    return set_to.expected_active * set_to.other_sources_share / sources


@lru_cache(maxsize=256)
def by_complaint(complaint: str) -> dict[str, float]:
    """Share of patients in whom a muscle on the painful side is active; only those studied."""
    rows = [row for name in matching(complaint) for row in complaints()[name]]
    return _pooled(rows, {muscle: 2 * prior for muscle, prior in general().items()})


def _pooled(rows: Iterable[Prevalence], towards: dict[str, float]) -> dict[str, float]:
    """Shares by muscle: studies weighted by their patients, shrunk to `towards`."""
    patients: dict[str, float] = {}
    positive: dict[str, float] = {}
    for row in rows:
        counted = COUNTED[row.trp_status] * (row.n or UNKNOWN_SAMPLE)
        share = ((row.percent_low or 0.0) + (row.percent_high or 0.0)) / 200
        patients[row.muscle_id] = patients.get(row.muscle_id, 0.0) + counted
        positive[row.muscle_id] = positive.get(row.muscle_id, 0.0) + counted * share
    shrink = parameters().shrink_patients
    return {
        muscle: (positive[muscle] + shrink * towards[muscle]) / (count + shrink)
        for muscle, count in patients.items()
    }


def on_sides(muscle: str, complaint: str, left_share: float | None) -> tuple[float, float]:
    """Priors of a muscle on the left and on the right.

    left_share: how much of the drawing lies on the left, 0 to 1; None when nothing is drawn.
    """
    base = general()[muscle]
    studied = by_complaint(complaint).get(muscle) if complaint else None
    if studied is None:
        return base, base
    if left_share is None:
        return _bounded(studied / 2), _bounded(studied / 2)
    most = parameters().affected_side
    shares = (left_share, 1 - left_share)
    left, right = (1 - most + (2 * most - 1) * min(1.0, 2 * share) for share in shares)
    return _bounded(studied * left), _bounded(studied * right)


def _bounded(chance: float) -> float:
    return min(max(chance, LEAST), MOST)
