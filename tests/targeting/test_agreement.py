"""Agreement of two examiners beyond chance."""

from __future__ import annotations

import pytest

from filiform.targeting.agreement import agreement


def test_kappa_is_the_worked_textbook_value() -> None:
    """20 both yes, 5 and 10 apart, 15 both no: same 0.7, by chance 0.5, so kappa 0.4."""
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10
    found = agreement(pairs + [(False, False)] * 15)
    assert found.same == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.low is not None
    assert found.low < 0.4


def test_few_pairs_or_one_answer_only_give_no_kappa() -> None:
    assert agreement([]).kappa is None
    assert agreement([(True, True)] * 9).kappa is None
    assert agreement([(True, True)] * 50).kappa is None
