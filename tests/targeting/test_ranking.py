"""What the ranking says of whole bodies."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filiform.anatomy import atlas
from filiform.anatomy.surface import PatchWeights, draw, parse_area, patches, patchwork
from filiform.targeting import (
    DrawnArea,
    PainCase,
    PalpationFinding,
    TargetingAnswer,
    finding_kinds,
    parameters,
    rank,
    read_case,
)
from filiform.targeting.inference import infer
from filiform.targeting.network import network
from filiform.targeting.priors import priors
from filiform.targeting.simulate import patients

ranking = importlib.import_module("filiform.targeting.ranking")

SHOULDER = ["disc:deltoid-anterior-mid:4:right", "stripe:arm-anterior-mid>antecubital-crease-mid:4:right"]  # fmt: skip  # noqa: E501
POINTS = [p for p in atlas().trigger_points if p.essential_zones]
FINDINGS = list(finding_kinds())
OTHER = {"left": "right", "right": "left", "midline": "midline"}


def answer(**case: Any) -> TargetingAnswer:
    return rank(read_case(case))


def chance(found: TargetingAnswer, muscle: str, side: str) -> float:
    return next(r.probability for r in found.ranked if (r.source, r.side) == (muscle, side))


def found(muscle: str, finding: str, present: bool = True, side: str = "right") -> dict[str, Any]:
    return {"muscle": muscle, "side": side, "finding": finding, "present": present}


def zones(muscle: str, number: str, side: str) -> list[str]:
    point = atlas().muscles[muscle].trigger_point(number)
    return [
        str(parse_area(z, atlas=True).on(side)).rsplit(":", 1)[0] for z in point.essential_zones
    ]


def test_pain_in_the_front_of_the_shoulder_and_arm_points_to_infraspinatus() -> None:
    first = answer(pain=SHOULDER).ranked[0]
    assert (first.source, first.side, first.kind) == ("infraspinatus", "right", "trigger-point")
    assert first.explains == tuple(SHOULDER)


def test_every_source_of_the_body_is_ranked_most_probable_first() -> None:
    ranked = answer(pain=SHOULDER).ranked
    assert len(ranked) == len(network().sources) >= 400
    assert len({(one.source, one.side) for one in ranked}) == len(ranked)
    chances = [one.probability for one in ranked]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= one <= 1 for one in chances)


def test_the_classic_pattern_of_a_trigger_point_ranks_its_muscle_among_the_first_three() -> None:
    """Every ninth point of the atlas, drawn exactly as published."""
    late = []
    for point in POINTS[::9]:
        ranked = answer(pain=zones(point.muscle_id, point.number, "left")).ranked
        if point.muscle_id not in [one.source for one in ranked[:3]]:
            late.append(point.id)
    assert len(late) <= 0.15 * len(POINTS[::9]), late


def test_a_muscle_is_at_least_as_probable_as_each_of_its_points() -> None:
    for one in answer(pain=SHOULDER).ranked:
        for point in one.points:
            assert point.probability <= one.probability + 1e-9


@settings(max_examples=12, deadline=None)
@given(key=st.integers(0, 10**6), seed=st.integers(0, 10**6))
def test_mirroring_the_patient_mirrors_the_ranking(key: int, seed: int) -> None:
    case = _with_random_findings(next(iter(patients(key, 1))).case, seed)
    sources, here, there = network().sources, infer(case).source, infer(case.mirror()).source
    for at, source in enumerate(sources):
        if source.side != "midline":
            mirrored = there[int(network().mirror[at])]
            assert here[at] == pytest.approx(mirrored, rel=1e-9, abs=1e-12), source


def _with_random_findings(case: PainCase, seed: int) -> PainCase:
    random = np.random.default_rng(seed)
    names = list(atlas().muscles)
    findings = tuple(
        PalpationFinding(
            names[int(random.integers(len(names)))],
            "left" if random.random() < 0.5 else "right",
            FINDINGS[int(random.integers(len(FINDINGS)))],
            bool(random.random() < 0.5),
        )
        for _ in range(3)
    )
    return PainCase(case.pain, case.free, findings, case.complaint)


@settings(max_examples=12, deadline=None)
@given(
    key=st.integers(0, 10**6),
    muscle=st.sampled_from(list(atlas().muscles)),
    told=st.lists(st.tuples(st.sampled_from(FINDINGS), st.booleans()), max_size=3),
    finding=st.sampled_from(FINDINGS),
)
def test_a_present_finding_never_lowers_its_muscle_nor_an_absent_one_raises_it(
    key: int, muscle: str, told: list[tuple[str, bool]], finding: str
) -> None:
    drawn = next(iter(patients(key, 1))).case
    before = tuple(
        PalpationFinding(muscle, "left", f, p) for f, p in dict(told).items() if f != finding
    )
    at = network().place[muscle, "left"]
    without, present, absent = (
        infer(PainCase(drawn.pain, drawn.free, (*before, *more))).source[at]
        for more in (
            (),
            (PalpationFinding(muscle, "left", finding, True),),
            (PalpationFinding(muscle, "left", finding, False),),
        )
    )
    assert absent <= without + 1e-12
    assert without <= present + 1e-12


@pytest.mark.parametrize("point", POINTS[::25], ids=lambda point: point.id)
def test_skin_asked_about_and_free_over_its_zone_lowers_a_muscle(point: Any) -> None:
    pain = zones(point.muscle_id, point.number, "left")
    asked = answer(pain=pain[:1], not_pain=pain[1:] or pain[:1])
    silent = answer(pain=pain[:1])
    assert chance(asked, point.muscle_id, "left") < chance(silent, point.muscle_id, "left")


def chances(told: TargetingAnswer) -> dict[str, float]:
    """Of every source and side: rounding may change the order of equals."""
    return {f"{one.source} {one.side}": one.probability for one in told.ranked}


def test_the_same_case_gives_the_same_answer() -> None:
    case = {"pain": SHOULDER, "complaint": "shoulder pain"}
    assert rank(read_case(case)) == rank(read_case(case))


def test_the_order_of_areas_and_findings_does_not_matter() -> None:
    findings = [found("infraspinatus", "taut-band"), found("deltoid-anterior", "jump-sign", False)]
    one = answer(pain=SHOULDER, examination=findings)
    other = answer(pain=SHOULDER[::-1], examination=findings[::-1])
    assert chances(one) == pytest.approx(chances(other), rel=1e-9)


def test_without_drawing_and_findings_the_answer_is_the_prior_and_says_so() -> None:
    empty = answer()
    assert all(one.probability == pytest.approx(one.prior) for one in empty.ranked)
    assert max(one.probability for one in empty.ranked) < 0.2
    assert [note.code for note in empty.notes] == ["nothing-drawn"]
    assert empty.unexplained_fraction == 0


def test_a_drawing_alone_is_never_surer_than_drawings_proved_and_findings_are() -> None:
    most = parameters().said_most
    told = answer(pain=SHOULDER, complaint="shoulder pain")
    assert max(one.probability for one in told.ranked) < most
    all_present = [found("infraspinatus", kind) for kind in finding_kinds()]
    felt = answer(pain=SHOULDER, complaint="shoulder pain", examination=all_present)
    assert felt.ranked[0].source == "infraspinatus"
    assert felt.ranked[0].probability > most


def test_only_of_muscles_is_a_number_told() -> None:
    leg = "stripe:buttock-center>thigh-posterior-mid>calf-mid>heel-posterior:5:left"
    told = answer(pain=[leg], complaint="sciatica")
    bands = {(one.kind == "trigger-point", one.kind == "viscus"): set() for one in told.ranked}
    for one in told.ranked:
        bands[one.kind == "trigger-point", one.kind == "viscus"].add(one.band)
    assert bands[True, False] == {"number"}
    assert bands[False, True] == {"nothing"}
    assert bands[False, False] <= {"more-likely", "possible", "less-likely"}
    assert len(bands[False, False]) > 1


def test_everything_painted_points_to_nothing_and_says_so() -> None:
    skin = PatchWeights(np.ones(patchwork().count))
    wide = rank(PainCase((DrawnArea("everywhere", skin),)))
    assert max(one.probability for one in wide.ranked) < 0.3
    assert "drawn-everywhere" in [note.code for note in wide.notes]
    assert wide.unexplained_fraction > 0.1


def test_a_finding_both_present_and_absent_counts_neither_way() -> None:
    silent = answer(pain=SHOULDER)
    both = [found("infraspinatus", "taut-band"), found("infraspinatus", "taut-band", False)]
    torn = answer(pain=SHOULDER, examination=both)
    assert chances(torn) == pytest.approx(chances(silent), rel=1e-9)
    assert [(n.code, n.about) for n in torn.notes] == [
        ("contradicting-finding", "infraspinatus right taut-band")
    ]


def test_a_finding_stated_twice_counts_once() -> None:
    once = answer(pain=SHOULDER, examination=[found("infraspinatus", "taut-band")])
    twice = answer(pain=SHOULDER, examination=[found("infraspinatus", "taut-band")] * 2)
    assert once.ranked == twice.ranked


def test_pain_also_stated_free_is_taken_as_free_with_a_note() -> None:
    torn = answer(pain=SHOULDER[:1], not_pain=SHOULDER[:1])
    assert {note.code for note in torn.notes} == {"nothing-drawn", "painful-and-free"}
    assert max(one.probability for one in torn.ranked) < 0.2


def test_a_muscle_without_a_pain_pattern_is_ranked_by_prior_and_findings() -> None:
    bare = [m.id for m in atlas().muscles.values() if not m.trigger_points[0].essential_zones]
    for muscle in bare[:1]:
        quiet = answer(pain=SHOULDER)
        felt = answer(pain=SHOULDER, examination=[found(muscle, "recognised-pain")])
        assert chance(felt, muscle, "right") > chance(quiet, muscle, "right")
        assert "muscle-without-zones" in [note.code for note in felt.notes]


def test_a_complaint_raises_what_studies_found_in_it_on_the_painful_side() -> None:
    plain = answer(pain=["disc:lateral-epicondyle:3:left"])
    told = answer(pain=["disc:lateral-epicondyle:3:left"], complaint="lateral epicondylalgia")
    muscle = "extensor-carpi-radialis-brevis"
    assert chance(told, muscle, "left") > chance(plain, muscle, "left")
    assert chance(told, muscle, "left") > 5 * chance(told, muscle, "right")


def test_a_heart_is_warned_of_in_pain_of_the_chest_and_left_arm_however_improbable() -> None:
    chest = answer(pain=["disc:sternal-angle~xiphoid:5:midline", "stripe:arm-medial-mid>forearm-ulnar-mid:4:left"])  # fmt: skip  # noqa: E501
    assert "heart" in [flag.source for flag in chest.red_flags]
    assert chest.red_flags[0].urgency == "emergency"


def test_peripheral_nerves_are_shown_as_roots_with_their_detail() -> None:
    nerve = next(r for r in answer(pain=SHOULDER).ranked if r.source == "carpal-tunnel")
    assert (nerve.kind, nerve.detail) == ("nerve-root", "peripheral-nerve")


def test_two_distant_patterns_are_explained_by_two_muscles_together() -> None:
    pain = zones("infraspinatus", "1", "right") + zones("gastrocnemius-medial", "1", "left")
    best = answer(pain=pain).explanations[0]
    assert ("infraspinatus", "right") in [(one.source, one.side) for one in best.active]
    assert len(best.active) >= 2


def test_the_probabilities_of_the_joint_explanations_fit_together() -> None:
    told = answer(pain=SHOULDER)
    chances = [one.probability for one in told.explanations]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1 + 1e-9


def test_where_no_source_stands_out_no_set_is_told() -> None:
    assert answer(complaint="no pain").explanations == ()


def test_pain_where_nothing_refers_stays_unexplained() -> None:
    """The spine of the shin: no muscle of the atlas is needed to know that little covers it all."""
    close, far = answer(pain=SHOULDER), answer(pain=["disc:vertex:4:midline"])
    assert far.unexplained_fraction > close.unexplained_fraction


def test_drawn_areas_count_as_weights_not_as_names() -> None:
    renamed = PainCase((DrawnArea("where it hurts", draw(SHOULDER[0])),))
    by_text = read_case({"pain": SHOULDER[:1]})
    assert infer(renamed).source == pytest.approx(infer(by_text).source, rel=1e-9, abs=1e-12)


def test_where_no_side_hurts_every_source_is_as_likely_left_as_right() -> None:
    nothing = np.zeros(patchwork().count)
    sided = priors(nothing, {"tennis-elbow": 1.0}, None).sided
    half = len(sided) // 2
    assert sided[:half] == pytest.approx(sided[half:], rel=1e-12)


def test_two_discs_between_the_shoulder_blades_point_to_muscles_and_warn_of_the_aorta() -> None:
    """One midline source explained both sides at the price of one: the aorta had 90 %."""
    back = ["disc:interscapular-mid:5:left", "disc:interscapular-mid:5:right"]
    both = answer(pain=back)
    assert chance(both, "aorta-thoracic", "midline") < 0.01
    assert [one.kind for one in both.ranked[:4]] == ["trigger-point"] * 4
    assert both.red_flags[0].source == "aorta-thoracic"
    one = chance(answer(pain=back[:1]), "aorta-thoracic", "midline")
    assert chance(both, "aorta-thoracic", "midline") < 2 * one


def test_one_dot_is_a_place_however_small_it_is() -> None:
    for size in ("0.1", "0.2", "0.4"):
        dot = answer(pain=[f"disc:l5-paraspinal:{size}:left"])
        assert dot.notes == (), size
        assert dot.ranked[0].explains, size


def test_a_complaint_where_nothing_is_drawn_is_told_to_contradict_the_drawing() -> None:
    heel = ["disc:heel-plantar:3:left"]
    told = answer(pain=heel, complaint="headache; heel pain")
    assert [(n.code, n.about) for n in told.notes] == [("complaint-elsewhere", "Headache")]
    assert answer(pain=heel, complaint="heel pain").notes == ()
    assert [n.code for n in answer(complaint="headache").notes] == ["nothing-drawn"]


def test_what_the_ranking_could_not_use_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    band = PalpationFinding("infraspinatus", "right", "taut-band", True)
    off_the_skin = DrawnArea("off the skin", PatchWeights(np.zeros(len(patches()))))
    case = PainCase((off_the_skin,), findings=(band,))
    bare = SimpleNamespace(muscles={"infraspinatus": SimpleNamespace(trigger_points=())})
    seen = infer(case)
    monkeypatch.setattr(ranking, "atlas", lambda: bare)
    noted = {(note.code, note.about) for note in ranking._notes(case, seen)}
    assert ("area-without-skin", "off the skin") in noted
    assert ("muscle-without-zones", "infraspinatus") in noted
