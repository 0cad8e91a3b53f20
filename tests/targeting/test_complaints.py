"""Which complaint a text means."""

from __future__ import annotations

import importlib

import pytest
from tests.tables import in_one_test

from filiform.anatomy import atlas
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.targeting import CaseError, complaints, rank, read_case, taken

module = importlib.import_module("filiform.targeting.complaints")


@in_one_test(
    ("text", "meant"),
    [
        ("lateral hip pain", ["hip-pain"]),
        ("Lateral  HIP pain, left", ["hip-pain"]),
        ("pain in the right shoulder since 3 months", ["shoulder-pain"]),
        ("lateral epicondylalgia", ["tennis-elbow"]),
        ("post-stroke shoulder pain", ["shoulder-after-stroke"]),
        ("chronic neck pain radiating to the arm, normal MRI", ["neck-arm-pain"]),
        ("کمر میں درد", ["low-back-pain"]),
        ("knee pain; plantar fasciitis", ["knee-pain", "heel-pain"]),
        ("", []),
    ],
)
def test_a_complaint_is_taken_by_its_id_or_a_known_name(text: str, meant: list[str]) -> None:
    assert [one.id for one in taken(text)] == meant


@in_one_test(
    ("text", "near"),
    [
        ("lateral pain", "Hip or buttock pain"),
        ("hurts when I throw", "nearest are"),
        ("back", "Low back pain"),
        ("pain", "nearest are"),
        ("گردن کچھ اور", "گردن کا درد"),
    ],
)
def test_one_shared_word_is_no_name_and_the_nearest_three_are_told(text: str, near: str) -> None:
    with pytest.raises(CaseError) as refused:
        read_case({"complaint": text})
    said = str(refused.value)
    assert near in said
    assert said.count('"') == 2 * (1 + 3)
    assert "\n" not in said


@in_one_test(
    ("text", "near"),
    [
        ("sholder pain", ["Shoulder pain"]),
        ("tenis elbow", ["Lateral elbow pain"]),
        ("LBP", ["Low back pain"]),
        ("backache", ["Low back pain"]),
        ("siatica", ["Leg pain from the back"]),
        ("planter fasciitis", ["Heel pain"]),
        ("left knee and right shoulder pain", ["Knee pain", "Shoulder pain"]),
        ("neck pain and low back pain", ["Low back pain", "Neck pain"]),
        ("ایڑھی کا درد", ["Heel pain"]),
    ],
)
def test_what_is_misspelt_or_two_in_one_finds_itself_among_the_nearest(
    text: str, near: list[str]
) -> None:
    with pytest.raises(module.UnknownComplaintError) as refused:
        taken(text)
    names = [one.en for one in refused.value.nearest]
    assert set(near) <= set(names)
    assert "No complaint" not in names


def test_every_complaint_of_the_prevalence_table_and_of_the_visit_is_a_known_name() -> None:
    counted = {row.complaint for row in atlas().prevalence}
    assert {name for name in counted if len(taken(name)) != 1} == set()
    assert set(COMPLAINTS) <= set(complaints())


def test_the_answer_says_which_complaint_was_taken() -> None:
    (told,) = rank(read_case({"complaint": "outer hip pain"})).complaint
    assert (told.id, told.name) == ("hip-pain", "Hip or buttock pain")


def test_a_name_of_two_complaints_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_words", lambda _name: frozenset({"pain"}))
    with pytest.raises(ValueError, match="a name of two complaints"):
        module.complaints.__wrapped__()
