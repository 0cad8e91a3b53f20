"""Which complaint a text means."""

from __future__ import annotations

import importlib
import tomllib
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import in_one_test

from filiform.anatomy import atlas
from filiform.anatomy.surface import patchwork
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.targeting import CaseError, complaints, general_names, rank, read_case, taken
from filiform.targeting.network import network
from filiform.targeting.priors import SidedPriors, priors

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
        ("کمر کے نچلے حصے میں درد", ["low-back-pain"]),
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
        ("back", "Back pain"),
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
        ("hedache", ["Headache"]),
        ("sholder pain", ["Shoulder pain"]),
        ("tenis elbow", ["Lateral elbow pain"]),
        ("LBP", ["Low back pain"]),
        ("bakache", ["Back pain"]),
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
    # Whoever is told that "headache" may be one of three can choose each of them.
    assert set(COMPLAINTS) == set(complaints()) - {"no-complaint"}


def test_the_answer_says_which_complaint_was_taken() -> None:
    (told,) = rank(read_case({"complaint": "outer hip pain"})).complaint
    assert (told.id, told.name) == ("hip-pain", "Hip or buttock pain")


HEADACHES = ["tension-headache", "cervicogenic-headache", "migraine"]
ELBOWS = ["tennis-elbow", "inner-elbow-forearm-pain"]
REGIONS: list[tuple[str, str, list[str]]] = [
    ("head", "سر", HEADACHES),
    ("back of the head", "سر کے پچھلے حصے", HEADACHES),
    ("temple", "کنپٹی", [*HEADACHES, "jaw-pain"]),
    ("forehead", "ماتھے", ["tension-headache", "migraine"]),
    ("face", "چہرے", ["face-ear-tooth-pain", "jaw-pain"]),
    ("cheek", "گال", ["face-ear-tooth-pain", "jaw-pain"]),
    ("ear", "کان", ["face-ear-tooth-pain", "jaw-pain"]),
    ("eye", "آنکھ", ["face-ear-tooth-pain", "migraine", "cervicogenic-headache"]),
    ("tooth", "دانت", ["face-ear-tooth-pain"]),
    ("jaw", "جبڑے", ["jaw-pain"]),
    ("neck", "گردن", ["neck-pain"]),
    ("neck and shoulder", "گردن اور کندھے", ["neck-pain", "shoulder-pain"]),
    ("shoulder", "کندھے", ["shoulder-pain"]),
    ("shoulder blade", "کندھے کی ہڈی", ["upper-back-pain", "neck-pain", "shoulder-pain"]),
    ("arm", "بازو", ["neck-arm-pain", "shoulder-pain", *ELBOWS]),
    ("upper arm", "بازو کے اوپری حصے", ["shoulder-pain", "neck-arm-pain"]),
    ("elbow", "کہنی", ELBOWS),
    ("forearm", "بازو کے نچلے حصے", ELBOWS),
    ("wrist", "کلائی", ["wrist-hand-pain"]),
    ("hand", "ہاتھ", ["wrist-hand-pain"]),
    ("palm", "ہتھیلی", ["wrist-hand-pain"]),
    ("chest", "سینے", ["chest-wall-pain"]),
    ("breast", "چھاتی", ["chest-wall-pain", "after-breast-surgery"]),
    ("rib", "پسلی", ["chest-wall-pain"]),
    ("abdominal", "پیٹ", ["abdominal-wall-pain"]),
    ("flank", "پہلو", ["low-back-pain", "abdominal-wall-pain"]),
    ("back", "کمر", ["low-back-pain", "upper-back-pain"]),
    ("back", "پیٹھ", ["low-back-pain", "upper-back-pain"]),
    ("spine", "ریڑھ", ["neck-pain", "upper-back-pain", "low-back-pain"]),
    ("upper back", "کمر کے اوپری حصے", ["upper-back-pain"]),
    ("low back", "کمر کے نچلے حصے", ["low-back-pain"]),
    ("pelvic", "پیڑو", ["pelvic-pain"]),
    ("tailbone", "دمچی", ["pelvic-pain"]),
    # What a complaint is itself called is that complaint: it has counts and skin of its own.
    ("hip", "کولہے", ["hip-pain"]),
    ("buttock", "سرین", ["hip-pain"]),
    ("groin", "چڈے", ["groin-thigh-pain"]),
    ("thigh", "ران", ["groin-thigh-pain"]),
    ("hip and thigh", "کولہے اور ران", ["hip-pain", "groin-thigh-pain"]),
    ("knee", "گھٹنے", ["knee-pain"]),
    ("leg", "ٹانگ", ["leg-pain-from-back", "groin-thigh-pain", "calf-shin-pain"]),
    ("calf", "پنڈلی", ["calf-shin-pain"]),
    ("ankle", "ٹخنے", ["foot-ankle-pain"]),
    ("foot", "پاؤں", ["foot-ankle-pain", "heel-pain"]),
    ("heel", "ایڑی", ["heel-pain"]),
    ("sole", "تلوے", ["foot-ankle-pain", "heel-pain"]),
    ("big toe", "پاؤں کے انگوٹھے", ["foot-ankle-pain"]),
]


@in_one_test(("english", "urdu", "meant"), REGIONS)
def test_a_region_with_pain_or_ache_is_all_that_it_may_be_and_the_same_in_both_languages(
    english: str, urdu: str, meant: list[str]
) -> None:
    for text in (f"{english} pain", f"left {english} ache", f"{urdu} کا درد", f"{urdu} میں درد"):
        assert [one.id for one in taken(text)] == meant, text


@in_one_test(
    "text",
    [
        "nose pain",
        "throat pain",
        "joint pain",
        "muscle ache",
        "body ache",
        "گلے کا درد",
        "جسم میں درد",
    ],
)
def test_a_region_without_a_complaint_of_ours_is_refused_with_the_nearest_three(text: str) -> None:
    with pytest.raises(module.UnknownComplaintError) as refused:
        taken(text)
    assert len(refused.value.nearest) == 3


def test_a_general_name_has_a_reason_real_complaints_and_warnings_of_the_atlas() -> None:
    for one in general_names().values():
        assert one.why.endswith("."), one.id
        assert one.name.en
        assert one.name.ur
        assert all(atlas().pain_sources[name].red_flag for name in one.asks_first), one.id


@in_one_test(
    ("text", "parts"), [("headache", 1), ("headache; migraine", 2), ("headache; سر درد", 1)]
)
def test_a_general_name_is_a_mixture_by_how_often_each_comes(text: str, parts: int) -> None:
    shares = {one: complaints()[one].share for one in HEADACHES}
    by_hand = {one: share / sum(shares.values()) / parts for one, share in shares.items()}
    if parts == 2:
        by_hand["migraine"] += 0.5
    assert module.weights(text) == pytest.approx(by_hand)


def test_the_answer_tells_all_that_were_taken_with_their_weights() -> None:
    told = rank(read_case({"complaint": "headache; migraine; knee ache"})).complaint
    assert [(one.id, one.general) for one in told] == [
        ("migraine", ""),
        ("knee-pain", ""),
        ("tension-headache", "headache"),
        ("cervicogenic-headache", "headache"),
    ]
    assert sum(one.weight for one in told) == pytest.approx(1)


def test_chest_pain_asks_for_heart_vessel_and_lung_first_whatever_is_drawn() -> None:
    flags = rank(read_case({"complaint": "chest pain"})).red_flags
    asked = [(one.source, one.side, one.urgency) for one in flags]
    assert asked == [
        (name, "midline", "emergency") for name in ("aorta-thoracic", "heart", "pleura")
    ]
    drawn = rank(read_case({"complaint": "سینے میں درد", "pain": ["disc:sternum-mid:5:midline"]}))
    named = [one.source for one in drawn.red_flags]
    assert {"heart", "aorta-thoracic", "pleura"} <= set(named)
    assert len(named) == len({(one.source, one.side) for one in drawn.red_flags})
    knee = rank(read_case({"complaint": "knee pain"})).red_flags
    assert knee == ()


def test_a_drawing_contradicts_a_general_name_only_where_none_of_its_complaints_hurts() -> None:
    def notes(complaint: str, area: str) -> list[tuple[str, str]]:
        told = rank(read_case({"complaint": complaint, "pain": [area]})).notes
        return [(one.code, one.about) for one in told]

    inner = "disc:medial-epicondyle:3:left"
    assert ("complaint-elsewhere", "Elbow pain") not in notes("elbow pain", inner)
    assert ("complaint-elsewhere", "Elbow pain") in notes("elbow pain", "disc:heel-plantar:3:left")
    assert ("complaint-elsewhere", "Lateral elbow pain") in notes("tennis elbow", inner)


@in_one_test(
    ("old", "new", "fault"),
    [
        ('of = ["low-back-pain", "upper-back-pain"]', 'of = ["low-back-pain"]', "of one complaint"),
        ('of = ["low-back-pain", "upper-back-pain"]', 'of = ["x", "heel-pain"]', "unknown"),
        ('of = ["foot-ankle-pain", "heel-pain"]', 'of = ["no-complaint", "heel-pain"]', "unknown"),
        ('also = { en = ["backache"]', 'also = { en = ["heel ache"]', "a name of two complaints"),
    ],
)
def test_a_general_name_of_one_or_of_an_unknown_complaint_is_refused(
    old: str, new: str, fault: str
) -> None:
    text = (files("filiform.targeting") / "data" / "complaints.toml").read_text("utf-8")
    assert old in text
    read = module.msgspec.convert(tomllib.loads(text.replace(old, new, 1)), module._Read)
    with pytest.raises(ValueError, match=fault):
        module._checked(read)


def chance_at(found: SidedPriors, at: int) -> float:
    return float(np.concatenate([found.sided, found.middle])[at])


PATIENTS = [one.id for one in complaints().values() if one.share]


@settings(max_examples=15, deadline=None)
@given(
    names=st.lists(
        st.sampled_from([*general_names(), *PATIENTS]), min_size=1, max_size=3, unique=True
    ),
    left_share=st.floats(0, 1),
    some=st.data(),
)
def test_the_prior_of_what_was_told_is_the_mixture_of_a_slow_reference(
    names: list[str], left_share: float, some: st.DataObject
) -> None:
    net, nothing = network(), np.zeros(patchwork().count)
    parts = [list(general_names()[one].of) if one in general_names() else [one] for one in names]
    told = priors(nothing, module.weights("; ".join(names)), left_share)
    # Of 428 sources some: each costs the slow way a ranking of its own.
    alone = {one: priors(nothing, {one: 1.0}, left_share) for part in parts for one in part}
    for at in some.draw(st.lists(st.integers(0, len(net.sources) - 1), min_size=5, max_size=20)):
        slow = 0.0
        for part in parts:
            whole = sum(complaints()[one].share for one in part)
            for one in part:
                slow += complaints()[one].share / whole * chance_at(alone[one], at) / len(parts)
        assert chance_at(told, at) == pytest.approx(slow, rel=1e-9, abs=3e-6)
        each = [chance_at(alone[one], at) for part in parts for one in part]
        # A mixture, never a sum: it lies among those that it mixes.
        assert min(each) - 3e-6 <= chance_at(told, at) <= max(each) + 3e-6


def test_a_name_of_two_complaints_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_words", lambda _name: frozenset({"pain"}))
    with pytest.raises(ValueError, match="a name of two complaints"):
        module._checked(module._read())
