"""From a case to probabilities of all sources.

Sided sources are answered first, by themselves, and in one of two orientations: of a case and its
mirror image the same one is worked out, so that the answers are exact mirror images. The few
sources of which there is one in the body (heart, appendix) come after, given what the sided ones
explain. So an inner organ never makes a trigger point less probable; it only stands beside it, and
the better the muscles explain the pain, the less the organ is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from filiform.anatomy.surface import patchwork
from filiform.targeting import coverage
from filiform.targeting.case import PainCase
from filiform.targeting.evidence import Observations, observe, spared
from filiform.targeting.examination import Examined, Site, examined
from filiform.targeting.knowledge import parameters
from filiform.targeting.network import Network, network
from filiform.targeting.priors import on_sides, other_source
from filiform.targeting.problem import Floats, Ints, Posterior, RankingProblem


@dataclass(frozen=True, eq=False)
class Inference:
    """prior, source (n): before and after the evidence. state (s): of each state.

    unexplained: expected share of the drawing that no source explains, 0 to 1.
    problem: the sided sources as they were asked about, in the case's own orientation or, where
    `turned`, its mirror image. found: their posterior in that orientation.
    """

    prior: Floats
    source: Floats
    state: Floats
    unexplained: float
    problem: RankingProblem
    found: Posterior
    turned: bool
    examined: dict[Site, Examined]


def infer(case: PainCase) -> Inference:
    """Probabilities of all sources of the body. Pure; the same case gives the same numbers."""
    net = network()
    turned, even = _orientation(case)
    facing = case.mirror() if turned else case
    observations = observe(facing.drawing, net)
    quiet = spared(facing.drawing, facing.free, net)
    sided = _sided(facing, net, observations, quiet)
    found = coverage.posterior(sided)
    if turned:
        quiet = spared(case.drawing, case.free, net)
    middle = _middle(net, observations, quiet, turned=turned)
    beside = coverage.posterior(middle, found.covered)
    return Inference(
        prior=np.concatenate([_facing_back(sided.prior, turned), middle.prior]),
        source=np.concatenate([_facing_back(found.source, turned, even), beside.source]),
        state=np.concatenate([_facing_back(found.state, turned, even), beside.state]),
        unexplained=float(observations.size @ found.unexplained) if observations.count else 0.0,
        problem=sided,
        found=found,
        turned=turned,
        examined=examined(case.findings),
    )


def _orientation(case: PainCase) -> tuple[bool, bool]:
    """Whether the mirror image is worked out instead, and whether both are the same."""
    own, other = _signature(case), _signature(case.mirror())
    return other < own, other == own


def _signature(case: PainCase) -> tuple[bytes, bytes, list[tuple[str, str, str, bool]]]:
    findings = sorted((f.muscle, str(f.side), f.finding, f.present) for f in case.findings)
    return case.drawing.values.tobytes(), case.free.values.tobytes(), findings


def _facing_back(values: Floats, turned: bool, even: bool = False) -> Floats:
    """Values of sided sources or states, left ones first, in the case's own orientation."""
    swapped = np.roll(values, len(values) // 2)
    if even:
        return np.asarray((values + swapped) / 2)
    return swapped if turned else values


def _sided(
    case: PainCase, net: Network, observations: Observations, quiet: Floats
) -> RankingProblem:
    sources, states = net.sided, int(net.first_state[net.sided])
    prior = _priors(case, net)
    with_key, without = _coupled(prior, net.key[:sources])
    ratio = np.zeros(sources)
    for site, seen in examined(case.findings).items():
        ratio[net.place[site]] = seen.log_ratio()
    owner = np.repeat(np.arange(sources), np.diff(net.first_state[: sources + 1]))
    return RankingProblem(
        first_state=net.first_state[: sources + 1],
        share=net.share[:states],
        key=net.key[:sources],
        prior=without,
        prior_with_key=with_key,
        on_factor=np.exp(quiet[:states] + np.minimum(ratio, 0.0)[owner]),
        off_factor=np.exp(-np.maximum(ratio, 0.0)),
        reach=net.hurts[:states, observations.patches] @ observations.membership,
        leak=np.full(observations.count, parameters().leak),
    )


def _middle(
    net: Network, observations: Observations, quiet: Floats, *, turned: bool
) -> RankingProblem:
    """Sources of which there is one; in a mirror image the skin is turned, not the body."""
    first = int(net.first_state[net.sided])
    count = len(net.sources) - net.sided
    drawn = observations.patches
    if turned:
        drawn = (drawn + patchwork().count // 2) % patchwork().count
    prior = np.full(count, other_source(_others(net)))
    return RankingProblem(
        first_state=net.first_state[net.sided :] - first,
        share=net.share[first:],
        key=net.key[net.sided :],
        prior=prior,
        prior_with_key=prior,
        on_factor=np.exp(quiet[first:]),
        off_factor=np.ones(count),
        reach=net.hurts[first:, drawn] @ observations.membership,
        leak=np.full(observations.count, parameters().leak),
    )


def _others(net: Network) -> int:
    return sum(not source.muscular for source in net.sources)


def _priors(case: PainCase, net: Network) -> Floats:
    """Of all sided sources, satellites by what they are on the whole."""
    half = patchwork().count // 2
    drawn = case.drawing.values.astype(np.float64) * net.evidence
    left, whole = math.fsum(drawn[:half]), math.fsum(drawn)
    left_share = left / whole if whole else None
    prior = np.full(net.sided, other_source(_others(net)))
    for at, source in enumerate(net.sources[: net.sided // 2]):
        if source.muscular:
            sides = on_sides(source.id, case.complaint, left_share)
            prior[at], prior[at + net.sided // 2] = sides
    return prior


def _coupled(prior: Floats, keys: Ints) -> tuple[Floats, Floats]:
    """Prior of each source with its key on and off, such that on the whole it stays the same."""
    follows = np.flatnonzero(keys >= 0)
    whole, of_key = prior[follows], prior[keys[follows]]
    odds = parameters().satellite_odds
    low, high = np.zeros_like(whole), whole.copy()
    for _ in range(30):
        off = (low + high) / 2
        more = of_key * odds * off / (1 - off + odds * off) + (1 - of_key) * off > whole
        low, high = np.where(more, low, off), np.where(more, off, high)
    without, with_key = prior.copy(), prior.copy()
    without[follows] = (low + high) / 2
    with_key[follows] = odds * without[follows] / (1 - without[follows] + odds * without[follows])
    return with_key, without
