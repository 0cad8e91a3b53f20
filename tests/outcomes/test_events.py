"""The register's knowledge: grades, duties and their deadlines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filiform.outcomes.events import (
    DEVICE_KINDS,
    Duty,
    duties,
    duties_for,
    is_serious,
    proposed_grade,
    register,
)
from filiform.outcomes.followup import table
from filiform.sources import sources
from filiform.words import Words

FRIDAY = datetime(2026, 11, 27, 18, tzinfo=UTC)


def ids(**event) -> set[str]:
    event = {"country": "PK", "kind": "bruise", "grade": "1", "criteria": ()} | event
    return {duty.id for duty in duties_for(**event)}


def test_every_class_of_the_checks_has_a_grade_and_a_graver_class_no_lower_one() -> None:
    order = ("expected", "mild", "moderate", "serious", "critical")
    grades = [int(proposed_grade(one)) for one in order]
    assert grades == sorted(grades) == [1, 1, 2, 3, 4]
    assert {rule.grade for rule in table().rule} <= {*order, "unknown"}
    assert proposed_grade("never heard of") == "2"


def test_who_has_to_be_told_of_what() -> None:
    cases = (
        ({}, set()),
        ({"grade": "2"}, {"lead", "patient"}),
        ({"grade": "3"}, {"lead", "patient", "insurer", "pk-analysis"}),
        ({"criteria": ["hospital"]}, {"lead", "patient", "insurer", "pk-analysis"}),
        ({"kind": "broken"}, {"pk-device"}),
        ({"kind": "broken", "grade": "3", "country": "US"},
         {"lead", "patient", "insurer", "us-device"}),
        ({"grade": "5", "country": "ZZ"}, {"lead", "patient", "insurer"}),
    )  # fmt: skip
    for event, expected in cases:
        assert ids(**event) == expected, event


@given(
    kind=st.sampled_from(["bruise", *sorted(DEVICE_KINDS)]),
    country=st.sampled_from(["PK", "GB", "US", ""]),
    grades=st.tuples(st.integers(0, 5), st.integers(0, 5)),
)
def test_a_graver_event_never_has_fewer_duties(kind, country, grades) -> None:
    low, high = sorted(grades)
    less = ids(kind=kind, country=country, grade=str(low))
    assert less <= ids(kind=kind, country=country, grade=str(high))
    assert less <= ids(kind=kind, country=country, grade=str(low), criteria=["hospital"])


def test_a_duty_has_one_deadline() -> None:
    for deadline in ({}, {"hours": 72, "working_days": 1}):
        with pytest.raises(ValueError, match="x: give hours or working_days, one of them"):
            Duty(id="x", where="", when="serious", to=Words(en="x"), status="design",
                 note=Words(en="x"), sources=(), **deadline)  # fmt: skip


def test_a_published_rate_stands_with_what_its_study_leaves_open() -> None:
    for study in register().published:
        assert study.rate.low <= study.events / study.of < study.rate.high, study.id


def test_working_days_leave_out_the_weekend_and_hours_do_not() -> None:
    def due(**deadline):
        words = Words(en="x")
        duty = Duty(id="x", where="", when="serious", to=words, status="design", note=words,
                    sources=(), **deadline)  # fmt: skip
        return duty.due(FRIDAY)

    assert due(hours=72) == FRIDAY + timedelta(hours=72)
    assert due(working_days=1) == FRIDAY + timedelta(days=3)
    assert due(working_days=10) == FRIDAY + timedelta(days=14)
    for wrong in ({}, {"hours": 1, "working_days": 1}):
        with pytest.raises(ValueError, match="give hours or working_days"):
            due(**wrong)


def test_everything_names_a_known_source_and_says_it_in_both_languages() -> None:
    known = register()
    rows = [*known.grade, *known.causality, *known.serious, *known.published, *duties()]
    for row in rows:
        assert row.sources, row.id
        words = [
            value for name in ("name", "means", "to", "note") if (value := getattr(row, name, None))
        ]
        assert all(one.en and one.ur for one in words), row.id
    for duty in duties():
        assert set(duty.sources) <= set(sources()) | {"design value", "SAFETY-D2"}, duty.id


def test_serious_is_what_grade_or_criteria_say() -> None:
    assert [is_serious(str(grade), []) for grade in range(6)] == [False] * 3 + [True] * 3
    assert is_serious("1", ["hospital"])
