"""What to palpate next."""

from __future__ import annotations

from itertools import pairwise, product

import msgspec
import numpy as np
import pytest
from tests.tables import in_one_test

from filiform.targeting import finding_kinds, rank, read_case
from filiform.targeting.answer import Next
from filiform.targeting.evaluation import with_findings
from filiform.targeting.examination import Examined, updated
from filiform.targeting.knowledge import SCREEN, parameters
from filiform.targeting.next import FIND_SECONDS, SECONDS_A_CM, expected_bits, place_of
from filiform.targeting.simulate import patients

SHOULDER = ["disc:deltoid-anterior-mid:4:right"]


def suggested(findings: list[dict[str, object]] | None = None) -> tuple[Next, ...]:
    return rank(read_case({"pain": SHOULDER, "examination": findings or []})).next_examination


@in_one_test(("kind", "chance"), product(finding_kinds(), [0.01, 0.2, 0.5, 0.9]))
def test_expected_information_is_the_mean_fall_of_entropy(kind: str, chance: float) -> None:
    """The slow way: work out both results, and how uncertain the muscle is after each."""
    found, nothing = finding_kinds()[kind], Examined("infraspinatus", "left", {}, ())
    present = chance * found.sensitivity + (1 - chance) * (1 - found.specificity)
    after = present * entropy(updated(chance, found.log_ratio(True)))
    after += (1 - present) * entropy(updated(chance, found.log_ratio(False)))
    assert expected_bits(chance, found, nothing) == pytest.approx(entropy(chance) - after, abs=1e-9)


def entropy(chance: float) -> float:
    return float(-(chance * np.log2(chance) + (1 - chance) * np.log2(1 - chance)))


def test_each_examination_is_the_one_that_tells_most_a_second() -> None:
    """The slow way: of every finding that is suggested, what it tells less what its muscle will
    have told, over the test, the way and the finding of the muscle."""
    steps = list(suggested())
    for at, step in enumerate(steps):
        rates = [rate_after(other, steps[:at]) for other in steps[at:]]
        assert rate_after(step, steps[:at]) == pytest.approx(max(rates))


def rate_after(step: Next, before: list[Next]) -> float:
    seconds = finding_kinds()[step.finding].seconds
    told = sum((one.muscle, one.side) == (step.muscle, step.side) for one in before)
    if not before or (before[-1].muscle, before[-1].side) != (step.muscle, step.side):
        way = way_cm([before[-1], step]) if before else 0.0
        seconds += FIND_SECONDS + SECONDS_A_CM * way
    return step.expected_information_bits * parameters().repeated ** told / seconds


def test_not_sure_is_an_answer_that_says_nothing_and_is_not_asked_again() -> None:
    first = suggested()[0]
    unsure = {"muscle": first.muscle, "side": first.side, "finding": first.finding, "present": None}
    silent = rank(read_case({"pain": SHOULDER}))
    answered = rank(read_case({"pain": SHOULDER, "examination": [unsure]}))
    assert answered.ranked == silent.ranked
    again = [(s.muscle, s.side, s.finding) for s in answered.next_examination]
    assert (first.muscle, first.side, first.finding) not in again


LEG = ["stripe:buttock-center>thigh-posterior-mid>calf-mid>heel-posterior:5:left"]


def test_a_probable_nerve_root_is_screened_first_and_the_result_moves_it() -> None:
    told = {"pain": LEG, "complaint": "sciatica"}
    silent = rank(read_case(told))
    (screen, *_) = silent.next_screen
    assert screen.source.startswith("radicular")
    found = {"source": screen.source, "side": screen.side, "finding": SCREEN}
    chances = []
    for present in (False, None, True):
        answer = rank(read_case({**told, "examination": [{**found, "present": present}]}))
        (root,) = [r for r in answer.ranked if (r.source, r.side) == (screen.source, screen.side)]
        chances.append(root.probability)
        assert screen.source not in [one.source for one in answer.next_screen]
    assert chances == sorted(chances)
    assert chances[0] < chances[2]


def test_what_was_examined_is_not_asked_again() -> None:
    first = suggested()[0]
    done = {"muscle": first.muscle, "side": first.side, "finding": first.finding, "present": True}
    again = [(s.muscle, s.side, s.finding) for s in suggested([done])]
    assert (first.muscle, first.side, first.finding) not in again


def test_the_hands_stay_in_the_neighbourhood() -> None:
    """Along the list they travel no more than in the order of information alone."""
    steps = suggested()
    by_bits = sorted(steps, key=lambda step: -step.expected_information_bits)
    assert way_cm(list(steps)) <= way_cm(by_bits)


def way_cm(steps: list[Next]) -> float:
    places = [place_of(step.muscle, step.side) for step in steps]
    return float(sum(np.linalg.norm(b - a) for a, b in pairwise(places)))


def test_palpation_stops_when_no_answer_would_change_the_choice() -> None:
    yes = [
        {"muscle": "infraspinatus", "side": "right", "finding": kind, "present": True}
        for kind in finding_kinds()
    ]
    no = [
        {"muscle": one.source, "side": one.side, "finding": kind, "present": False}
        for one in rank(read_case({"pain": SHOULDER})).ranked
        if one.probability > 0.004
        and one.kind == "trigger-point"
        and (one.source, one.side) != ("infraspinatus", "right")
        for kind in finding_kinds()
    ]
    assert suggested(yes + no) == ()


def test_examining_what_is_suggested_makes_the_true_muscles_more_probable() -> None:
    gained = []
    for patient in patients(11, 5):
        _, after = with_findings(patient, 3)
        before = with_findings(patient, 0)[1]
        true = list(patient.muscles())
        gained += (after.source[true] - before.source[true]).tolist()
    assert np.mean(gained) > 0.02


def test_an_examination_stops_by_itself_while_somebody_still_lies_there() -> None:
    for patient in patients(13, 3):
        assert len(with_findings(patient, 400)[0].findings) < 40


@pytest.mark.parametrize("answer", [True, False, None])
def test_it_stops_within_a_quarter_of_an_hour_whatever_is_answered(answer: bool | None) -> None:
    """Also who is never sure is let go, and nothing is asked twice."""
    findings: list[dict[str, object]] = []
    seconds = 0.0
    while steps := suggested(findings):
        step = steps[0]
        one = {"muscle": step.muscle, "side": step.side, "finding": step.finding}
        assert not [f for f in findings if {**f, "present": None} == {**one, "present": None}]
        findings.append({**one, "present": answer})
        seconds += step.seconds
        assert seconds < 15 * 60


def test_no_band_is_asked_for_in_a_muscle_that_no_hand_feels() -> None:
    jaw = rank(read_case({"pain": ["disc:tmj:3:left"], "complaint": "jaw-pain"}))
    asked = {(one.muscle, one.finding) for one in jaw.next_examination}
    assert ("lateral-pterygoid", "taut-band") not in asked


def test_a_finding_in_a_muscle_already_pressed_tells_less() -> None:
    kind = finding_kinds()["taut-band"]
    fresh = Examined("infraspinatus", "left", {}, ())
    pressed = Examined("infraspinatus", "left", {"hypersensitive-spot": True}, ())
    assert expected_bits(0.5, kind, pressed) < expected_bits(0.5, kind, fresh)


def test_a_finding_that_never_errs_answers_a_toss_of_a_coin_with_one_bit() -> None:
    known = next(iter(finding_kinds().values()))
    never_errs = msgspec.structs.replace(known, validity=1.0, kappa=1.0, tilt=0.0)
    nothing = Examined("infraspinatus", "left", {}, ())
    assert expected_bits(0.5, never_errs, nothing) == pytest.approx(1.0)


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_no_finding_moves_what_is_certain(certain: float) -> None:
    assert updated(certain, 3.0) == updated(certain, -3.0) == certain
