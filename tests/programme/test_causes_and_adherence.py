"""Causes are asked by region, and pain at home moves the step."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.programme.test_propose import MUSCLES
from tests.tables import check_each

from filiform.programme import HomeDay, adherence, causes, causes_for, next_step

TODAY = date(2026, 11, 28)
KINDS = {"posture", "work", "sleep", "footwear", "stress", "deficiency", "illness"}


def day(ago: int, felt: int | None = None, before: int | None = None, after: int | None = None):
    on = TODAY - timedelta(days=ago)
    return HomeDay(on=on, felt=felt, pain_before=before, pain_after=after)


def test_every_muscle_has_a_short_list_of_causes_of_its_region_and_of_everyone():
    def check(muscle):
        found = causes_for([(muscle, "left")])
        assert 5 <= len(found) <= 12
        assert any(one.groups for one in found)

    check_each(MUSCLES, check)
    assert {one.kind for one in causes().values()} == KINDS


def test_every_cause_speaks_both_languages_and_has_an_action_and_a_source():
    for one in causes().values():
        for words in (one.name, one.ask, one.action):
            assert words.en
            assert re.search("[\u0600-\u06ff]", words.ur), one.id
        assert one.sources, one.id


def test_shoes_are_asked_about_for_a_heel_and_not_for_a_jaw():
    assert "shoes" in {one.id for one in causes_for([("soleus", "left")])}
    assert "shoes" not in {one.id for one in causes_for([("masseter-deep", "left")])}


STEPS = [
    ([day(1, 6)], "stay"),
    ([day(2, 6), day(1, 6)], "down"),
    ([day(3, 6), day(2, 1), day(1, 7)], "down"),
    ([day(2, 2, 3, 5), day(1, 2, 2, 4)], "down"),
    ([day(2, 5, 3, 4), day(1, 5, 2, 3)], "stay"),
    ([day(3, 3), day(2, 2), day(1, 0)], "up"),
    ([day(2, 1), day(1, 1)], "stay"),
    ([day(3, 1), day(2), day(1, 1)], "stay"),
    ([day(9, 8), day(8, 8), day(3, 1), day(2, 1), day(1, 1)], "up"),
    ([], "stay"),
]


def test_twice_too_painful_is_a_step_down_and_three_times_easy_a_step_up():
    def check(days, step):
        assert next_step(days) == step

    check_each(STEPS, check)


def test_what_hurt_before_the_dose_was_changed_says_nothing_about_the_new_one():
    days = [day(4, 8), day(3, 8), day(1, 4)]
    assert adherence(days, on=TODAY, days_per_week=7).step == "down"
    changed = adherence(days, on=TODAY, days_per_week=7, changed_on=TODAY - timedelta(days=2))
    assert changed.step == "stay"
    assert changed.done == 3, "and nothing that was done is lost"


@given(st.sets(st.integers(0, 20)))
def test_the_streak_is_the_days_in_a_row_and_a_morning_breaks_none(ago):
    days = [day(one) for one in ago]
    said = adherence(days, on=TODAY, days_per_week=5)
    first = 0 if 0 in ago else 1
    slow = next(length for length in range(23) if first + length not in ago)
    assert said.streak == slow
    assert said.done == len({one for one in ago if one < 7})
    marks = "".join("x" if one in ago else " " for one in range(22))
    assert said.longest == max(map(len, marks.split()), default=0)
    assert len(said.week) == said.done
    assert adherence([*days, *days], on=TODAY, days_per_week=5) == said, "two ticks are one day"
