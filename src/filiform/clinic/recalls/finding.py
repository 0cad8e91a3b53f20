"""From a lot to every needle, treatment and patient of it, in one query.

Each needle that went in carries its lot (`treatment.packs.pack_with`), and each opened pack names
its visit. So the packs of the lot lead to the few treatments that can have such needles, by index,
and only their acts are read: among a million needles as among a thousand.

Where a needle's own pack doesn't hold (it was opened after the needle went in, or taken back
because it was of another lot), it counts for every lot of its size that was opened in the visit: to
call somebody too many is a call, to call one too few is a patient who never hears of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.patients.models import Patient
from filiform.clinic.supplies.models import OpenedPack
from filiform.clinic.treatment.models import Act
from filiform.clinic.web.muscle_names import muscle_in_words


class LotNeedle(NamedTuple):
    """One needle that went in, with everything that a list to call and a letter need."""

    key: UUID
    kind: str
    undoes: UUID | None
    details: dict[str, Any]
    treatment: UUID
    started_at: datetime
    site_phone: str
    muscle: str | None
    side: str | None
    patient: UUID
    given_name: str
    family_name: str
    file_number: str
    phone: str
    address: str
    language: str


@dataclass
class RecalledTreatment:
    """One treatment with needles of the lot. needles: muscle in words → how many went in."""

    started_at: datetime
    site_phone: str
    needles: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.needles.values())


@dataclass
class RecalledPatient:
    """patient: with the columns that are read here, no others."""

    patient: Patient
    treatments: list[RecalledTreatment] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(one.count for one in self.treatments)


# The columns in the order of LotNeedle; whole rows of six tables took eight times as long.
_SHOWN = (
    *(
        "pk",
        "kind",
        "replaces",
        "details",
        "treatment",
        "treatment__started_at",
        "treatment__visit__site__phone",
    ),
    *("target__muscle", "target__side", "treatment__visit__patient"),
    *(f"treatment__visit__patient__{name}" for name in ("given_name", "family_name")),
    *(f"treatment__visit__patient__{name}" for name in ("file_number", "phone", "address")),
    "treatment__visit__patient__language",
)


@prepared
def _needles(lot: UUID) -> QuerySet[Act, tuple[Any, ...]]:
    visits = OpenedPack.objects.filter(lot=lot).values("visit")
    return (
        # With the voids, instead of a join of the table with itself: after ANALYZE, SQLite reads
        # the whole table for each row of such a join, as nearly no act replaces another.
        Act.objects.filter(kind__in=("pack", "insertion", "void"), treatment__visit__in=visits)
        .order_by("treatment__started_at", "number")
        .values_list(*_SHOWN)
    )


def needles_of_lot(lot: UUID) -> list[LotNeedle]:
    """Needles of the lot that went in and were not undone, in the order of time. One query.

    It reads all needles of the visits in which a pack of the lot was opened; those of other lots
    are left out here.
    """
    rows = [LotNeedle._make(row) for row in _needles(lot)]
    undone = {row.undoes for row in rows if row.kind == "void"}
    # A needle without a pack, and one whose pack was taken back.
    holds_not = {None, *map(str, undone)}
    opened = {(row.treatment, _size(row)) for row in rows if _opens(row, lot)}
    return [
        row
        for row in rows
        if row.kind == "insertion"
        and row.key not in undone
        and (
            (row.treatment, _size(row)) in opened
            if _pack(row).get("act") in holds_not
            else _pack(row)["lot"] == str(lot)
        )
    ]


def _opens(row: LotNeedle, lot: UUID) -> bool:
    """Whether this act opened packs of the lot; one that was taken back counts, see above."""
    return row.kind == "pack" and row.details["lot"] == str(lot)


def _pack(row: LotNeedle) -> dict[str, Any]:
    found: dict[str, Any] = row.details.get("pack") or {}
    return found


def _size(row: LotNeedle) -> tuple[Any, Any]:
    return row.details.get("diameter_mm"), row.details.get("length_mm")


def patients_of(rows: Iterable[LotNeedle]) -> list[RecalledPatient]:
    """By patient, who was treated last first: those are the quickest to be asked."""
    found: dict[UUID, RecalledPatient] = {}
    treatments: dict[UUID, RecalledTreatment] = {}
    for row in rows:
        one = treatments.get(row.treatment)
        if one is None:
            one = treatments[row.treatment] = RecalledTreatment(row.started_at, row.site_phone)
            if row.patient not in found:
                found[row.patient] = RecalledPatient(_patient(row))
            found[row.patient].treatments.append(one)
        where = muscle_in_words(row.muscle, row.side or "") if row.muscle else "–"
        one.needles[where] = one.needles.get(where, 0) + 1
    # Rows come in the order of time, so the last treatment of each is their newest.
    return sorted(found.values(), key=lambda one: one.treatments[-1].started_at, reverse=True)


def _patient(row: LotNeedle) -> Patient:
    # A row that was never read whole: saved, it would empty every other column.
    names = ("given_name", "family_name", "file_number", "phone", "address", "language")
    return Patient(pk=row.patient, **{name: getattr(row, name) for name in names})
