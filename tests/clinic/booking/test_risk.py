"""What the risk questions before a booking lead to: the screening decides, the booking says it."""

from __future__ import annotations

from datetime import date

from tests.tables import check_each

from filiform.clinic.booking.risk import asked, verdict
from filiform.reasons import say

BIRTH, DAY = date(1984, 3, 9), date(2026, 11, 30)
NO = dict.fromkeys(asked(BIRTH, on=DAY).ids, False)


def test_nobody_is_asked_more_than_fits_one_list_and_eight_questions() -> None:
    found = asked(BIRTH, on=DAY)
    assert len(found.signs) <= 6
    assert len(found.questions) <= 8
    # An old man is not asked whether he is pregnant; sex is not known, so a young one is.
    assert "pregnancy-t1" in found.ids
    assert "pregnancy-t1" not in asked(date(1940, 1, 1), on=DAY).ids


def test_each_question_changes_what_can_be_booked() -> None:
    def check(question: str) -> None:
        found = verdict({**NO, question: True}, BIRTH, on=DAY)
        assert found.instead, question
        assert found.reasons[0].because[0].resource == f"answer/{question}"
        for language in ("en", "ur"):
            assert "%(" not in say(found.reasons[0], language)

    assert verdict(NO, BIRTH, on=DAY).instead == ""
    check_each(NO, check)


def test_the_alternative_is_the_one_that_helps() -> None:
    cases = {
        "chest-emergency": "emergency",
        "cauda-equina": "emergency",
        "cancer-pain": "consultation",
        "haemophilia-severe": "letter",
        "cancer-active": "letter",
        "anticoagulant-vka": "consultation",
        "pregnancy-t1": "consultation",
        "needle-phobia": "consultation",
    }

    def check(question: str, instead: str) -> None:
        assert verdict({**NO, question: True}, BIRTH, on=DAY).instead == instead

    check_each(cases.items(), check)
    both = {**NO, "haemophilia-severe": True, "needle-phobia": True}
    assert verdict(both, BIRTH, on=DAY).instead == "consultation"
    assert len(verdict(both, BIRTH, on=DAY).reasons) == 2


def test_a_child_comes_to_a_consultation_first() -> None:
    found = verdict({}, date(2015, 1, 1), on=DAY)
    assert found.instead == "consultation"
