"""How likely each source is before anything is drawn or palpated.

Muscles: what studies counted in a complaint, pooled over muscles and complaints (`pooling`): only
patients, and active points; of points counted active and latent together the share that is active
where both were counted. A muscle that nobody looked for in a complaint has its own share on the
whole, less for not having been looked for, as far as its pain is felt where the complaint hurts.

Joints, nerves and organs: how often they are the source among patients of a physiotherapist
(other_sources.tsv), gathered in the complaints in whose skin they are felt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from filiform.anatomy import Prevalence, atlas
from filiform.arrays import Floats
from filiform.targeting.complaints import KnownComplaint
from filiform.targeting.complaints import complaints as known_complaints
from filiform.targeting.knowledge import other_sources, parameters
from filiform.targeting.network import network
from filiform.targeting.pooling import FeltCount, Pooled, Pooling, pooled
from filiform.targeting.territory import felt_there, meant

COUNTED = ("active", "any")
HEALTHY = "no-complaint"
OTHER_COUNTS = ("share in which TrPs reproduced", "share of patients with both sides involved")
"""Notes of rows that count something else: a referral (it stands in referral_frequency.tsv), or
both sides of a muscle for which patients were chosen."""
UNKNOWN_SAMPLE = 20
"""Patients assumed behind a percentage whose study gives no number (design value)."""
OF_BOTH_KINDS = 0.5
"""Weight of a patient counted for active and latent points together (design value)."""
LEAST, MOST = 1e-6, 0.9

Cell = tuple[str, str]


@cache
def counts() -> dict[Cell, FeltCount]:
    """What was counted, by muscle and complaint; studies and sides of one complaint together."""
    found: dict[Cell, FeltCount] = {}
    for (muscle, complaint, _study), rows in _by_study().items():
        one = _count(rows)
        before = found.get((muscle, complaint), FeltCount(0, 0))
        found[muscle, complaint] = FeltCount(before.felt + one.felt, before.n + one.n)
    return found


def _by_study() -> dict[tuple[str, str, str], list[Prevalence]]:
    found: dict[tuple[str, str, str], list[Prevalence]] = {}
    for row in atlas().prevalence:
        usable = row.percent_low is not None and row.trp_status in COUNTED
        complaint = _complaint_of(row)
        # The prior is of the painful side; the other side's follows from `affected_side`.
        usable = usable and row.side != "unaffected"
        if usable and complaint != HEALTHY and not row.note.startswith(OTHER_COUNTS):
            # Two groups of one study are different patients, so the study's own words for them part
            # them.
            found.setdefault((row.muscle_id, complaint, row.study + row.complaint), []).append(row)
    return found


def _complaint_of(row: Prevalence) -> str:
    return next(one.id for one in known_complaints().values() if row.complaint in one.studied_as)


def _count(rows: list[Prevalence]) -> FeltCount:
    """Rows of one study, one muscle: of both sides the mean, since the patients are the same."""
    # Where a study told active points apart, its "any" holds the same patients once more.
    active = [row for row in rows if row.trp_status == "active"]
    if not active:
        one = _mean(rows)
        return FeltCount(one.felt * active_of_any() * OF_BOTH_KINDS, one.n * OF_BOTH_KINDS)
    return _mean(active)


def _mean(rows: list[Prevalence]) -> FeltCount:
    # The rows are left and right of the same people: a sum would make two patients of each.
    n = max(row.n or UNKNOWN_SAMPLE for row in rows)
    share = sum(_share(row) for row in rows) / len(rows)
    return FeltCount(share * n, float(n))


def _share(row: Prevalence) -> float:
    return ((row.percent_low or 0.0) + (row.percent_high or 0.0)) / 200


@cache
def active_of_any() -> float:
    """Share of trigger points that are active, in the studies that counted active and latent ones
    in the same muscles of the same patients."""
    by_kind: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in atlas().prevalence:
        if row.percent_low is not None and row.trp_status in ("active", "latent") and row.n:
            cell = by_kind.setdefault((row.muscle_id, row.complaint, row.study), {})
            cell[row.trp_status] = _share(row) * row.n
    both = [cell for cell in by_kind.values() if len(cell) == 2]
    active = sum(cell["active"] for cell in both)
    return active / (active + sum(cell["latent"] for cell in both))


def pooling() -> Pooling:
    """As fitted by tools/targeting/pool.py."""
    set_to = parameters()
    return Pooling(set_to.pooled_mean, set_to.pooled_between, set_to.pooled_within)


@cache
def by_muscle() -> dict[str, tuple[tuple[str, ...], Pooled]]:
    """For each muscle: the complaints in which it was counted, and its pooled shares."""
    found = {}
    for muscle in atlas().muscles:
        cells = {complaint: one for (m, complaint), one in counts().items() if m == muscle}
        found[muscle] = tuple(cells), pooled(cells.values(), pooling())
    return found


@dataclass(frozen=True, eq=False)
class SidedPriors:
    """Of the left and the right member of every sided source, and of those of the middle."""

    sided: Floats
    middle: Floats


@cache
def by_complaint() -> Floats:
    """(complaints, sources on the left and in the middle): chance in a patient with a complaint,
    on the painful side."""
    net = network()
    # A column of the left stands for both sides; `priors` shares it out by what is drawn.
    some = np.concatenate([np.arange(net.sided // 2), np.arange(net.sided, len(net.sources))])
    reach = felt_there()[:, some]
    share = np.array([one.share for one in known_complaints().values()]) / 1000
    table = np.zeros_like(reach)
    for at, place in enumerate(some.tolist()):
        source = net.sources[place]
        column = _muscle(source.id, reach[:, at]) if source.muscular else None
        table[:, at] = _other(source.id, reach[:, at], share) if column is None else column
    return np.asarray(table.clip(LEAST, MOST))


def _muscle(muscle: str, reach: Floats) -> Floats:
    set_to = parameters()
    counted, shares = by_muscle()[muscle]
    seen = dict(zip(counted, shares.cells, strict=True))
    unseen = shares.whole * (set_to.elsewhere + (set_to.not_looked_for - set_to.elsewhere) * reach)
    known = list(known_complaints().values())
    return np.array([_seen(one, seen, float(unseen[at])) for at, one in enumerate(known)])


def _seen(complaint: KnownComplaint, seen: dict[str, float], unseen: float) -> float:
    """The counted share of the complaint, or of those whose counts hold for it, the mean."""
    own = [seen[name] for name in (complaint.id, *complaint.counts_of) if name in seen]
    return sum(own) / len(own) if own else unseen


def _other(source: str, reach: Floats, share: Floats) -> Floats:
    """Patients with this source come with the complaints in whose skin it is felt."""
    known = other_sources()
    whole = known[source, ""]
    reached = float(share @ reach)
    # Over the mean reach, so that over all patients the source is as frequent as the table says.
    spread = whole * reach / reached if reached > 0 else np.full(len(reach), whole)
    named = [known.get((source, one)) for one in known_complaints()]
    own = (1.0 if one is None else one for one in named)
    return np.array(
        [
            # A figure for the complaint itself was counted there; it only raises.
            float(value) if told is None else max(float(value), set_)
            # A source felt in one rare complaint only would pass 1 there; no spread figure is
            # believed beyond 0.4.
            for value, told, set_ in zip(np.minimum(spread, 0.4), named, own, strict=True)
        ]
    )


def priors(drawing: Floats, told: Mapping[str, float], left_share: float | None) -> SidedPriors:
    """Priors of all sources.

    drawing (patches): what is drawn, 0 to 1. told: how likely each complaint is by what was
    told (`complaints.weights`), empty when nothing was: then the drawing tells. The chances of the
    complaints are mixed, never added. left_share: how much of the drawing lies on the left, 0
    to 1; None when nothing is drawn.
    """
    net = network()
    chance = meant(drawing, told) @ by_complaint()
    here, middle = chance[: net.sided // 2], chance[net.sided // 2 :]
    if left_share is None:
        # The chance is that of the painful side, and nothing says which one that is.
        both = np.concatenate([here, here]) / 2
    else:
        most = parameters().affected_side
        left, right = (
            # With half of the drawing a side counts as painful in full: both do when both hurt
            # alike.
            1 - most + (2 * most - 1) * min(1.0, 2 * part)
            for part in (left_share, 1 - left_share)
        )
        both = np.concatenate([here * left, here * right])
    return SidedPriors(both.clip(LEAST, MOST), middle)
