"""Every rule fires in its cases and stays silent in its near misses."""

from __future__ import annotations

from tests.tables import check_each

from filiform.screening import indications, red_flags, rules, screen
from filiform.screening.cases import DAY, Case, cases


def label(case: Case) -> str:
    return f"{case.id}: {case.story}"


def fired(case: Case) -> dict[str, str]:
    """What the case set off at its sites: id → class, urgency or advice."""
    found = screen(case.disclosure(), case.places(), on=DAY)
    return (
        {flag.id: flag.urgency for flag in found.red_flags}
        | {one.id: one.advice for one in found.indications}
        | {reason.id: reason.weight.value for reason in found.reasons}
    )


def test_the_rule_fires_in_each_of_its_cases() -> None:
    def check(case: Case) -> None:
        found = fired(case)
        assert case.id in found
        if case.weight:
            assert found[case.id] == case.weight

    check_each((one for one in cases() if one.fires), check, name=label)


def test_the_rule_is_silent_in_each_of_its_near_misses() -> None:
    def check(case: Case) -> None:
        assert case.id not in fired(case)

    check_each((one for one in cases() if not one.fires), check, name=label)


def test_what_is_unsure_is_asked_about() -> None:
    def check(case: Case) -> None:
        assert case.id in screen(case.disclosure(), case.places(), on=DAY).unanswered

    check_each((one for one in cases() if one.asks), check, name=label)


def test_every_rule_has_a_case_and_a_near_miss() -> None:
    def check(rule: str) -> None:
        outcomes = {case.fires for case in cases() if case.id == rule}
        assert outcomes == {True, False}

    check_each([one.id for one in (*rules(), *red_flags(), *indications())], check)


def test_every_case_is_about_a_rule_that_exists() -> None:
    known = {one.id for one in (*rules(), *red_flags(), *indications())}
    assert {case.id for case in cases()} <= known
