"""Something sensible goes with every muscle, and what is left out has its reason."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import check_each

from filiform.anatomy import atlas
from filiform.data_files import read_toml
from filiform.programme import ExerciseDose, as_json, dose_words, knowledge, propose
from filiform.reasons import say, sentences

module = importlib.import_module("filiform.programme.knowledge")
MUSCLES = sorted(atlas().muscles)
URDU = re.compile(r"[\u0600-\u06ff]")

targets = st.lists(
    st.tuples(st.sampled_from(MUSCLES), st.sampled_from(["left", "right", "bilateral"])),
    min_size=1,
    max_size=8,
)
facts = st.fixed_dictionaries(
    {
        "needled": st.booleans(),
        "on_antithrombotic": st.booleans(),
        "age_years": st.none() | st.floats(18, 100),
        "pregnant": st.booleans(),
        "numb_feet": st.booleans(),
        "bending_hurts": st.booleans(),
        "hip_tendon_pain": st.booleans(),
    }
)


def items(programme):
    return [item for phase in programme.phases for item in phase.items]


SIDES = [
    # target, side → exercise, the side that it is told for
    ("gluteus-medius", ["left"], "walking", ""),
    ("gluteus-medius", ["left"], "ball-gluteal", "left"),
    ("gluteus-medius", ["left", "right"], "ball-gluteal", "bilateral"),
    ("infraspinatus", ["right"], "er-band", "right"),
    ("trapezius-upper", ["right"], "shrug", ""),
]


def test_only_what_is_done_on_one_side_is_told_for_a_side():
    def check(muscle, sides, exercise, told):
        programme = propose([(muscle, side) for side in sides], needled=False)
        assert {one.side for one in items(programme) if one.id == exercise} == {told}

    check_each(SIDES, check)


def test_one_is_told_as_one():
    dose = ExerciseDose(sets=2, reps=3, hold_s=1, minutes=1, days_per_week=1)
    said = dose_words(dose).in_language("en")
    assert said == "2 rounds of 3 times, hold 1 second, 1 minute, once a week"


def test_every_muscle_gets_a_stretch_an_exercise_and_advice():
    check_each(MUSCLES, check_muscle)


def check_muscle(muscle: str):
    programme = propose([(muscle, "left")])
    kinds = {item.kind for item in items(programme)}
    assert {"stretch", "exercise", "advice", "manual-therapy"} <= kinds
    stretch = next(item for item in items(programme) if item.kind == "stretch")
    assert stretch.muscle == muscle
    assert stretch.side == "left"
    assert len(stretch.how) >= 3


@settings(max_examples=150, deadline=None)
@given(targets=targets, facts=facts)
def test_every_item_speaks_both_languages_and_names_its_source(targets, facts):
    programme = propose(targets, **facts)
    for item in items(programme):
        texts = [item.name, *item.how, *item.cautions]
        texts += [item.dose_words] if item.dose_words else []
        for words in texts:
            assert words.en, item.id
            assert URDU.search(words.ur), item.id
        assert item.sources, item.id
    for reason in programme.left_out:
        for language in ("en", "ur"):
            assert "%(" not in say(reason, language)


@settings(max_examples=150, deadline=None)
@given(targets=targets, facts=facts)
def test_no_phase_names_the_same_thing_twice_and_the_card_stays_short(targets, facts):
    for phase in propose(targets, **facts).phases:
        ids = [item.id for item in phase.items]
        assert len(ids) == len(set(ids))
        of_kind = [item.kind for item in phase.items]
        assert of_kind.count("self-release") <= 2
        assert len({i.id.split(":")[0] for i in phase.items if i.kind == "stretch"}) <= 4


@settings(max_examples=100, deadline=None)
@given(targets=targets)
def test_nobody_presses_a_needled_spot_by_themselves_in_the_first_day(targets):
    for phase in propose(targets).phases:
        if phase.from_hours < 24:
            assert not [item for item in phase.items if item.kind == "self-release"]


@settings(max_examples=100, deadline=None)
@given(targets=targets)
def test_under_a_blood_thinner_there_is_no_self_release_and_the_reason_is_told(targets):
    programme = propose(targets, on_antithrombotic=True)
    assert not [item for item in items(programme) if item.kind == "self-release"]
    without = propose(targets)
    if [item for item in items(without) if item.kind == "self-release"]:
        codes = {reason.code for reason in programme.left_out}
        assert "programme-no-pressure-antithrombotic" in codes


@settings(max_examples=100, deadline=None)
@given(targets=targets, facts=facts)
def test_a_fact_that_speaks_against_something_never_adds_an_item_of_that_caution(targets, facts):
    cautions = knowledge().cautions
    programme = propose(targets, **facts)
    shown = {words for item in items(programme) for words in item.cautions}
    for fact, caution in (
        ("pregnant", "prone"),
        ("numb_feet", "not-numb"),
        ("bending_hurts", "disc"),
        ("hip_tendon_pain", "tendon-hip"),
    ):
        if facts[fact]:
            assert cautions[caution] not in shown


def test_over_65_nothing_goes_to_the_end_of_the_neck():
    older = propose([("sternocleidomastoid-sternal", "left")], age_years=66)
    assert "programme-neck-older" in {reason.code for reason in older.left_out}
    assert not [item for item in items(older) if item.id.startswith("front-side-neck")]
    younger = propose([("sternocleidomastoid-sternal", "left")], age_years=65)
    assert [item for item in items(younger) if item.id.startswith("front-side-neck")]


def test_no_thrust_on_a_chest_that_was_needled_today():
    def codes(muscle: str, **more) -> set[str]:
        return {reason.code for reason in propose([(muscle, "left")], **more).left_out}

    assert "programme-no-thrust-thorax" in codes("rhomboid-major")
    assert "programme-no-thrust-thorax" not in codes("soleus")
    assert "programme-no-thrust-thorax" not in codes("rhomboid-major", needled=False)


def test_stretches_are_three_times_thirty_seconds_twice_a_day_and_ten_minutes_a_week_later():
    programme = propose([("soleus", "right")])
    doses = {p.id: i.dose for p in programme.phases for i in p.items if i.kind == "stretch"}
    assert doses["first-day"] == ExerciseDose(sets=3, hold_s=30, times_per_day=2, days_per_week=7)
    later = doses["from-day-3"]
    assert later.sets * later.hold_s * later.times_per_day * later.days_per_week == 600


def test_muscles_with_the_same_stretch_share_one_item():
    programme = propose([("infraspinatus", "right"), ("teres-minor", "right")])
    clinic = next(phase for phase in programme.phases if phase.id == "clinic")
    stretches = [item for item in clinic.items if item.kind == "stretch"]
    assert len(stretches) == 1
    assert stretches[0].muscles == ("infraspinatus", "teres-minor")


def test_both_sides_of_a_muscle_are_two_stretches():
    clinic = propose([("soleus", "left"), ("soleus", "right")]).phases[0]
    assert {i.side for i in clinic.items if i.kind == "stretch"} == {"left", "right"}


def test_upper_trapezius_turns_towards_and_levator_away_from_the_sore_side():
    """The two stretches differ only there; a wrong side would stretch the neighbour."""
    trapezius = knowledge().stretch_of["trapezius-upper"]
    levator = knowledge().stretch_of["levator-scapulae"]
    assert "towards the sore side" in trapezius.how[2].en
    assert "away from the sore side" in levator.how[1].en
    assert "rotation toward" in trapezius.angles
    assert "rotation away" in levator.angles


def test_without_targets_there_is_nothing_to_propose():
    programme = propose([])
    assert programme.phases == ()
    assert programme.left_out == ()


def test_perpetuating_factors_of_the_atlas_come_along():
    factors = propose([("splenius-capitis", "left")]).factors
    assert "Whiplash" in factors["splenius-capitis"]


@pytest.mark.parametrize(
    ("dose", "english", "urdu"),
    [
        (ExerciseDose(sets=3, hold_s=30, times_per_day=2, days_per_week=7),
         "3 times, hold 30 seconds, 2 times a day, every day",
         "3 بار، 30 سیکنڈ روکیں، دن میں 2 بار، روزانہ"),
        (ExerciseDose(sets=3, reps=12, times_per_day=1, days_per_week=3),
         "3 rounds of 12 times, 3 days a week", "12 بار کے 3 دور، ہفتے میں 3 دن"),
        (ExerciseDose(minutes=20, days_per_week=5),
         "20 minutes, 5 days a week", "20 منٹ، ہفتے میں 5 دن"),
    ],
)  # fmt: skip
def test_doses_read_as_people_say_them(dose, english, urdu):
    assert dose_words(dose).en == english
    assert dose_words(dose).ur == urdu


def test_the_json_of_a_programme_keeps_the_contract_in_either_language():
    programme = propose([("soleus", "right")])
    for language in ("en", "ur"):
        document = as_json(programme, language)
        assert document["phases"]
        for phase in document["phases"]:
            for item in phase["items"]:
                assert {"id", "kind", "muscle", "dose", "cautions", "sources"} <= set(item)
        assert all(reason["text"] for reason in document["left_out"])
    assert URDU.search(as_json(programme, "ur")["phases"][0]["name"])


def test_an_unknown_side_or_muscle_is_refused_with_what_is_allowed():
    with pytest.raises(ValueError, match="allowed: left, right, midline, bilateral"):
        propose([("soleus", "up")])
    with pytest.raises(KeyError, match="soleus"):
        propose([("soleuss", "left")])


def test_every_reason_of_the_programme_speaks_urdu():
    for code, sentence in sentences().items():
        if code.startswith("programme-"):
            assert URDU.search(sentence.says.ur), code


def _altered(name: str, field: str, alter: Callable[[Any], Any]) -> Callable[..., Any]:
    """The real tables, one entry of one of them altered."""

    def read(package: str, file: str, kind: type[Any]) -> Any:
        table = read_toml(package, file, kind)
        if file != name:
            return table
        return msgspec.structs.replace(table, **{field: alter(getattr(table, field))})

    return read


def _first(**changes: Any) -> Callable[[Any], Any]:
    return lambda entries: (msgspec.structs.replace(entries[0], **changes), *entries[1:])


@pytest.mark.parametrize(
    ("file", "field", "alter", "names"),
    [
        ("companions.toml", "companion", _first(phases=("tomorrow",)), r"\['tomorrow'\]"),
        ("companions.toml", "companion", _first(groups=frozenset({"x"})), r"\['x'\]"),
        ("phases.toml", "general", _first(cautions=("ghosts",)), r"\['ghosts'\]"),
        ("stretches.toml", "stretch", _first(cautions=("ghosts",)), r"stretches.toml.*ghosts"),
        ("stretches.toml", "stretch", lambda all_: all_[1:], "without an entry"),
        ("companions.toml", "group", lambda all_: (*all_, all_[0]), "is in .* and"),
    ],
)
def test_a_table_that_does_not_fit_the_others_is_refused_and_the_entry_named(
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    field: str,
    alter: Callable[[Any], Any],
    names: str,
) -> None:
    monkeypatch.setattr(module, "read_toml", _altered(file, field, alter))
    with pytest.raises(ValueError, match=names):
        module.knowledge.__wrapped__()
