"""Simulated patients, and how the ranking is judged on them."""

from __future__ import annotations

import importlib
import re

import msgspec
import numpy as np
import pytest

from filiform.targeting import (
    CaseError,
    PainCase,
    PalpationFinding,
    baselines,
    complaints,
    knowledge,
    release,
)
from filiform.targeting.evaluation import (
    HELD_OUT_KEY,
    RANKERS,
    Judged,
    judge,
    scores,
    with_findings,
)
from filiform.targeting.intervals import bootstrap, mcnemar, wilson
from filiform.targeting.measured import measured, summary
from filiform.targeting.network import network
from filiform.targeting.published import ROUNDS, PublishedCase, published, published_cases
from filiform.targeting.report import simulated
from filiform.targeting.simulate import Examiner, Habits, SimulatedPatient, patients

module = importlib.import_module("filiform.targeting.published")


@pytest.fixture(scope="module")
def held_out() -> list[SimulatedPatient]:
    return list(patients(HELD_OUT_KEY, 24))


def test_the_same_key_gives_the_same_patients() -> None:
    one, other = next(iter(patients(3, 1))), next(iter(patients(3, 1)))
    assert one.causes == other.causes
    assert np.abs(one.case.drawing.values - other.case.drawing.values).max() < 1e-9


@pytest.mark.parametrize("drawer", range(4))
def test_whoever_hardly_feels_and_leaves_out_most_still_draws_something(drawer: int) -> None:
    never = (0.0, 0.0)
    draws = tuple(float(at == drawer) for at in range(4))
    numb = Habits(
        essential_felt=never,
        spillover_felt=never,
        local_felt=never,
        left_out=1.0,
        cut=1.0,
        stray=1.0,
        outside=0.3,
        drawers=draws,  # type: ignore[arg-type]
    )
    assert all(one.case.pain for one in patients(3, 8, numb))


def test_five_findings_bring_a_true_source_first_in_more_patients_unlike_the_model(
    held_out: list[SimulatedPatient],
) -> None:
    examined = [(with_findings(one, 5)[0], one) for one in held_out]
    alone = [(one.case, one) for one in held_out]
    found = scores(judge(examined, RANKERS["model"]), probabilities=True)
    before = scores(judge(alone, RANKERS["model"]), probabilities=True)
    assert found.hit["3"] >= 0.6
    assert found.hit["1"] > before.hit["1"]
    assert found.shown_error is not None
    assert found.shown_error < 0.15


def test_pain_from_outside_the_atlas_has_no_cause_and_counts_for_calibration_only() -> None:
    (stranger,) = patients(4, 1, Habits(outside=1.0))
    assert (stranger.first, stranger.causes) == (-1, frozenset())
    told = scores(judge([(stranger.case, stranger)], RANKERS["model"]), probabilities=True)
    assert told.hit["5"] == 0
    assert told.log_score is not None


def test_on_patients_with_one_method_better_mcnemar_and_wilson_are_the_textbook_values() -> None:
    """10 against 2 of 12 that differ: 2 * (1 + 12 + 66) / 4096; 9 of 10: 0.596 to 0.982."""
    assert mcnemar(10, 2) == pytest.approx(2 * 79 / 4096)
    assert mcnemar(0, 0) == mcnemar(3, 3) == 1
    assert wilson(9, 10) == pytest.approx((0.596, 0.982), abs=0.001)
    assert wilson(0, 0) == (0, 1)
    low, high = bootstrap(lambda some: float(some.mean()), 50)
    assert low < 24.5 < high


def test_from_the_drawing_alone_more_true_sources_are_found_than_in_any_simpler_way() -> None:
    """Of 120: among as few as 24 one patient more or less decides."""
    alone = [(one.case, one) for one in patients(HELD_OUT_KEY, 120)]
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
    one = Judged(np.array([0.5, 0.25, 0.05]), frozenset({1}), "", np.array([True, True, True]))
    found = scores([one], probabilities=True)
    assert (found.hit["1"], found.hit["3"], found.found["3"]) == (0.0, 1.0, 1.0)
    assert found.log_score == pytest.approx(-np.log(0.5) - np.log(0.25) - np.log(0.95))
    assert found.brier == pytest.approx(0.25 + 0.5625 + 0.0025)
    said = [bin_.said for bin_ in found.curve]
    assert said == pytest.approx([0.05, 0.25, 0.5])


LINE = {"id": "x", "pain": ["disc:deltoid-anterior-mid:4:left"], "areas_specific": True}


def test_a_published_case_counts_either_side_and_names_what_it_misses() -> None:
    told = published(
        [
            {**LINE, "muscles_found": ["infraspinatus"]},
            {**LINE, "id": "y", "muscles_found": ["soleus"]},
        ]
    )
    (specific,) = (methods for group, methods in told.figures.items() if "specific" in group)
    assert specific["model"].patients == 2
    assert specific["model"].hit["5"] == pytest.approx(0.5)
    (miss,) = told.misses
    assert (miss.muscle, miss.why) == ("soleus", "not-reached")


def test_among_trigger_points_alone_nothing_else_takes_a_place() -> None:
    """Of a joint at 0.5, and muscles at 0.4 and 0.2, the last is true: third, and second alone."""
    kinds = np.array([False, True, True])
    one = module._among_muscles(Judged(np.array([0.5, 0.4, 0.2]), frozenset({2}), "", kinds))
    assert one.scores.tolist() == [0.4, 0.2]
    assert one.truth == {1}
    told = published([{**LINE, "muscles_found": ["infraspinatus"]}], palpated=False)
    for group, methods in told.trigger_points.items():
        for name, alone in methods.items():
            assert alone.hit["5"] >= told.figures[group][name].hit["5"]


def test_truthful_answers_bring_a_muscle_forward_and_an_examiner_answers_alike_again() -> None:
    lines = [
        {
            **LINE,
            "id": f"case {n}",
            "muscles_found": ["infraspinatus"],
            "complaint": "shoulder-pain",
        }
        for n in range(6)
    ]
    told = published(lines)
    for group, methods in told.figures.items():
        asked = told.answers[group]
        assert set(asked) == {module.TRUTHFUL, module.EXAMINED}
        assert all(0 < one <= module.QUESTIONS for one in asked.values())
        assert all(0 < one <= asked[name] for name, one in told.asked[group].items())
        assert methods[module.TRUTHFUL].hit["1"] == 1
        assert methods[module.EXAMINED].hit["1"] <= 1
    cases = {one["id"]: msgspec.convert(one, PublishedCase) for one in lines}
    answers = [
        [module._by_examiner(one)("infraspinatus", "right", "taut-band").present for _ in range(2)]
        for one in cases.values()
    ]
    assert all(one == other for one, other in answers)
    truthful = module._truthful(cases["case 0"])
    assert truthful("infraspinatus", "left", "taut-band").present is True
    assert truthful("soleus", "right", "taut-band").present is False


def test_an_examiner_of_published_cases_agrees_as_the_studies_say() -> None:
    """Over many cases: sensitivity 0.83 and specificity 0.71 of a taut band."""
    one = msgspec.convert({**LINE, "muscles_found": ["soleus"]}, PublishedCase)
    many = [msgspec.structs.replace(one, id=f"case {n}") for n in range(400)]
    for muscle, rate in (("soleus", 0.83), ("deltoid-anterior", 1 - 0.71)):
        said = [module._by_examiner(each)(muscle, "left", "taut-band").present for each in many]
        assert np.mean(said) == pytest.approx(rate, abs=0.06)


def test_a_case_that_stands_twice_is_refused() -> None:
    with pytest.raises(CaseError, match="stands twice"):
        published([{**LINE, "muscles_found": ["soleus"]}] * 2)


def test_the_stored_figures_are_of_the_cases_held_back_and_of_this_model() -> None:
    """Not of this atlas: it changes more often, and the ranking hardly by it."""
    kept = measured()
    cases = [msgspec.convert(line, PublishedCase) for line in published_cases()]
    held = [line for line, one in zip(published_cases(), cases, strict=True) if one.part != "given"]
    assert kept.cases == len(held) == sum(one.cases for one in kept.rounds.values())
    assert kept.release.rsplit(".", 1)[1] == release().rsplit(".", 1)[1]
    again = summary(published(held, palpated=False), release())
    for one, other in zip(kept.rows, again.rows, strict=True):
        assert one.three == pytest.approx(other.three, abs=0.05), one.method
        assert one.muscles_three == pytest.approx(other.muscles_three, abs=0.05), one.method


def test_two_methods_are_compared_on_the_cases_that_only_one_of_them_hits() -> None:
    told = published([{**LINE, "muscles_found": ["deltoid-anterior"]}])
    for one in told.compared:
        assert one.first_only + one.second_only <= one.cases == 1
        assert one.p == 1


def stored() -> list[PublishedCase]:
    return [msgspec.convert(line, PublishedCase) for line in published_cases()]


def test_two_hundred_reports_stand_with_source_words_muscles_and_confirmation_split_by_id() -> None:
    cases = stored()
    assert len(cases) >= 200
    assert {one.part for one in cases} == {"given", "held back"}
    for one in cases:
        assert all((one.citation, one.words, one.confirmation, one.laterality)), one.id
        assert one.complaint in complaints() or "no complaint of ours fits" in one.note, one.id
        assert one.read in ("full", "abstract", "notes", "page"), one.id


def test_rounds_follow_each_other_and_ids_go_on_in_the_order_found() -> None:
    """Else an id could be chosen, and with it the part."""
    cases = stored()
    assert [one.id for one in cases] == sorted({one.id for one in cases})
    rounds = [ROUNDS.index(one.collected) for one in cases]
    assert rounds == sorted(rounds)
    assert min(rounds.count(at) for at in range(len(ROUNDS))) >= 40
    later = [int(one.id.removeprefix("case-")) for one in cases if one.collected != ROUNDS[0]]
    assert later == list(range(later[0], later[0] + len(later)))


def test_no_report_was_collected_twice() -> None:
    cases = stored()
    for told in ([one.words for one in cases], [one.citation for one in cases]):
        assert len({" ".join(re.findall(r"\w+", text.lower())) for text in told}) == len(cases)
    papers: dict[str, list[str]] = {}
    for one in cases:
        for name in re.findall(r"10\.\d{4,}/[^\s,;]+|PMID \d+|PMC\d+", one.citation):
            papers.setdefault(name.lower().rstrip("."), []).append(one.citation)
    for name, citations in papers.items():
        assert len(citations) == 1 or all(
            re.search(r"(case|patient|subject) \w+$", one) for one in citations
        ), name


def test_of_fresh_cases_figures_are_told_but_no_places_and_no_misses() -> None:
    """case-002 would be given, case-003 held back."""
    lines = [
        {**LINE, "id": f"case-00{n}", "muscles_found": ["soleus"], "collected": ROUNDS[-1]}
        for n in (2, 3)
    ]
    told = published(lines)
    assert told.figures["held back"]["model"].patients == 1
    assert {one.id for one in told.misses} == set(told.ranks) == {"case-002"}


@pytest.mark.parametrize(
    "line", [{}, {**LINE, "muscles_found": ["bogus"]}, {**LINE, "pain": ["x"], "muscles_found": []}]
)
def test_a_published_case_that_cannot_be_used_is_named(line: object) -> None:
    with pytest.raises(CaseError, match="case 1"):
        published([line])


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
