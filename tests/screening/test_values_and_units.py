"""Measured values in the units of many laboratories, and what a value or a route says."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from tests.tables import check_each

from filiform.disclosure import (
    ICD10,
    ICD10_CM,
    LOINC,
    SNOMED,
    Coding,
    Disclosure,
    Kind,
    Statement,
    Status,
)
from filiform.screening import NeedlingSite, UnknownAnswerError, check_answers
from filiform.screening.code_systems import system_of
from filiform.screening.findings import is_local_route, is_sign_of_immunity, names_a_test, outcome
from filiform.screening.measures import all_measured
from filiform.screening.pregnancy import pregnancy
from filiform.screening.sites import UnknownMuscleError, checked

DAY = date(2026, 3, 2)

UNITS = [
    ("temperature", 98.6, "", 37.0), ("temperature", 98.6, "°F", 37.0),
    ("platelets", 250_000, "", 250.0), ("platelets", 250_000, "/µL", 250.0),
    ("platelets", 0.25, "10*12/L", 250.0), ("platelets", 250_000, "10*6/L", 250.0),
    ("cd4", 0.35, "10*9/L", 350.0), ("systolic", 16, "kPa", 120.01),
    ("hba1c", 53, "mmol/mol", 7.0), ("inr", 2.5, "", 2.5),
]  # fmt: skip


def test_each_laboratorys_unit_gives_the_same_value() -> None:
    def check(name: str, value: float, unit: str, usual: float) -> None:
        fact = Statement(
            id="o", kind=Kind.OBSERVATION, text=name, value=value, unit=unit, start=DAY
        )
        (found,) = all_measured(Disclosure(facts=(fact,))).values()
        assert found[0].value == pytest.approx(usual, abs=0.01)

    check_each(UNITS, check)


def test_a_value_of_an_unknown_day_is_not_used() -> None:
    undated = Statement(id="o", kind=Kind.OBSERVATION, text="INR", value=4.0)
    assert all_measured(Disclosure(facts=(undated,))) == {}


def test_a_value_that_was_refuted_mistaken_or_only_ordered_is_not_used() -> None:
    measured = Statement(
        id="o", kind=Kind.OBSERVATION, text="INR", value=4.0, start=DAY, status=Status.COMPLETED
    )
    assert "inr" in all_measured(Disclosure(facts=(measured,)))
    for status in (Status.REFUTED, Status.ENTERED_IN_ERROR, Status.PLANNED):
        fact = msgspec.structs.replace(measured, status=status)
        assert all_measured(Disclosure(facts=(fact,))) == {}, status


def test_a_code_for_no_result_outweighs_the_words_beside_it() -> None:
    assert outcome("positive", ["not-performed"]) == "nothing"


def test_the_antibody_of_a_vaccination_is_known_by_code_or_name() -> None:
    assert is_sign_of_immunity("", ["22322-2"])
    assert is_sign_of_immunity("Hepatitis B surface antibody", [])
    assert not is_sign_of_immunity("Hepatitis B surface antigen", [])


def test_the_name_of_a_test_is_no_finding() -> None:
    assert names_a_test("HIV antibody")
    assert not names_a_test("Epilepsy")


def test_an_oral_gel_capsule_is_no_local_route_and_an_ointment_is() -> None:
    assert is_local_route("ointment", [])
    assert is_local_route("", ["6064005"]), "the SNOMED CT code of a topical route"
    assert not is_local_route("oral", [])
    assert not is_local_route("gel capsule", [])


def observed(code: str, value: float, unit: str = "") -> Statement:
    coding = Coding(LOINC, code)
    return Statement(id=code, kind=Kind.OBSERVATION, text="", codings=(coding,), value=value,
                     unit=unit, start=DAY)  # fmt: skip


def test_weeks_and_a_last_period_date_a_pregnancy() -> None:
    def trimester(*facts: Statement) -> str | None:
        found = pregnancy(Disclosure(facts=facts), on=DAY)
        return found.trimester if found else None

    def pregnant(text: str = "Pregnancy", **more: date) -> Statement:
        return Statement(id="c", kind=Kind.CONDITION, text=text,
                         codings=(Coding("http://hl7.org/fhir/sid/icd-10", "Z33"),), **more)  # type: ignore[arg-type]  # fmt: skip

    def weeks(code: str) -> Statement:
        return Statement(id="w", kind=Kind.CONDITION, text="", codings=(Coding(ICD10_CM, code),))

    last_period = observed("8665-2", date(2026, 1, 20).toordinal(), "date")
    assert trimester(observed("18185-9", 20)) == "later"
    assert trimester(last_period) is None, "a last period alone is no pregnancy"
    assert trimester(pregnant(), last_period) == "first"
    assert trimester(pregnant("First trimester pregnancy")) == "first"
    assert trimester(weeks("Z3A.13")) == "first"
    assert trimester(weeks("Z3A.14")) == "later"
    assert trimester(weeks("Z3A.00")) == "unknown"
    assert trimester(pregnant("Second trimester pregnancy")) == "later"
    assert trimester(pregnant(start=date(2025, 10, 1))) == "later"


def test_an_answer_to_a_question_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(UnknownAnswerError, match="'no-such-rule'"):
        check_answers(["needle-phobia", "no-such-rule"])
    check_answers(["needle-phobia"])


def test_a_misspelt_muscle_is_refused_with_the_near_names() -> None:
    with pytest.raises(UnknownMuscleError, match=r"no muscle 'solius'.*soleus"):
        checked([NeedlingSite("solius", "left")])


def test_a_bare_object_identifier_names_its_list() -> None:
    assert system_of("2.16.840.1.113883.6.96") == SNOMED
    assert system_of("urn:oid:2.16.840.1.113883.6.3.1") == ICD10, "a translation of ICD-10"


def test_the_midline_is_on_both_sides() -> None:
    assert NeedlingSite("soleus", "midline").sides() == {"left", "right"}
