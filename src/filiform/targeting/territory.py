"""Where a complaint hurts, how far a source is felt there, which complaint a drawing speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from filiform.anatomy.surface import draw, parse_area, patchwork
from filiform.arrays import Floats
from filiform.targeting.complaints import complaints
from filiform.targeting.network import Skin, network

FAR = 0.02
"""How well a drawing outside a complaint's skin still fits it (design value)."""
ANYWHERE = 0.1
"""How well any drawing fits a complaint without a skin of its own (design value)."""


@cache
def territories() -> Floats:
    """(complaints, patches): the skin of each complaint on both sides, 0 to 1."""
    half = patchwork().count // 2
    rows = []
    for one in complaints().values():
        left = np.zeros(patchwork().count)
        for area in one.where:
            np.maximum(left, draw(parse_area(area)).values, out=left)
        # Complaints have no side; `priors` sees to it.
        rows.append(np.maximum(left, np.roll(left, half)))
    return np.stack(rows)


@cache
def felt_there() -> Floats:
    """(complaints, sources): share of a source's skin that lies in the complaint's, or of the
    complaint's in the source's, whichever is more; 0 where a complaint has no skin of its own."""
    areas = patchwork().areas_cm2
    here = territories()
    felt = network().reached.astype(np.float64)
    half = patchwork().count // 2
    first = np.arange(len(areas)) < half
    sides = np.array([source.side for source in network().sources])
    shared = np.zeros((len(here), len(felt)))
    least = np.zeros_like(shared)
    # Of the complaint only the source's own side counts, else every sided source would miss half of
    # it.
    for side, inside in (("left", first), ("right", ~first), ("midline", np.ones_like(first))):
        some = sides == side
        own = felt[some] * areas * inside
        shared[:, some] = here @ own.T
        # The smaller of both: a joint within a wide complaint and a muscle around a narrow one are
        # felt there alike.
        least[:, some] = np.minimum(
            (here * areas * inside).sum(axis=1)[:, None], own.sum(axis=1)[None]
        )
    return np.asarray(np.where(least > 0, shared / np.maximum(least, 1e-9), 0.0).clip(0, 1))


def meant(drawing: Floats, told: Mapping[str, float]) -> Floats:
    """(complaints): how likely the patient comes with each.

    What was told holds, with its own weights. Else it is guessed: by how often each comes and how
    much of the drawing lies in its skin. Without a drawing only the frequency counts.
    """
    known = list(complaints().values())
    if told:
        return np.array([told.get(one.id, 0.0) for one in known])
    share = np.array([one.share for one in known], dtype=np.float64)
    weight = drawing.astype(np.float64) * network().evidence
    if weight.any():
        inside = territories() @ weight / weight.sum()
        own = np.array([bool(one.where) for one in known])
        # Never quite nothing: people draw beside what they come with.
        share *= np.where(own, FAR + inside**2, ANYWHERE)
    return np.asarray(share / share.sum())


def share_inside(drawing: Skin, complaint: str) -> float:
    """Share of a drawing that lies in a complaint's skin, 0 to 1. drawing (patches), not empty."""
    weight = drawing.astype(np.float64) * network().evidence
    row = list(complaints()).index(complaint)
    return float(territories()[row] @ weight / weight.sum())
