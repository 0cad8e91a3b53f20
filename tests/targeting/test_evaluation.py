"""Simulated patients, and how the ranking is judged on them."""

from __future__ import annotations

import numpy as np
import pytest

from filiform.targeting import CaseError, PainCase, PalpationFinding, baselines, knowledge
from filiform.targeting.evaluation import (
    HELD_OUT_KEY,
    RANKERS,
    Judged,
    judge,
    scores,
    with_findings,
)
from filiform.targeting.network import network
from filiform.targeting.published import published
from filiform.targeting.report import simulated
from filiform.targeting.simulate import Examiner, Habits, SimulatedPatient, patients


@pytest.fixture(scope="module")
def held_out() -> list[SimulatedPatient]:
    return list(patients(HELD_OUT_KEY, 24))


def test_the_same_key_gives_the_same_patients() -> None:
    one, other = next(iter(patients(3, 1))), next(iter(patients(3, 1)))
    assert one.causes == other.causes
    assert np.abs(one.case.drawing.values - other.case.drawing.values).max() < 1e-9


def test_whoever_hardly_feels_and_leaves_out_most_still_draws_something() -> None:
    numb = Habits(essential_felt=0.0, spillover_felt=0.0, left_out=1.0, cut=1.0)
    assert all(one.case.pain for one in patients(3, 12, numb))


def test_with_five_findings_a_true_source_is_among_the_first_three_in_85_of_100(
    held_out: list[SimulatedPatient],
) -> None:
    examined = [(with_findings(one, 5)[0], one) for one in held_out]
    found = scores(judge(examined, RANKERS["model"]), probabilities=True)
    assert found.hit["3"] >= 0.85
    assert found.calibration_error is not None
    assert found.calibration_error < 0.1


def test_from_the_drawing_alone_more_true_sources_are_found_than_in_any_simpler_way(
    held_out: list[SimulatedPatient],
) -> None:
    alone = [(one.case, one) for one in held_out]
    found = {name: scores(judge(alone, way), probabilities=False) for name, way in RANKERS.items()}
    model = found.pop("model")
    assert all(model.found["3"] > other.found["3"] + 0.05 for other in found.values())


def test_an_examiner_is_as_often_right_as_published_when_asked_once() -> None:
    """Over many muscles without a trigger point: the specificity of a taut band is 0.71."""
    who = next(iter(patients(5, 1)))
    answers = [
        Examiner(SimulatedPatient(who.case, who.first, frozenset(), key)).examine(
            "soleus", "left", "taut-band"
        )
        for key in range(400)
    ]
    assert np.mean([one.present for one in answers]) == pytest.approx(1 - 0.71, abs=0.06)


def test_scores_are_what_they_say_on_a_ranking_worked_out_by_hand() -> None:
    """Three sources, the second of which is true."""
    one = Judged(np.array([0.5, 0.25, 0.05]), frozenset({1}), "")
    found = scores([one], probabilities=True)
    assert (found.hit["1"], found.hit["3"], found.found["3"]) == (0.0, 1.0, 1.0)
    assert found.log_score == pytest.approx(-np.log(0.5) - np.log(0.25) - np.log(0.95))
    assert found.brier == pytest.approx(0.25 + 0.5625 + 0.0025)
    said = [bin_.said for bin_ in found.curve]
    assert said == pytest.approx([0.05, 0.25, 0.5])


LINE = {"id": "x", "pain": ["disc:deltoid-anterior-mid:4:left"], "areas_specific": True}


def test_a_published_case_counts_either_side_and_names_what_it_misses() -> None:
    told = published(
        [{**LINE, "muscles_found": ["deltoid-anterior"]}, {**LINE, "muscles_found": ["soleus"]}],
        RANKERS,
    )
    assert told.figures["all"].patients == 2
    assert told.figures["areas specific"].hit["5"] == pytest.approx(0.5)
    (miss,) = told.misses
    assert (miss.muscle, miss.why) == ("soleus", "not-reached")


@pytest.mark.parametrize(
    "line", [{}, {**LINE, "muscles_found": ["bogus"]}, {**LINE, "pain": ["x"], "muscles_found": []}]
)
def test_a_published_case_that_cannot_be_used_is_named(line: object) -> None:
    with pytest.raises(CaseError, match="case 1"):
        published([line], RANKERS)


def test_where_nothing_is_drawn_the_simpler_ways_follow_the_findings_or_nothing() -> None:
    band = PalpationFinding("soleus", "left", "taut-band", True)
    assert not baselines.nearest(PainCase(findings=(band,))).any()
    place = network().place["soleus", "left"]
    found, alone = (baselines.naive_bayes(PainCase(findings=ones))[place] for ones in ((band,), ()))
    assert found > alone


def test_a_report_counts_every_patient_once_overall_and_by_region() -> None:
    report = simulated(5, 3, 2)
    assert {one.patients for one in report.drawing_alone.values()} == {3}
    assert sum(one.patients for one in report.by_region.values()) == 3
    assert set(report.by_region) == set(report.by_region_alone)
    assert 0 < report.examined <= 2


def test_a_table_in_which_a_satellite_has_two_keys_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    header, first, *_ = knowledge._text("satellites.tsv").splitlines()
    monkeypatch.setattr(knowledge, "_text", lambda _name: "\n".join((header, first, first)))
    with pytest.raises(ValueError, match="a satellite has one key"):
        knowledge.satellites.__wrapped__()
