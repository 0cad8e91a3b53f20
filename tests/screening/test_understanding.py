"""Nothing in silence: what nobody here knows is shown, and a verdict over it is not complete."""

from __future__ import annotations

from datetime import date

from filiform.disclosure import ATC, ICD10, SNOMED, Coding, Disclosure, Kind, Statement, Status
from filiform.screening import questions, screen
from filiform.screening.understanding import is_unknown

DAY = date(2026, 3, 2)


def fact(kind: Kind, text: str, *codings: Coding, **more: object) -> Statement:
    return Statement(id=f"{kind}/{text}", kind=kind, text=text, codings=codings, **more)  # type: ignore[arg-type]


def not_understood(*facts: Statement, harmless: frozenset[str] = frozenset()) -> list[str]:
    found = screen(Disclosure(facts=facts, harmless=harmless), on=DAY)
    return [one.text for one in found.not_understood]


UNKNOWN = [
    fact(Kind.MEDICINE, "Zorvaxinab 30 mg"), fact(Kind.CONDITION, "Morbus Quixoticus"),
    fact(Kind.ALLERGY, "Blimpwort"), fact(Kind.DEVICE, "Implanted zorgometer"),
    fact(Kind.PROCEDURE, "Zorgification of the knee", start=date(2019, 1, 1)),
    fact(Kind.CONDITION, "Presbyopia with blorp"),
    fact(Kind.CONDITION, "Thingummy", Coding(SNOMED, "999999999")),
]  # fmt: skip
KNOWN = [
    fact(Kind.MEDICINE, "Warfarin 5 mg"), fact(Kind.MEDICINE, "Omeprazol 20 mg Kapseln"),
    fact(Kind.MEDICINE, "Xyzol", Coding(ATC, "A02BC01")), fact(Kind.CONDITION, "Epilepsy"),
    fact(Kind.CONDITION, "Irgendwas", Coding(ICD10, "J32.9")), fact(Kind.ALLERGY, "Peanut allergy"),
    fact(Kind.CONDITION, "Viral sinusitis (disorder)"), fact(Kind.DEVICE, "Hearing aid"),
    fact(Kind.PROCEDURE, "Zorg screening"),
    fact(Kind.MEDICINE, "Zorvaxinab", status=Status.STOPPED),
    fact(Kind.CONDITION, "Quixotic fever", status=Status.RESOLVED),
    fact(Kind.CONDITION, "Quixotic illness", family=True),
    fact(Kind.MEDICINE, "Zorvaxinab", start=date(2020, 1, 1), end=date(2021, 1, 1)),
]  # fmt: skip


def test_what_no_rule_and_no_list_knows_is_shown_and_only_that() -> None:
    found = {one.text: not_understood(one) for one in UNKNOWN}
    assert found == {one.text: [one.text] for one in UNKNOWN}
    assert {one.text: not_understood(one) for one in KNOWN} == {one.text: [] for one in KNOWN}


def test_the_same_name_twice_is_shown_once_in_any_order() -> None:
    twice = (UNKNOWN[0], fact(Kind.MEDICINE, "ZORVAXINAB 30 mg"), UNKNOWN[1])
    assert len(not_understood(*twice)) == 2
    assert not_understood(*twice[::-1])[0] == not_understood(*twice)[0]


def test_what_the_clinic_calls_harmless_is_no_longer_asked_about() -> None:
    assert not_understood(UNKNOWN[0], harmless=frozenset({UNKNOWN[0].id})) == []


def test_a_screening_is_complete_when_all_is_answered_and_understood() -> None:
    asked = {one.id: False for one in questions(Disclosure(), on=DAY)}
    assert screen(Disclosure(answers=asked), on=DAY).complete
    assert not screen(Disclosure(), on=DAY).complete
    assert not screen(Disclosure(answers=asked, facts=(UNKNOWN[0],)), on=DAY).complete


def test_an_observation_is_never_a_name_that_is_not_understood() -> None:
    assert not is_unknown(fact(Kind.OBSERVATION, "Grobbledook index"))
    assert is_unknown(fact(Kind.CONDITION, "Grobbledook"))
