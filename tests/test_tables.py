"""The helper for tables of cases names every case that fails, and takes no empty table."""

from __future__ import annotations

import pytest
from tests.tables import check_each


def is_even(number: int) -> None:
    assert number % 2 == 0, f"{number} is odd"


def test_every_failing_case_is_named_and_no_other() -> None:
    with pytest.raises(AssertionError) as failure:
        check_each([2, 3, 4, 5], is_even, name=lambda number: f"case {number}")
    text = str(failure.value)
    assert text.startswith("2 of 4 cases fail:\ncase 3: AssertionError 3 is odd")
    assert "case 5" in text
    assert "case 2" not in text
    assert "case 4" not in text
    assert str(failure.value.__cause__).startswith("3 is odd")


def test_an_error_in_one_case_does_not_hide_the_others() -> None:
    with pytest.raises(AssertionError, match="2 of 3 cases fail") as failure:
        check_each([("a", 1), ("b", 0), ("c", 0)], lambda _name, number: 1 / number)
    assert "('c', 0): ZeroDivisionError" in str(failure.value)


def test_a_table_without_cases_is_refused() -> None:
    with pytest.raises(AssertionError, match="holds no case"):
        check_each([], is_even)
