"""One table of warning signs; nothing that a patient is told is less urgent than it."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filiform.outcomes import QUESTIONS, CheckReport, aftercare_advice, checks_due, table, triage
from filiform.warning_signs import (
    EVERYTHING,
    Urgency,
    listed,
    public_signs,
    signs,
    thinner_signs,
    what_to_do,
)
from filiform.warning_signs import table as room

URDU = re.compile(r"[\u0600-\u06ff]")
FLAGS = sorted(EVERYTHING)
SUMMED_UP = {"fever_and_redness"}
"""Signs that a check asks about in two questions."""


def worse_first(*urgencies: Urgency | None) -> list[int]:
    return [urgency.rank if urgency else len(Urgency) for urgency in urgencies]


@given(
    sign=st.sampled_from(sorted(signs())),
    flags=st.sets(st.sampled_from(FLAGS)),
    more=st.sets(st.sampled_from(FLAGS)),
    hours=st.floats(0, 400),
    later=st.floats(0, 400),
)
def test_more_danger_or_more_time_never_makes_a_sign_less_urgent(sign, flags, more, hours, later):
    now = signs()[sign].urgency(flags, hours)
    worse = signs()[sign].urgency(flags | more, hours + later)
    unknown = signs()[sign].urgency()
    ranks = worse_first(unknown, worse, now)
    assert ranks == sorted(ranks)


def test_every_row_has_a_source_and_every_sign_words_in_both_languages():
    for sign in signs().values():
        for words in (sign.felt, sign.name, *([sign.then] if sign.then else [])):
            assert URDU.search(words.ur), sign.id
        assert all(row.sources for row in sign.row), sign.id


def test_triage_knows_every_sign_that_pages_list():
    known = {rule.sign for rule in table().rule}
    asked = {sign.id for sign in signs().values() if sign.asked}
    assert asked - known == SUMMED_UP
    assert {rule.field for rule in table().rule} == {question.id for question in QUESTIONS}


@given(flags=st.sets(st.sampled_from(FLAGS)))
def test_triage_is_never_less_urgent_than_the_table(flags):
    for rule in table().rule:
        if rule.any_text or rule.at_least is not None:
            continue
        held = flags & {"over_lung", "neck_or_spine", "antithrombotic"}
        report = {"over_lung": False, "neck_or_spine": False} | dict.fromkeys(held, True)
        answer = triage(CheckReport(hours_since=24, **{rule.field: rule.is_[0]}, **report))
        wanted = signs()[rule.sign].urgency(held | {rule.patient}, 24)
        assert wanted is not None, rule.id
        assert answer.urgency.rank <= wanted.rank, rule.id


def test_the_public_page_takes_a_bad_headache_and_a_weak_arm_for_an_emergency():
    told = {sign.id for sign in public_signs(Urgency.EMERGENCY)}
    assert {"severe_headache", "weak", "pregnant_bleeding", "cough"} <= told
    assert {sign.id for sign in thinner_signs()} == {"bleeding_not_stopping", "bruise_growing"}


def test_the_sheet_says_emergency_wherever_the_table_does_for_what_was_needled():
    for muscle, held in (
        ("soleus", set()),
        ("trapezius-upper", {"over_lung"}),
        ("lumbar-multifidus", {"neck_or_spine"}),
    ):
        for pregnant in (False, True):
            sheet = aftercare_advice([muscle], pregnant=pregnant)
            told = {line.id: line.kind for line in sheet}
            known = held | ({"pregnant"} if pregnant else set())
            for sign in signs().values():
                wanted = sign.urgency(known)
                if sign.asked and wanted is Urgency.EMERGENCY:
                    assert told[f"sign-{sign.id}"] == "emergency", (muscle, sign.id)


def test_two_hours_after_a_needle_near_the_spine_somebody_asks_and_says_why():
    first = checks_due(
        muscles=["lumbar-multifidus"], first_visit=False, antithrombotic=False, pregnant=False
    )[0]
    assert first.hours == 2
    assert "near the spine" in first.why[-1].en
    assert "SAFETY-D2" in first.sources


def test_signs_inside_a_sentence_are_joined_as_people_speak():
    some = [signs()["chest_pain"], signs()["fever"], signs()["numb"]]
    assert listed(some[:1]).en == "chest pain"
    assert listed(some).en == "chest pain, fever or new numbness"
    assert listed(some).ur == "سینے میں درد، بخار یا نیا سُن پن"


def test_every_urgency_says_where_to_go_in_both_languages():
    for urgency in Urgency:
        told = what_to_do(urgency)
        assert URDU.search(told.title.ur), urgency
        assert URDU.search(told.do.ur), urgency


def test_a_sign_that_stands_twice_or_an_urgency_without_words_is_refused(monkeypatch):
    # Which of two rows holds would be chance, and a page of danger would say nothing.
    known = room._table()
    defects = {
        "stand twice: ..chest_pain": {"sign": (*known.sign, signs()["chest_pain"])},
        "every urgency needs words": {"urgency": dict(list(known.urgency.items())[1:])},
    }
    for says, change in defects.items():
        broken = msgspec.structs.replace(known, **change)
        monkeypatch.setattr(room, "read_toml", lambda *_, broken=broken: broken)
        with pytest.raises(ValueError, match=says):
            room._table.__wrapped__()
