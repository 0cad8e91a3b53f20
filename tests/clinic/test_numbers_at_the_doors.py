"""Numbers as people and machines write them, where an address or a form asks for one."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from tests.tables import check_each

from filiform.clinic.environment import Environment
from filiform.clinic.patients.births import UnreadableBirth, typed_birth
from filiform.letters import whole_number

NO_NUMBERS = ("²", "9" * 5000, "-1", "0", "1.5", "①", "", "٣" * 5000)


def test_a_whole_number_is_what_a_few_digits_write() -> None:
    assert [whole_number(one) for one in ("0", "042", "٣", "123456")] == [0, 42, 3, 123456]
    assert [whole_number(one) for one in ("²", "1234567", "-1", "", "1 ", "9" * 5000)] == [None] * 6


def test_a_page_that_is_no_number_is_the_first(as_alice, patient) -> None:
    def check(page: str) -> None:
        answer = as_alice.get(reverse("progress:patient", args=[patient.pk]), {"page": page})
        assert (answer.status_code, answer.context["page"]) == (200, 1)

    check_each(NO_NUMBERS, check)


def test_a_birth_of_odd_digits_is_asked_again() -> None:
    def check(text: str) -> None:
        with pytest.raises(UnreadableBirth):
            typed_birth(text, date(2026, 11, 28))

    check_each(("9" * 5000, "1/" + "1" * 5000 + "/1960", "①/①", "²²²²²/1"), check)


def test_a_setting_of_five_thousand_digits_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="a whole number from 1 to 9"):
        Environment({"FILIFORM_X": "9" * 5000}).number("X", 1, low=1, high=9)
