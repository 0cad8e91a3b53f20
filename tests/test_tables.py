"""The helper for tables of cases names every case that fails, and takes no empty table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.tables import check_each, in_one_test


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


def test_a_whole_table_is_named_however_many_of_it_fail() -> None:
    with pytest.raises(AssertionError, match="300 of 600 cases fail") as failure:
        check_each(range(600), is_even, name=lambda number: f"<{number}>")
    assert all(f"<{number}>" in str(failure.value) for number in range(1, 600, 2))


def test_a_parametrized_test_runs_as_one_with_its_cases_as_they_were() -> None:
    tried = []

    @in_one_test(("depth_mm", "limit_mm"), [(10, 20), (25, 20), (15, 20), (40, 30)])
    def within(depth_mm: int, limit_mm: int) -> None:
        tried.append(depth_mm)
        assert depth_mm <= limit_mm, "deeper than the limit"

    with pytest.raises(AssertionError) as failure:
        within()
    assert tried == [10, 25, 15, 40]
    told = str(failure.value).splitlines()
    assert told[0] == "2 of 4 cases fail:"
    assert told[1].startswith("25, 20: AssertionError deeper than the limit")
    assert told[2].startswith("40, 30: ")


def test_each_case_is_undone_before_the_next() -> None:
    left: list[str] = []

    @contextmanager
    def undone() -> Iterator[None]:
        yield
        left.clear()

    @in_one_test("visit", ["first", "second"], around=undone)
    def leaves_something_behind(visit: str) -> None:
        assert left == []
        left.append(visit)

    leaves_something_behind()


@in_one_test("number", [1, 2])
def test_fixtures_come_as_to_any_test(number: int, tmp_path) -> None:
    assert tmp_path.is_dir()
    assert number in {1, 2}
