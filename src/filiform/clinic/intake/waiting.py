"""What came in from home and waits for a review, and what screening would say if it held."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django.utils import timezone

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.reading import read_once
from filiform.clinic.intake.models import PendingImport, SentIn
from filiform.clinic.intake.queries import disclosure_of
from filiform.clinic.patients.files import of_files
from filiform.disclosure import Coding, Disclosure, Kind, Statement, Status

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.visits.models import Visit
    from filiform.reasons import Weight
    from filiform.screening import Screening
    from filiform.words import Words

DISCLOSURE_PARTS = frozenset({"answer", "told", "gone", "none", "all"})
"""Parts about which safety asks; while one of them waits, no needle goes in."""


@prepared
def _waiting(patient: UUID) -> QuerySet[SentIn]:
    return (
        SentIn.objects.current()
        .filter(patient=patient, review__isnull=True)
        .order_by("recorded_at", "pk")
    )


@read_once
def sent_in(patient: Patient) -> tuple[SentIn, ...]:
    """What waits for a review in any file of the person, in the order in which it came."""
    return tuple(of_files(_waiting, patient))


@prepared
def _documents(patient: UUID) -> QuerySet[PendingImport]:
    return (
        PendingImport.objects.filter(patient=patient, member__isnull=True)
        .defer("raw")
        .order_by("created_at")
    )


@read_once
def documents_sent_in(patient: Patient) -> tuple[PendingImport, ...]:
    """Summaries that the patient sent in and about which nobody has decided."""
    return tuple(of_files(_documents, patient))


def safety_rows(patient: Patient) -> list[SentIn]:
    """What waits that screening would look at."""
    return [row for row in sent_in(patient) if row.part in DISCLOSURE_PARTS]


def with_sent_in(told: Disclosure, rows: tuple[SentIn, ...]) -> Disclosure:
    """A disclosure with what waits. It can only become stricter by it: a yes and something listed
    are added, a no and "not any more" change nothing before somebody has looked at them."""
    yes = {row.name: True for row in rows if row.part == "answer" and row.value is True}
    facts = tuple(_statement(row) for row in rows if row.part == "told")
    return msgspec.structs.replace(
        told, answers={**told.answers, **yes}, facts=(*told.facts, *facts)
    )


def _statement(row: SentIn) -> Statement:
    value = row.value or {}
    return Statement(
        id=f"sent-in/{row.pk}",
        kind=Kind(row.name),
        text=row.text,
        codings=tuple(msgspec.convert(one, Coding) for one in value.get("codings", ())),
        status=Status(value.get("status", "active")),
        recorded=timezone.localdate(row.recorded_at),
    )


@read_once
def disclosure_with_sent_in(patient: Patient, visit: Visit | None = None) -> Disclosure:
    return with_sent_in(disclosure_of(patient, visit), sent_in(patient))


def only_with_sent_in(before: Screening, after: Screening) -> list[tuple[Words, Weight | None]]:
    """Reasons and red flags (weight None) that only what waits brings, strictest first."""
    known = {reason.id for reason in before.reasons} | {flag.id for flag in before.red_flags}
    flags = [(flag.name, None) for flag in after.red_flags if flag.id not in known]
    new = {one.id: one for one in after.reasons if one.id not in known}
    reasons = sorted(new.values(), key=lambda one: one.weight.rank)
    return [*flags, *((one.name, one.weight) for one in reasons)]
