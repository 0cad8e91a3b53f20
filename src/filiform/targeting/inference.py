"""From a case to probabilities of all sources.

Sided sources are answered first, by themselves, and in one of two orientations: of a case and its
mirror image the same one is worked out, so that the answers are exact mirror images. The few
sources of which there is one in the body (heart, appendix) come after, given what the sided ones
explain. So an inner organ never makes a trigger point less probable; it only stands beside it, and
the better the muscles explain the pain, the less the organ is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from filiform.anatomy.surface import PatchWeights, patchwork
from filiform.arrays import Floats, Ints
from filiform.targeting import coverage
from filiform.targeting.case import PainCase, PalpationFinding
from filiform.targeting.complaints import weights
from filiform.targeting.evidence import Observations, observe, spared
from filiform.targeting.examination import Examined, Site, examined
from filiform.targeting.knowledge import parameters
from filiform.targeting.network import Network, network
from filiform.targeting.priors import SidedPriors, priors
from filiform.targeting.problem import Posterior, RankingProblem

MOSTLY = 0.75
"""Share of an observation on one side from which it belongs to that side (design value)."""


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
    before = _priors(facing, net)
    sided = _sided(facing, net, observations, quiet, before.sided)
    found = coverage.posterior(sided)
    if turned:
        # Of the case as it is: a drawing can be turned, the heart can't.
        quiet = spared(case.drawing, case.free, net)
    middle = _middle(net, observations, quiet, before.middle, turned=turned)
    kept = _one_side(observations)
    # It starts from what the sided sources explain already, so it never takes anything from them.
    beside = coverage.posterior(_only(middle, kept), _marginal(found.covered, kept))
    source = np.concatenate([_facing_back(found.source, turned, even), beside.source])
    state = np.concatenate([_facing_back(found.state, turned, even), beside.state])
    seen = examined(case.findings)
    # What is said was fitted to drawings; without one the prior and the findings are all there is.
    drawn = observations.count > 0
    said = as_said(source, _by_findings(net, seen)) if drawn else source
    # States are scaled alike, else a point could be said to be surer than its muscle.
    share = np.where(source > 0, said / np.maximum(source, 1e-300), 0.0)
    return Inference(
        prior=np.concatenate([_facing_back(before.sided, turned), before.middle]),
        source=said,
        state=state * np.repeat(share, np.diff(net.first_state)),
        unexplained=float(observations.size @ found.unexplained) if observations.count else 0.0,
        problem=sided,
        found=found,
        turned=turned,
        examined=seen,
    )


def _one_side(observations: Observations) -> Ints:
    """The observations that count for a source of the middle: of a drawing on both sides those in
    the middle and those of the side with more. Else one organ would win over two muscles just
    because it explains both sides at the price of one."""
    left = (observations.patches < patchwork().count // 2).astype(np.float64)
    share = left @ observations.membership if observations.count else np.zeros(0)
    sides = np.where(share > MOSTLY, -1, np.where(share < 1 - MOSTLY, 1, 0))
    # Parts in the middle say nothing of a side and are left out of the weighing.
    more = -1 if observations.size[sides < 0].sum() >= observations.size[sides > 0].sum() else 1
    return np.flatnonzero((sides == 0) | (sides == more))


def _only(problem: RankingProblem, kept: Ints) -> RankingProblem:
    """The problem with some of its observations."""
    return replace(problem, reach=problem.reach[:, kept], leak=problem.leak[kept])


def _marginal(covered: Floats, kept: Ints) -> Floats:
    """Probability of each set of the kept observations; bit k of a place is observation k."""
    count = len(covered).bit_length() - 1
    cube = covered.reshape((2,) * count) if count else covered
    away = tuple(count - 1 - bit for bit in range(count) if bit not in kept)
    return np.asarray(cube.sum(axis=away).reshape(-1))


def as_said(chance: Floats, told: Floats) -> Floats:
    """What is said for what the model computes.

    chance, told (n): the computed probability, and the logarithm of what the source's own findings
    say for it. Findings multiply the odds, so the odds without them are the drawing's part. That
    part is calibrated (tools/targeting/fit.py): a line in the odds' logarithm under a ceiling,
    because however well a drawing fits, pain follows the atlas in some patients only. Findings
    don't rest on the atlas' zones: they count in full, above the ceiling.
    """
    set_to = parameters()
    # Certainty has no finite odds.
    safe = chance.clip(1e-12, 1 - 1e-12)
    drawn = np.log(safe / (1 - safe)) - told
    line = set_to.said_shift + set_to.said_slope * drawn
    odds = np.exp(told) * set_to.said_most / (1 - set_to.said_most + np.exp(-line))
    return np.asarray(odds / (1 + odds))


def _by_findings(net: Network, seen: dict[Site, Examined]) -> Floats:
    """(n): logarithm of what its own findings say for each source, 0 where nothing was found."""
    told = np.zeros(len(net.sources))
    for site, one in seen.items():
        told[net.place[site]] = one.log_ratio()
    return told


def _orientation(case: PainCase) -> tuple[bool, bool]:
    """Whether the mirror image is worked out instead, and whether both are the same."""
    findings = tuple(one.mirror() for one in case.findings)
    own = _signature(case.drawing, case.free, case.findings)
    other = _signature(case.drawing.mirror(), case.free.mirror(), findings)
    # Any order will do, as long as a case and its image choose the same of the two.
    return other < own, other == own


def _signature(
    drawing: PatchWeights, free: PatchWeights, findings: tuple[PalpationFinding, ...]
) -> tuple[bytes, bytes, list[tuple[str, str, str, str]]]:
    told = sorted((f.muscle, str(f.side), f.finding, str(f.present)) for f in findings)
    return drawing.values.tobytes(), free.values.tobytes(), told


def _facing_back(values: Floats, turned: bool, even: bool = False) -> Floats:
    """Values of sided sources or states, left ones first, in the case's own orientation."""
    swapped = np.roll(values, len(values) // 2)
    # Its own mirror image must give both sides the same; sums in another order differ in the last
    # digits.
    if even:
        return np.asarray((values + swapped) / 2)
    return swapped if turned else values


def _sided(
    case: PainCase, net: Network, observations: Observations, quiet: Floats, prior: Floats
) -> RankingProblem:
    sources, states = net.sided, int(net.first_state[net.sided])
    with_key, without = _coupled(prior, net.key[:sources])
    ratio = _by_findings(net, examined(case.findings))[:sources]
    owner = np.repeat(np.arange(sources), np.diff(net.first_state[: sources + 1]))
    return RankingProblem(
        first_state=net.first_state[: sources + 1],
        share=net.share[:states],
        key=net.key[:sources],
        prior=without,
        prior_with_key=with_key,
        # Only on against off matters. What speaks for a source stands under "off", so no factor
        # passes 1.
        on_factor=np.exp(quiet[:states] + np.minimum(ratio, 0.0)[owner]),
        off_factor=np.exp(-np.maximum(ratio, 0.0)),
        reach=(observations.membership.T @ net.hurts_by_patch[observations.patches, :states]).T,
        leak=np.full(observations.count, parameters().leak),
    )


def _middle(
    net: Network, observations: Observations, quiet: Floats, prior: Floats, *, turned: bool
) -> RankingProblem:
    """Sources of which there is one; in a mirror image the skin is turned, not the body."""
    first = int(net.first_state[net.sided])
    count = len(net.sources) - net.sided
    drawn = observations.patches
    if turned:
        # The observations are of the turned drawing; these are the patches of the real one.
        drawn = (drawn + patchwork().count // 2) % patchwork().count
    return RankingProblem(
        first_state=net.first_state[net.sided :] - first,
        share=net.share[first:],
        key=net.key[net.sided :],
        prior=prior,
        prior_with_key=prior,
        on_factor=np.exp(quiet[first:]),
        off_factor=np.ones(count),
        reach=(observations.membership.T @ net.hurts_by_patch[drawn, first:]).T,
        leak=np.full(observations.count, parameters().leak),
    )


def _priors(case: PainCase, net: Network) -> SidedPriors:
    """Of all sources, satellites by what they are on the whole."""
    half = patchwork().count // 2
    drawn = case.drawing.values.astype(np.float64) * net.evidence
    # Rounded once only: of the same drawing on both sides the left has exactly half.
    left, whole = math.fsum(drawn[:half]), math.fsum(drawn)
    left_share = left / whole if whole else None
    return priors(case.drawing.values.astype(np.float64), weights(case.complaint), left_share)


def _coupled(prior: Floats, keys: Ints) -> tuple[Floats, Floats]:
    """Prior of each source with its key on and off, such that on the whole it stays the same."""
    follows = np.flatnonzero(keys >= 0)
    whole, of_key = prior[follows], prior[keys[follows]]
    odds = parameters().satellite_odds
    low, high = np.zeros_like(whole), whole.copy()
    # Thirty halvings leave a thousand-millionth of the prior; no odds need a case of their own.
    for _ in range(30):
        # With its key off a satellite is never more likely than on the whole, so the answer lies
        # below it.
        off = (low + high) / 2
        more = of_key * odds * off / (1 - off + odds * off) + (1 - of_key) * off > whole
        low, high = np.where(more, low, off), np.where(more, off, high)
    without, with_key = prior.copy(), prior.copy()
    without[follows] = (low + high) / 2
    with_key[follows] = odds * without[follows] / (1 - without[follows] + odds * without[follows])
    return with_key, without
