"""The fast inference against the referee that tries every combination."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from tests.targeting.problems import problems, small_problem

from filiform.targeting import coverage, reference
from filiform.targeting.problem import RankingProblem


@settings(max_examples=60, deadline=None)
@given(problem=problems)
def test_the_fast_probabilities_are_those_of_trying_every_combination(
    problem: RankingProblem,
) -> None:
    fast, slow = coverage.posterior(problem, negligible=0), reference.posterior(problem)
    assert fast.source == pytest.approx(slow.source, abs=1e-9)
    assert fast.state == pytest.approx(slow.state, abs=1e-9)
    assert fast.unexplained == pytest.approx(slow.unexplained, abs=1e-9)
    assert fast.log_evidence == pytest.approx(slow.log_evidence, abs=1e-9)
    assert fast.covered == pytest.approx(slow.covered, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(problem=problems)
def test_leaving_aside_what_is_negligible_changes_no_probability_by_a_hundredth(
    problem: RankingProblem,
) -> None:
    fast, slow = coverage.posterior(problem), reference.posterior(problem)
    assert fast.source == pytest.approx(slow.source, abs=0.01)
    assert fast.unexplained == pytest.approx(slow.unexplained, abs=0.01)


@settings(max_examples=15, deadline=None)
@given(problem=problems)
def test_the_probability_of_a_joint_explanation_is_that_of_trying_every_combination(
    problem: RankingProblem,
) -> None:
    sources = list(range(len(problem.key)))
    for candidates in (sources[:3], sources[-2:]):
        _as_tried(problem, candidates)


@settings(max_examples=15, deadline=None)
@given(problem=problems)
def test_a_source_too_rare_to_be_followed_keeps_its_own_chance_in_a_joint_explanation(
    problem: RankingProblem,
) -> None:
    last = len(problem.key) - 1
    key, prior, with_key = (vars(problem)[n].copy() for n in ("key", "prior", "prior_with_key"))
    key[last], prior[last], with_key[last] = -1, 1e-7, 1e-7
    rare = RankingProblem(
        **{**vars(problem), "key": key, "prior": prior, "prior_with_key": with_key}
    )
    _as_tried(rare, list(range(last + 1))[-2:], negligible=coverage.NEGLIGIBLE, within=0.01)


def _as_tried(
    problem: RankingProblem, candidates: list[int], *, negligible: float = 0, within: float = 1e-9
) -> None:
    fast = coverage.combinations(problem, candidates, negligible=negligible)
    for chosen in product((False, True), repeat=len(candidates)):
        picked = tuple(one for one, on in zip(candidates, chosen, strict=True) if on)
        assert fast[picked] == pytest.approx(_chance(problem, candidates, set(picked)), abs=within)


def _chance(problem: RankingProblem, candidates: list[int], active: set[int]) -> float:
    """Evidence with just these candidates on, as a share of the whole: by the referee."""
    whole = reference.posterior(problem).log_evidence
    on_factor, off_factor = problem.on_factor.copy(), problem.off_factor.copy()
    for one in candidates:
        if one in active:
            off_factor[one] = 0.0
        else:
            on_factor[problem.states(one)] = 0.0
    held = RankingProblem(**{**vars(problem), "on_factor": on_factor, "off_factor": off_factor})
    return float(np.exp(reference.posterior(held).log_evidence - whole))


def test_what_is_already_explained_needs_no_further_source() -> None:
    problem = small_problem(3)
    start = np.zeros(1 << len(problem.leak))
    start[-1] = 1.0
    explained = coverage.posterior(problem, start, negligible=0)
    nothing_seen = RankingProblem(
        **{**vars(problem), "leak": problem.leak[:0], "reach": problem.reach[:, :0]}
    )
    quiet = coverage.posterior(nothing_seen, negligible=0)
    assert explained.source == pytest.approx(quiet.source, abs=1e-9)


def test_unlikely_evidence_loses_no_digits() -> None:
    """Ten painful parts that nothing but a leak of one in a thousand explains."""
    one = np.ones(1)
    problem = RankingProblem(
        first_state=np.array([0, 1]),
        share=one,
        key=np.array([-1]),
        prior=one * 0.01,
        prior_with_key=one * 0.01,
        on_factor=one,
        off_factor=one,
        reach=np.full((1, 10), 0.01),
        leak=np.full(10, 0.001),
    )
    fast, slow = coverage.posterior(problem, negligible=0), reference.posterior(problem)
    assert fast.log_evidence == pytest.approx(slow.log_evidence, rel=1e-12)
    assert fast.source == pytest.approx(slow.source, rel=1e-9)
