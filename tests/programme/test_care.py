"""A plan of care has an end, a review and bounds; tables that don't fit are refused."""

from __future__ import annotations

import importlib
from datetime import date, timedelta

import msgspec
import pytest
from tests.tables import check_each

from filiform.data_files import read_toml
from filiform.programme import (
    ExerciseDose,
    course_knowledge,
    proposed,
    reasons_against_plan,
    reasons_to_look_again,
)
from filiform.reasons import say

DAY = date(2026, 11, 28)
NECK = proposed(course_knowledge().plan_of["neck-pain"], on=DAY)


def test_a_plan_of_the_notes_is_within_its_own_bounds_and_reviewed_before_it_ends():
    def check(condition):
        plan = proposed(course_knowledge().plan_of[condition], on=DAY)
        assert reasons_against_plan(plan) == ()
        assert DAY < plan.review_on <= plan.ends_on

    check_each(sorted(course_knowledge().plan_of), check)
    assert (NECK.review_on - DAY).days == 21, "after 3 of 6 visits in 6 weeks"


BAD = [
    ({"visits": 0, "needling": 0}, ["care-visits"]),
    ({"visits": 31, "needling": 0}, ["care-visits"]),
    ({"needling": 7}, ["care-needling"]),
    ({"ends_on": DAY, "review_on": DAY}, ["care-end"]),
    ({"ends_on": DAY + timedelta(days=365)}, ["care-end"]),
    ({"review_on": DAY - timedelta(days=1)}, ["care-review-outside"]),
]


def test_a_plan_that_makes_no_sense_says_what_is_allowed():
    def check(change, codes):
        reasons = reasons_against_plan(msgspec.structs.replace(NECK, **change))
        assert [one.code for one in reasons] == codes
        assert all("%(" not in say(one, language) for one in reasons for language in ("en", "ur"))

    check_each(BAD, check)


DUE = [
    # day of the plan, visits, needled → what asks for a decision
    (0, 0, 0, []),
    (20, 3, 3, []),
    (21, 3, 3, ["care-review-due"]),
    (42, 3, 3, ["care-review-due"]),
    (43, 3, 3, ["care-ended"]),
    (10, 6, 3, ["care-visits-used"]),
    (10, 6, 6, ["care-visits-used", "care-needling-used"]),
]


def test_a_plan_asks_for_a_decision_when_its_day_or_its_number_has_come():
    def check(day, visits, needled, codes):
        on = DAY + timedelta(days=day)
        found = reasons_to_look_again(NECK, visits=visits, needled=needled, on=on)
        assert [one.code for one in found] == codes

    check_each(DUE, check)
    none = msgspec.structs.replace(NECK, needling=0)
    assert reasons_to_look_again(none, visits=1, needled=0, on=DAY) == ()


@pytest.mark.parametrize(
    ("room", "ask", "field", "change", "names"),
    [
        ("course", "course_knowledge", "stage", {"phases": ("tomorrow",)}, "tomorrow"),
        ("course", "course_knowledge", "plan", {"conditions": {"neck-pain"}}, "is in"),
        ("causes", "causes", "cause", {"groups": {"wing"}}, "wing"),
        ("knowledge", "knowledge", "stretch", {"dose": ExerciseDose(hold_s=900)}, "out of bounds"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_and_named(
    monkeypatch, room, ask, field, change, names
):
    module = importlib.import_module(f"filiform.programme.{room}")

    def altered(package, file, kind):
        table = read_toml(package, file, kind)
        if not hasattr(table, field):
            return table
        first, *rest = getattr(table, field)
        return msgspec.structs.replace(
            table, **{field: (msgspec.structs.replace(first, **change), *rest)}
        )

    monkeypatch.setattr(module, "read_toml", altered)
    with pytest.raises(ValueError, match=names):
        getattr(module, ask).__wrapped__()
