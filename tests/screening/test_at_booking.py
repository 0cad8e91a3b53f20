"""What is asked before somebody books by themselves: a few of screening's own questions."""

from __future__ import annotations

from datetime import date

from filiform.disclosure import Disclosure
from filiform.screening import asked_at_booking, questions

DAY = date(2026, 11, 30)


def asked(**known: object) -> tuple[str, ...]:
    return asked_at_booking(Disclosure(**known), on=DAY).ids  # type: ignore[arg-type]


def test_signs_with_which_nobody_waits_come_first_and_all_are_asked_in_the_visit_too() -> None:
    young = Disclosure(birth_date=date(1990, 1, 1))
    found = asked_at_booking(young, on=DAY)
    assert found.signs[0].id == "chest-emergency"
    assert set(found.ids) <= {one.id for one in questions(young, on=DAY)}
    assert len(set(found.ids)) == len(found.ids)


def test_only_who_may_be_pregnant_is_asked_about_it() -> None:
    cases = {
        (date(1990, 1, 1), "female"): True, (date(1990, 1, 1), "unknown"): True,
        (date(1990, 1, 1), "male"): False, (date(1940, 1, 1), "female"): False,
    }  # fmt: skip
    for (born, sex), expected in cases.items():
        assert ("pregnancy-t1" in asked(birth_date=born, sex=sex)) is expected, (born, sex)
