"""Settings of techniques, current and its contraindications, and the direction of the needle."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filiform.anatomy import atlas
from filiform.planning import TECHNIQUES, has_current
from filiform.planning import settings as room
from filiform.planning.headings import headings, usual_heading, vector
from filiform.planning.settings import check_settings, settings_book, settings_of, usual_settings
from filiform.reasons import Weight, say
from filiform.screening import rules

TECHNIQUE_IDS = [key for key, _name in TECHNIQUES]


def codes(muscle, settings, *, technique="electrical", found=()):
    return [one.code for one in check_settings(muscle, technique, settings, found=found)]


@pytest.mark.parametrize("technique", TECHNIQUE_IDS)
def test_what_a_technique_is_usually_set_to_has_nothing_against_it(technique):
    assert check_settings("gluteus-medius", technique, usual_settings(technique)) == ()


def test_what_nothing_is_usual_for_is_left_to_whoever_plans(monkeypatch):
    book = settings_book()
    bare = tuple(msgspec.structs.replace(one, usual=None) for one in book.setting)
    monkeypatch.setattr(room, "settings_book", lambda: msgspec.structs.replace(book, setting=bare))
    assert set(usual_settings("winding")) == {"dwell_min"}, "the technique says how long"


def test_every_rule_that_forbids_current_is_a_rule_of_screening():
    known = {rule.id for rule in rules()}
    assert {one.rule for one in settings_book().against} <= known


CURRENT = [
    # what screening found, muscle, reason, weight
    ("pacemaker-electro", "gluteus-medius", "plan-current-device", Weight.ABSOLUTE),
    ("pregnancy-t1", "soleus", "plan-current-pregnancy", Weight.ABSOLUTE),
    ("pregnancy-t2t3", "gluteus-medius", "plan-current-pregnancy-trunk", Weight.ABSOLUTE),
    ("pregnancy-t2t3", "soleus", "", None),
    ("epilepsy", "temporalis", "plan-current-epilepsy", Weight.ABSOLUTE),
    ("epilepsy", "soleus", "", None),
    ("immunosuppressed", "soleus", "plan-current-infection", Weight.RELATIVE),
    ("sensory-loss", "soleus", "plan-current-numb", Weight.RELATIVE),
    ("cardiac-acute", "soleus", "plan-current-heart", Weight.ABSOLUTE),
]


def test_only_electrical_needling_passes_a_current() -> None:
    assert [one for one, _name in TECHNIQUES if has_current(one)] == ["electrical"]
    assert not has_current("unheard of")


def test_current_is_held_back_by_what_screening_found_and_only_where_it_matters():
    for rule, muscle, code, weight in CURRENT:
        found = check_settings(muscle, "electrical", usual_settings("electrical"), found={rule})
        assert [one.code for one in found] == ([code] if code else []), (rule, muscle)
        assert [one.weight for one in found] == ([weight] if code else []), (rule, muscle)
        assert all(one.sources for one in found), rule


def test_a_pacemaker_does_not_stand_against_a_needle_without_current():
    assert codes("soleus", {}, technique="deep-static", found={"pacemaker-electro"}) == []


def test_two_findings_with_one_consequence_are_said_once():
    found = {"immunosuppressed", "endocarditis-valve"}
    assert codes("soleus", {}, found=found) == ["plan-current-infection"]


NUMBERS = [
    ({"frequency_hz": 2}, []),
    ({"frequency_hz": 150}, ["plan-setting-unusual"]),
    ({"frequency_hz": 5000}, ["plan-setting-out-of-range"]),
    ({"frequency_hz": float("nan")}, ["plan-setting-out-of-range"]),
    ({"pulse_width_us": "wide"}, ["plan-setting-out-of-range"]),
    ({"pulse_width_us": 90}, ["plan-setting-unusual"]),
    ({"waveform": "galvanic"}, ["plan-setting-unknown"]),
    ({"current_min": 45}, ["plan-setting-unusual"]),
    ({"turns_deg": 9000}, []),  # electrical needling has no turns
]


def test_settings_outside_what_the_source_describes_are_minded_and_nonsense_is_refused():
    for given_settings, expected in NUMBERS:
        assert codes("soleus", given_settings) == expected, given_settings


@given(value=st.floats(allow_nan=True), technique=st.sampled_from(TECHNIQUE_IDS))
def test_whatever_number_is_set_there_is_an_answer_that_can_be_said(value, technique):
    settings = {one.id: value for one in settings_of(technique)}
    for reason in check_settings("soleus", technique, settings):
        assert say(reason)


def test_a_heading_points_to_the_other_side_on_the_other_side():
    for heading in headings():
        left, right = vector(heading.id, "left"), vector(heading.id, "right")
        assert (left[0], *left[1:]) == (-right[0], *right[1:])
    assert vector("lateral", "left")[0] > 0
    with pytest.raises(KeyError, match="no heading"):
        vector("upwards", "left")


def test_no_muscle_over_the_lung_is_headed_forwards_without_a_fold():
    # Forwards from the back of the chest is towards the lung.
    for muscle in atlas().muscles.values():
        for point in ("", *(one.number for one in muscle.trigger_points)):
            forwards = "anterior" in usual_heading(muscle.id, point)
            fold = muscle.needling.approach == "fold"
            assert not (muscle.over_lung and forwards and not fold), muscle.id


def test_the_two_points_of_piriformis_have_two_directions():
    assert usual_heading("piriformis", "1") == "lateral"
    assert usual_heading("piriformis", "2") == "medial"
    assert usual_heading("piriformis") == ""
