"""Simpler ways to rank, to show what the model is worth.

overlap: how much of drawing and zone coincide. nearest: the trigger point nearest to the middle of
the pain. naive_bayes: one cause only, every patch counted as evidence by itself.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from filiform.anatomy import atlas
from filiform.anatomy.surface import locate, mirrored, parse_point, patchwork
from filiform.arrays import Floats
from filiform.targeting.case import PainCase
from filiform.targeting.complaints import weights
from filiform.targeting.evidence import places
from filiform.targeting.examination import examined
from filiform.targeting.knowledge import parameters
from filiform.targeting.network import network
from filiform.targeting.priors import priors

PATCH_LEAK = 0.02
"""Naive Bayes: chance that a patch is painful without the cause (design value)."""


def overlap(case: PainCase) -> Floats:
    """(n): shared skin of drawing and zones as a share of what either covers."""
    zones, areas = network().reached, patchwork().areas_cm2
    drawn = case.drawing.values
    some = np.flatnonzero(drawn)
    both = np.minimum(zones[:, some], drawn[some]) @ areas[some]
    either = _zone_cm2() + float(drawn @ areas) - both
    return np.asarray(both / np.maximum(either, 1e-9), dtype=np.float64)


@cache
def _zone_cm2() -> Floats:
    return np.asarray(network().reached @ patchwork().areas_cm2, dtype=np.float64)


def nearest(case: PainCase) -> Floats:
    """(n): nearness of each muscle's trigger point to the middle of the largest painful part."""
    drawn = case.drawing.values.astype(np.float64) * patchwork().areas_cm2
    if not drawn.any():
        return np.zeros(len(network().sources))
    where = places()[:, :3]
    middle = np.average(where, axis=0, weights=drawn)
    on_skin = where[np.flatnonzero(drawn)]
    # The middle of pain around an arm lies inside it; the nearest painful skin is taken.
    middle = on_skin[np.linalg.norm(on_skin - middle, axis=1).argmin()]
    return np.asarray(-np.nanmin(np.linalg.norm(_trigger_points() - middle, axis=2), axis=1))


@cache
def _trigger_points() -> Floats:
    """(n, points, 3): sites of trigger points in cm, far away where there is none."""
    net = network()
    most = max(len(source.points) for source in net.sources)
    # Ten kilometres off: a source without points is last and needs no case of its own.
    sites = np.full((len(net.sources), most, 3), 1e6)
    for at, source in enumerate(net.sources):
        for place, number in enumerate(source.points):
            point = atlas().muscles[source.id].trigger_point(number)
            spot = locate(parse_point(point.site_point))
            sites[at, place] = (mirrored(spot) if source.side == "right" else spot).at()
    return sites


def naive_bayes(case: PainCase) -> Floats:
    """(n): probability of each source if just one were active and all patches independent."""
    net = network()
    drawn = (case.drawing.values > 0.5).astype(np.float64)
    # A chance of 0 or 1 would let one patch decide against all others.
    hurts = np.clip(net.reached * parameters().essential, PATCH_LEAK, 0.95)
    score = np.log(hurts) @ drawn + np.log1p(-hurts) @ (1 - drawn)
    before = priors(case.drawing.values.astype(np.float64), weights(case.complaint), 0.5)
    prior = np.concatenate([before.sided, before.middle])
    score = score + np.log(prior)
    for site, seen in examined(case.findings).items():
        score[net.place[site]] += seen.log_ratio()
    # Of hundreds of patches the sum of logarithms is far below what exp can hold.
    likelihood = np.exp(score - score.max())
    return np.asarray(likelihood / likelihood.sum())
