"""Every rule fires on what its triggers name, however it is said, and on nothing that is over,
denied, doubted, planned or somebody else's."""

from __future__ import annotations

import json

from tests.tables import check_each
from tools.screening.cases import DAY, TARGET, GeneratedCase, cases, page

from filiform.exchange.fhir import read_bundle
from filiform.screening import rules, screen

STRICTER = {rule.id: frozenset(rule.replaced_by) for rule in rules()}


def label(case: GeneratedCase) -> str:
    (said,) = [one["resource"] for one in case.bundle["entry"][1:]]
    return f"{case.rule}, {case.state}, {case.said}: {json.dumps(said, ensure_ascii=False)}"


def check(case: GeneratedCase) -> None:
    read = read_bundle(json.dumps(case.bundle).encode())
    found = screen(read.disclosure(on=DAY), on=DAY)
    fired = {reason.id for reason in (*found.reasons, *found.elsewhere)}
    # A rule that says the same more strictly speaks in its place.
    assert bool(fired & {case.rule, *STRICTER[case.rule]}) is case.fires


def test_every_generated_case_comes_out_as_its_state_demands() -> None:
    check_each(cases(), check, name=label)


def test_the_cases_cover_the_rules_and_the_page_of_their_numbers_is_current() -> None:
    assert TARGET.read_text("utf-8") == page(), "python -m tools.screening.cases"
    assert len({case.rule for case in cases()}) > 70
