"""From a drawing to a few independent observations, and what its empty skin says.

Neighbouring patches are no independent evidence. A drawing of so many patches holds about one
observation for every `observation_patches` of middling size, fewer on face and hands where patches
are small, and never more than `most_observations`. Its patches are gathered into that many compact
parts; each part is one painful observation.

Skin that was not drawn is weak evidence, because people who draw one area leave others out: it
counts by `undrawn` and up to `undrawn_limit`. Skin asked about and free counts in full. What lies
next to the drawing counts neither way, for nobody draws that finely.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from filiform.anatomy.surface import PatchWeights, patches, patchwork, surface
from filiform.arrays import Floats, Ints
from filiform.targeting.knowledge import parameters
from filiform.targeting.network import Network, blurred

NORMAL_CM = 3.0
"""Patches that face opposite ways count as lying twice so far apart: a hand has two faces."""
ROUNDS = 4


@dataclass(frozen=True, eq=False)
class Observations:
    """The painful parts.

    patches: those drawn. membership (patches, m): their weights, which sum to 1 in each part.
    size (m): share of the drawing that each part holds.
    """

    patches: Ints
    membership: Floats
    size: Floats

    @property
    def count(self) -> int:
        return len(self.size)


def observe(drawing: PatchWeights, network: Network) -> Observations:
    """The independent painful observations of a drawing; none when it is empty."""
    values = drawing.values.astype(np.float64)
    # What the pen hardly touched carries next to no weight and would only lengthen every sum below.
    some = np.flatnonzero(values > 0.02)
    weight = values[some] * network.evidence[some]
    if not some.size:
        return Observations(some, np.zeros((0, 0)), np.zeros(0))
    count = int(np.clip(round(float(weight.sum())), 1, parameters().most_observations))
    count = min(count, len(some))
    part = _parts(some, weight, count)
    # A seed may end without patches; an observation of no skin must not count.
    used = np.unique(part)
    membership = np.where(part[:, None] == used, weight[:, None], 0.0)
    size = membership.sum(axis=0)
    return Observations(some, membership / size, size / size.sum())


def _parts(some: Ints, weight: Floats, count: int) -> Ints:
    """Compact parts: seeds as far apart as can be, then moved to the middle of what is theirs."""
    where = places()[some]
    middle = np.average(where, axis=0, weights=weight)
    # No lot is drawn for the seeds: the same drawing must give the same numbers each time.
    seeds = [int(_squared(where, middle[None])[:, 0].argmax())]
    nearest = _squared(where, where[seeds])[:, 0]
    for _ in range(count - 1):
        seeds.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, _squared(where, where[seeds[-1:]])[:, 0])
    centres = where[seeds]
    for _ in range(ROUNDS):
        part = _squared(where, centres).argmin(axis=1)
        total = np.bincount(part, weight, count)
        # A part that lost all its patches keeps its centre: divided by no weight it would be no
        # number.
        kept = total > 0
        for axis in range(where.shape[1]):
            sums = np.bincount(part, weight * where[:, axis], count)
            centres[kept, axis] = sums[kept] / total[kept]
    return np.asarray(_squared(where, centres).argmin(axis=1))


def _squared(a: Floats, b: Floats) -> Floats:
    return np.asarray(((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=2))


@cache
def places() -> Floats:
    """Centre and outward direction of each patch, (patches, 6), in cm."""
    skin, work = surface(), patchwork()
    a, b, c = (skin.points[skin.faces[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    out = np.column_stack([np.bincount(work.of_face, across[:, k], work.count) for k in range(3)])
    # Cross products grow with the triangle, so a patch faces where most of its skin does.
    out = out / np.maximum(np.linalg.norm(out, axis=1), 1e-9)[:, None]
    centres = np.array([patch.centre_cm for patch in patches()])
    return np.hstack([centres, NORMAL_CM * out])


def spared(drawing: PatchWeights, free: PatchWeights, network: Network) -> Floats:
    """(states): natural logarithm of the likelihood of all skin without pain, for each state.

    Without a drawing only the skin asked about counts: nobody drew, so nothing was left out.
    """
    set_to = parameters()
    found = np.zeros(len(network.share))
    if free.values.any():
        # No limit here, unlike for undrawn skin: the patient was asked about this place and said
        # no.
        found += set_to.asked_free * network.spares(network.evidence * free.values)
    if drawing.values.any():
        near = np.maximum(blurred(drawing.values), drawing.values)
        # All skin less what is drawn, near it or free: few patches, so quicker than the rest.
        elsewhere = network.evidence * (1 - (1 - near) * (1 - free.values))
        # Never negative but for rounding, in a source that is felt nowhere else.
        against = np.maximum(network.spares(elsewhere) - network.spares_all, 0.0)
        limit = set_to.undrawn_limit
        # In proportion for a little skin, level at the limit: a zone left out is one event however
        # large.
        found -= set_to.undrawn * limit * (1 - np.exp(-against / limit))
    return found
