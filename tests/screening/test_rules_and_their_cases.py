"""Every rule fires in its cases and stays silent in its near misses."""

from __future__ import annotations

from tests.tables import in_one_test

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


@in_one_test("case", [one for one in cases() if one.fires], ids=label)
def test_the_rule_fires_when(case: Case) -> None:
    found = fired(case)
    assert case.id in found
    if case.weight:
        assert found[case.id] == case.weight


@in_one_test("case", [one for one in cases() if not one.fires], ids=label)
def test_the_rule_is_silent_when(case: Case) -> None:
    assert case.id not in fired(case)


@in_one_test("case", [one for one in cases() if one.asks], ids=label)
def test_what_is_unsure_is_asked_about(case: Case) -> None:
    assert case.id in screen(case.disclosure(), case.places(), on=DAY).unanswered


@in_one_test("rule", [one.id for one in (*rules(), *red_flags(), *indications())], ids=str)
def test_every_rule_has_a_case_and_a_near_miss(rule: str) -> None:
    outcomes = {case.fires for case in cases() if case.id == rule}
    assert outcomes == {True, False}


def test_every_case_is_about_a_rule_that_exists() -> None:
    known = {one.id for one in (*rules(), *red_flags(), *indications())}
    assert {case.id for case in cases()} <= known
