"""A table in one test tells as much as a test for each case would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.tables import in_one_test


def test_every_case_that_fails_is_named_and_those_after_it_are_still_tried() -> None:
    tried = []

    @in_one_test(("depth_mm", "limit_mm"), [(10, 20), (25, 20), (15, 20), (40, 30)])
    def within(depth_mm: int, limit_mm: int) -> None:
        tried.append(depth_mm)
        assert depth_mm <= limit_mm, "deeper than the limit"

    with pytest.raises(pytest.fail.Exception) as told:
        within()
    said = str(told.value)
    assert tried == [10, 25, 15, 40]
    assert said.startswith("2 of 4 cases fail:\n\n25, 20\n")
    assert "40, 30\n" in said
    assert "deeper than the limit" in said
    assert "10, 20" not in said
    assert "assert depth_mm <= limit_mm" in said


def test_a_case_that_breaks_is_told_with_what_it_raised() -> None:
    @in_one_test("needles", [1, 0], ids=lambda needles: f"{needles} needles")
    def share(needles: int) -> None:
        assert 1 / needles

    with pytest.raises(pytest.fail.Exception, match="0 needles") as told:
        share()
    assert "ZeroDivisionError: division by zero" in str(told.value)


def test_an_empty_table_is_a_failure() -> None:
    @in_one_test("rule", [])
    def nothing(rule: str) -> None: ...

    with pytest.raises(pytest.fail.Exception, match="no cases"):
        nothing()


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
