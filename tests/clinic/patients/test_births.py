"""A birth is written down as far as it is known, and read day first."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from tests.tables import in_one_test

from filiform.clinic.patients import actions
from filiform.clinic.patients.births import (
    Birth,
    UnreadableBirth,
    birth_in_words,
    birth_to_type,
    latest_birth,
    typed_birth,
)
from filiform.clinic.patients.forms import DetailsForm
from filiform.clinic.patients.queries import possible_duplicates

TODAY = date(2026, 11, 28)
MARCH = date(1960, 3, 5)


@in_one_test(
    ("typed", "on", "known"),
    [
        ("5/3/1960", MARCH, "day"), ("05.03.1960", MARCH, "day"), ("5-3-60", MARCH, "day"),
        ("5 Mar 1960", MARCH, "day"), ("5 march 1960", MARCH, "day"), ("Mar 5, 1960", MARCH, "day"),
        ("1960-03-05", MARCH, "day"), ("۵/۳/۱۹۶۰", MARCH, "day"), ("5 مارچ 1960", MARCH, "day"),
        ("1/2/03", date(2003, 2, 1), "day"), ("13/12/1960", date(1960, 12, 13), "day"),
        ("3/1960", date(1960, 3, 15), "month"), ("March 1960", date(1960, 3, 15), "month"),
        ("1960-03", date(1960, 3, 15), "month"), ("1960", date(1960, 7, 1), "year"),
        ("۱۹۶۰", date(1960, 7, 1), "year"), ("60", date(1966, 5, 28), "age"),
        ("60 years", date(1966, 5, 28), "age"), ("about 60", date(1966, 5, 28), "age"),
        ("60 سال", date(1966, 5, 28), "age"), ("about 1966", date(1966, 7, 1), "age"),
        ("~1966", date(1966, 7, 1), "age"), ("0", date(2026, 5, 28), "age"),
    ],
)  # fmt: skip
def test_a_birth_is_read(typed: str, on: date, known: str) -> None:
    assert typed_birth(typed, TODAY) == Birth(on, known)  # type: ignore[arg-type]


@in_one_test(
    ("typed", "says"),
    [
        ("3/13/1960", "the day stands first"), ("31/2/1960", "not in the calendar"),
        ("5/3", "can't be read"), ("Mar", "can't be read"), ("yesterday", "can't be read"),
        ("29/11/2026", "in the future"), ("2027", "in the future"), ("1850", "120 years"),
        ("121", "can't be read"), ("0/0/0", "not in the calendar"), ("1/1/0001", "120 years"),
        ("5/3/1960/7", "can't be read"), ("99999999999999999999", "can't be read"),
        ("10/10/99999", "can't be read"), (".", "can't be read"),
    ],
)  # fmt: skip
def test_what_is_no_birth_is_refused_with_what_is_allowed(typed: str, says: str) -> None:
    with pytest.raises(UnreadableBirth) as refused:
        typed_birth(typed, TODAY)
    assert says.lower() in str(refused.value).lower()


@given(st.text(max_size=30))
def test_no_text_makes_it_stumble(text: str) -> None:
    try:
        birth = typed_birth(text, TODAY)
    except UnreadableBirth:
        return
    assert birth.on <= TODAY


@given(st.dates(date(1910, 1, 1), TODAY), st.sampled_from(["day", "month", "year"]))
def test_a_form_that_is_sent_unchanged_changes_nothing(on: date, known) -> None:
    said = typed_birth(birth_to_type(Birth(on, known)), date(2027, 12, 31))
    assert said.known == known
    assert birth_in_words(said.on, known) == birth_in_words(on, known)


@given(st.dates(date(1910, 1, 1), TODAY), st.sampled_from(["day", "month", "year", "age"]))
def test_nobody_is_younger_than_the_latest_birth(on: date, known) -> None:
    assert latest_birth(on, known) >= on


def test_it_is_shown_as_far_as_it_is_known() -> None:
    words = [birth_in_words(MARCH, known) for known in ("day", "month", "year", "age")]  # type: ignore[arg-type]
    assert words == ["5 Mar 1960", "Mar 1960", "1960", "about 1960"]
    with override("ur"):
        assert birth_in_words(MARCH, "age") == "تقریباً 1960"


@pytest.fixture
def about_17(alice, today):
    born = typed_birth("17", today)
    return actions.register(
        by=alice, given_name="Bibi", sex="female", birth_date=born.on,
        birth_date_known=born.known,
    )  # fmt: skip


def test_whoever_may_be_a_child_is_taken_for_one(about_17, alice, today) -> None:
    year = today.year - 18
    may_be = actions.register(
        by=alice, given_name="Gul", sex="male", birth_date=date(year, 7, 1),
        birth_date_known="year",
    )  # fmt: skip
    assert about_17.least_age_on(today) == 17
    assert may_be.least_age_on(date(today.year, 12, 30)) == 17


def test_an_age_that_was_said_once_is_not_said_anew_each_year(about_17) -> None:
    shown = DetailsForm.of(about_17)
    sent = {name: shown[name].value() or "" for name in shown.fields}
    form = DetailsForm.of(about_17, sent)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["birth_date"] == about_17.birth_date
    assert form.cleaned_data["birth_date_known"] == "age"


def test_somebody_about_as_old_with_a_like_name_may_be_the_same(about_17, alice) -> None:
    near = possible_duplicates(
        alice.organisation, given_name="Beebi",
        birth_date=date(about_17.birth_date.year, 1, 2),
    )  # fmt: skip
    far = possible_duplicates(
        alice.organisation, given_name="Beebi",
        birth_date=date(about_17.birth_date.year - 5, 1, 2),
    )  # fmt: skip
    assert [one.patient for one in near] == [about_17]
    assert far == []


def test_the_pages_say_about(client, about_17, alice) -> None:
    client.force_login(alice, backend="filiform.clinic.staff.sessions.MemberBackend")
    chart = client.get(reverse("chart:patient", args=[about_17.pk])).content.decode()
    assert "about 17 years" in chart
    assert f"about {about_17.birth_date.year}" in chart
    found = client.post(reverse("patients:search"), {"typed": "bibi"}).content.decode()
    assert "about 17 years" in found
