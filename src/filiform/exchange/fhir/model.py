"""What reading a Bundle gives."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import msgspec

from filiform.disclosure import LOINC, Disclosure, Kind, Sex, Statement, Status
from filiform.exchange.fhir.errors import Notice, in_english

WhyLeftOut = Literal[
    "resolved", "inactive", "remission", "stopped", "completed", "on-hold", "planned", "refuted",
    "not-taken", "entered-in-error", "duplicate", "other-patient", "family", "deleted",
    "no-information", "partly-none-known", "no-value", "older-version",
]  # fmt: skip

BirthDateKnown = Literal["day", "month", "year"]
"""How exactly the record states the date of birth; `birth_date` is the first day of it."""

MEASURED_RECENTLY_DAYS = 730
"""An adult's height stays; a weight older than two years says little. Design value."""
HEIGHT, WEIGHT = ("8302-2", "8301-4", "3137-7", "8306-3"), ("29463-7", "3141-9", "3142-7")


class LeftOut(msgspec.Struct, frozen=True):
    """A resource that is read but says nothing about the patient's present state."""

    resource: str
    text: str
    why: WhyLeftOut


class Unread(msgspec.Struct, frozen=True):
    """A resource, or a part of one, that could not be read.

    why: in English words. notices: the same for other languages; empty where only words are known.
    """

    resource: str
    why: str
    notices: tuple[Notice, ...] = ()


def not_read(resource: str, *notices: Notice) -> Unread:
    """What could not be read, with its sentence."""
    return Unread(resource, in_english(*notices), notices)


class Identifier(msgspec.Struct, frozen=True):
    system: str
    value: str
    type: str = ""


class ReadPatient(msgspec.Struct, frozen=True, kw_only=True):
    """The patient as the record names them; empty texts where it is silent."""

    id: str = ""
    name: str = ""
    names: tuple[str, ...] = ()
    given: str = ""
    family: str = ""
    sex: Sex = "unknown"
    birth_date: date | None = None
    birth_date_known: BirthDateKnown = "day"
    deceased: bool = False
    deceased_on: date | None = None
    identifiers: tuple[Identifier, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    language: str = ""
    address: str = ""


class ReadBundle(msgspec.Struct, frozen=True, kw_only=True):
    """A Bundle, read. Nothing is dropped in silence.

    facts: everything clinical about this patient, whatever its status; screening decides.
    left_out: what of it does not describe the present, and resources of other people.
    unread: what could not be read, by name.
    ignored: kinds of resource that hold nothing that screening uses, with their number.
    warnings: what must be seen before anything is believed, such as that the patient is dead.
    version: of FHIR, as far as the shape of the resources tells: "DSTU2", "STU3", "R4", "R5".
    profile: "ips", "document", "searchset", "transaction", "synthea/transaction", ...
    """

    patient: ReadPatient
    facts: tuple[Statement, ...]
    left_out: tuple[LeftOut, ...]
    unread: tuple[Unread, ...]
    ignored: dict[str, int]
    profile: str
    warnings: tuple[Unread, ...] = ()
    version: str = "R4"

    def disclosure(self, *, on: date, answers: dict[str, bool] | None = None) -> Disclosure:
        """The input of screening: the facts, the person, and the newest height and weight."""
        return Disclosure(
            facts=self.facts,
            answers=answers or {},
            sex=self.patient.sex,
            birth_date=self.patient.birth_date,
            birth_date_known=self.patient.birth_date_known,
            height_cm=self._newest(HEIGHT, on, {"cm": 1, "m": 100, "[in_i]": 2.54, "in": 2.54}),
            weight_kg=self._newest(WEIGHT, on, {"kg": 1, "g": 0.001, "[lb_av]": 0.45359237}),
        )

    def _newest(self, codes: tuple[str, ...], on: date, units: dict[str, float]) -> float | None:
        oldest = on - timedelta(days=MEASURED_RECENTLY_DAYS)
        found = [
            (fact.start, fact.id, fact.value * units[fact.unit])
            for fact in self.facts
            if fact.kind is Kind.OBSERVATION
            and fact.status is Status.ACTIVE
            and fact.value is not None
            # Without a known unit 70 could be kilograms or pounds; no weight is better than half of
            # it.
            and fact.unit in units
            and fact.start is not None
            and oldest <= fact.start <= on
            and any(c.system == LOINC and c.code in codes for c in fact.codings)
        ]
        # By day, then by id, so that two of one day give the same answer each time.
        return max(found)[2] if found else None
