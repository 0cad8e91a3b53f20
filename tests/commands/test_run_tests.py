"""The last line of `make test` says how many tests passed on what."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from run_tests import Run, counts_of
from tests.tables import in_one_test


@in_one_test(
    ("said", "counts"),
    [
        ("....\n1113 passed in 116.99s (0:01:56)\n", "1113 passed"),
        ("F.\n1 failed, 7 passed, 2 errors in 1.02s\n", "1 failed, 7 passed, 2 errors"),
        ("2 passed, 1 skipped, 3 deselected in 0.10s\n", "2 passed, 1 skipped"),
        ("1 passed in 1s\nand later\n5 passed in 2.00s\n", "5 passed"),
        ("no tests ran in 0.01s\n", "nothing was run"),
        ("the interpreter stopped\n", "nothing was run"),
    ],
)
def test_the_counts_are_those_of_pytests_last_total(said: str, counts: str) -> None:
    assert counts_of(said) == counts


def test_a_run_that_failed_says_so_beside_its_counts() -> None:
    assert str(Run("On SQLite", True, "3 passed")) == "On SQLite: 3 passed"
    assert str(Run("On SQLite", False, "1 failed")) == "On SQLite: 1 failed - FAILED"
