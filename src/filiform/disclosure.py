"""What a patient has disclosed: conditions, allergies, medicines and answers to questions.

This is the input of screening. The clinic builds it from its own tables, the FHIR reader from a
Bundle; the rooms that ask questions of it know neither.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec

SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
ICD10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
ATC = "http://www.whocc.no/atc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
CVX = "http://hl7.org/fhir/sid/cvx"

Sex = Literal["female", "male", "other", "unknown"]
Side = Literal["left", "right", "midline", "bilateral"]


class Kind(StrEnum):
    CONDITION = "condition"
    ALLERGY = "allergy"
    MEDICINE = "medicine"
    PROCEDURE = "procedure"
    DEVICE = "device"
    OBSERVATION = "observation"


class Status(StrEnum):
    """Where a fact stands; FHIR's clinical, verification and request statuses folded into one."""

    ACTIVE = "active"
    RECURRENCE = "recurrence"
    REMISSION = "remission"
    INACTIVE = "inactive"
    RESOLVED = "resolved"
    STOPPED = "stopped"
    COMPLETED = "completed"
    ON_HOLD = "on-hold"
    PLANNED = "planned"
    SUSPECTED = "suspected"
    REFUTED = "refuted"
    ENTERED_IN_ERROR = "entered-in-error"
    UNKNOWN = "unknown"


class Coding(msgspec.Struct, frozen=True, omit_defaults=True, cache_hash=True):
    system: str
    code: str
    display: str = ""


class Statement(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, cache_hash=True):
    """One disclosed condition, allergy, medicine, procedure, device or measured value.

    start, end: days on which it began and ended, as far as known.
    recorded: the day it was written down.
    value, unit: for observations, in UCUM units.
    none_known: the explicit answer "nothing of this kind" ("no known allergies").
    family: it is a relative's, not the patient's.
    """

    id: str
    kind: Kind
    text: str
    codings: tuple[Coding, ...] = ()
    status: Status = Status.ACTIVE
    start: date | None = None
    end: date | None = None
    recorded: date | None = None
    site: str = ""
    side: Side | None = None
    value: float | None = None
    unit: str = ""
    none_known: bool = False
    family: bool = False


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that screening may look at.

    answers: rule or question id → yes or no; a question that was not asked is absent.
    asked_for: the kinds about which the patient was asked; silence about a kind that was not
        asked for is not an answer.
    harmless: ids of facts that somebody in charge has said no rule needs to know.
    ask_about: ids of facts that somebody in charge wants asked about, while no rule knows them.
    """

    facts: tuple[Statement, ...] = ()
    answers: dict[str, bool] = msgspec.field(default_factory=dict)
    asked_for: frozenset[Kind] = frozenset()
    harmless: frozenset[str] = frozenset()
    ask_about: frozenset[str] = frozenset()
    sex: Sex = "unknown"
    birth_date: date | None = None
    birth_date_known: Literal["day", "month", "year", "age"] = "day"
    height_cm: float | None = None
    weight_kg: float | None = None

    def age_on(self, day: date) -> int | None:
        """Whole years on a day, None while the day of birth is unknown."""
        return None if self.birth_date is None else age_on(self.birth_date, day)


def age_on(born: date, day: date) -> int:
    """Whole years on a day; someone born on 29 February turns a year older on 1 March."""
    # True counts as one: the birthday of this year has not come yet.
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
