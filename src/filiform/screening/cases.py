"""The cases that every rule carries: one in which it fires, one near miss in which it must not.

They stand in `data/cases/*.toml`, are run as tests, and are printed in the reference table.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import msgspec

from filiform.disclosure import (
    ATC,
    ICD10,
    LOINC,
    RXNORM,
    SNOMED,
    Coding,
    Disclosure,
    Kind,
    Sex,
    Side,
    Statement,
    Status,
)
from filiform.screening.rulebook import data_folder, read_entries
from filiform.screening.sites import NeedlingSite

DAY = date(2025, 11, 22)
"""The day of treatment in every case."""


class CaseFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fact in short: codes by their system's name."""

    kind: Kind = Kind.CONDITION
    text: str = ""
    icd10: str = ""
    snomed: str = ""
    atc: str = ""
    rxnorm: str = ""
    loinc: str = ""
    status: Status = Status.ACTIVE
    start: date | None = None
    end: date | None = None
    site: str = ""
    side: Side | None = None
    value: float | None = None
    unit: str = ""
    family: bool = False
    none_known: bool = False

    def fact(self, number: int) -> Statement:
        systems = {ICD10: self.icd10, SNOMED: self.snomed, ATC: self.atc}
        systems |= {RXNORM: self.rxnorm, LOINC: self.loinc}
        return Statement(
            id=f"{self.kind.value}/{number}",
            kind=self.kind,
            text=self.text,
            codings=tuple(Coding(system, code) for system, code in systems.items() if code),
            status=self.status,
            start=self.start,
            end=self.end,
            site=self.site,
            side=self.side,
            value=self.value,
            unit=self.unit,
            family=self.family,
            none_known=self.none_known,
        )


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One patient and what is expected of one rule, red flag or indication.

    sites: "soleus left". weight: the class expected at the sites, the rule's own when absent.
    """

    id: str
    """The rule, red flag or indication that the case is about."""
    fires: bool
    story: str
    facts: tuple[CaseFact, ...] = ()
    answers: dict[str, bool] = msgspec.field(default_factory=dict)
    sex: Sex = "unknown"
    born: date | None = date(1985, 3, 14)
    height_cm: float | None = None
    weight_kg: float | None = None
    sites: tuple[str, ...] = ()
    asks: bool = False
    weight: str = msgspec.field(name="class", default="")

    def disclosure(self) -> Disclosure:
        return Disclosure(
            facts=tuple(fact.fact(number) for number, fact in enumerate(self.facts, start=1)),
            answers=self.answers,
            sex=self.sex,
            birth_date=self.born,
            height_cm=self.height_cm,
            weight_kg=self.weight_kg,
        )

    def places(self) -> tuple[NeedlingSite, ...]:
        pairs = (site.rsplit(" ", 1) for site in self.sites)
        return tuple(
            NeedlingSite(muscle, "left" if side == "left" else "right") for muscle, side in pairs
        )


@cache
def cases() -> tuple[Case, ...]:
    """All cases, in the order of the files."""
    found: list[Case] = []
    folder = data_folder() / "cases"
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".toml"):
            found += read_entries(path.read_text("utf-8"), path.name, "case", Case)
    return tuple(found)
