"""Recording, amending and voiding what a patient discloses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from filiform.clinic.facts.amending import hold, in_place, require_why, voided
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.intake import queries
from filiform.clinic.intake.models import DisclosedFact, ImportedDocument, KindAsked
from filiform.clinic.intake.rows import (
    Contradiction,
    check,
    insert_after,
    plain,
)
from filiform.clinic.intake.vocabulary import SECTION_OF, DisclosureSection
from filiform.clinic.patients.models import Patient
from filiform.disclosure import Coding, Kind, Status

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

CHANGEABLE = frozenset(
    {
        "kind",
        "text",
        "codings",
        "concept",
        "status",
        "start",
        "end",
        "site",
        "side",
        "value",
        "unit",
    }
)


def disclose(
    *,
    by: Member | None,
    patient: Patient,
    kind: str,
    text: str = "",
    codings: Iterable[Coding] = (),
    concept: str = "",
    status: str = Status.ACTIVE,
    start: date | None = None,
    end: date | None = None,
    site: str = "",
    side: str = "",
    value: float | None = None,
    unit: str = "",
    none_known: bool = False,
    recorded_on: date | None = None,
    document: ImportedDocument | None = None,
    resource: str = "",
    fact_id: UUID | None = None,
) -> DisclosedFact:
    """Record one fact, or with none_known the answer "nothing of this kind".

    A fact takes the place of an earlier "nothing". "Nothing" is refused while something is
    listed (Contradiction), and stands for the whole section that is asked in one question.
    fact_id: made by the form, so that sending it twice records once.
    Raises ValueError for an unknown kind, status or side, an empty text, an end before the start.
    """
    kind, status = Kind(kind), Status(status)
    row: dict[str, Any] = {
        "kind": kind.value, "text": text.strip()[:300], "codings": plain(codings),
        "concept": concept, "status": status.value, "start": start, "end": end, "site": site,
        "side": side or "", "value": value, "unit": unit, "none_known": none_known,
        "recorded_on": recorded_on or (timezone.localdate() if document is None else None),
        "document": document, "resource": resource,
    }  # fmt: skip
    # Before anything is held: what can't be is refused without waiting for anybody.
    check(row)
    with transaction.atomic():
        hold(patient)
        if fact_id is not None:
            there = DisclosedFact.objects.filter(pk=fact_id, patient=patient).first()
            if there is not None:
                return there
        former = _none_known_of(patient, kind)
        if none_known:
            # Said to us it takes the place of a document's, which nobody here had asked about.
            if former is not None and (document is not None or former.document_id is None):
                return former
            # A document's "no allergy" is of its own kind; said to us it answers the whole
            # question.
            _refuse_contradiction(patient, (kind,) if document else _section(kind).kinds)
        return _write_fact(row, by=by, patient=patient, fact_id=fact_id, replaces=former)


def _write_fact(
    row: dict[str, Any],
    *,
    by: Member | None,
    patient: Patient,
    fact_id: UUID | None,
    replaces: DisclosedFact | None,
) -> DisclosedFact:
    action = "nothing-disclosed" if row["none_known"] else "fact-disclosed"
    with recording(action, by=by, organisation=patient.organisation) as entry:
        fact = in_place(
            DisclosedFact(
                id=fact_id or new_id(),
                organisation=patient.organisation,
                recorded_by=by,
                patient=patient,
                replaces=replaces,
                **row,
            )
        )
        # A document doesn't show that anybody here has asked.
        if row["none_known"] and row["document"] is None:
            _note_asked(by=by, patient=patient, kinds=_section(Kind(row["kind"])).kinds)
        entry.about(fact, kind=row["kind"])
    return fact


def all_told(*, by: Member, patient: Patient, section: DisclosureSection) -> None:
    """The patient was asked about a section, and what is listed is all."""
    with recording("section-asked", by=by) as entry:
        _note_asked(by=by, patient=patient, kinds=section.kinds)
        entry.about(patient, patient=patient, section=section.id)


def not_asked_after_all(
    *, by: Member, patient: Patient, section: DisclosureSection, why: str
) -> None:
    """Take back that a section was asked about, and a "nothing" with it."""
    require_why(why)
    with recording("section-asked-voided", by=by) as entry:
        # In whichever file of the person it stands: a row and its void stay in their file.
        for row in queries.every_asked(patient):
            if row.kind in section.kinds:
                voided(row, by=by, why=why)
        for fact in queries.every_fact(patient):
            if fact.none_known and fact.kind in section.kinds:
                voided(fact, by=by, why=why)
        entry.about(patient, patient=patient, section=section.id)


def amend_fact(*, by: Member, fact: DisclosedFact, why: str, **changes: Any) -> DisclosedFact:
    """A new version of a fact; the former one stays readable behind it.

    changes: fields as in `disclose`. Raises ValueError for another field or without a why,
    ChangedMeanwhile when the fact has been replaced already.
    """
    require_why(why)
    unknown = sorted(set(changes) - CHANGEABLE)
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: allowed are {', '.join(sorted(CHANGEABLE))}")
    if "codings" in changes:
        changes["codings"] = plain(changes["codings"])
    with recording("fact-amended", by=by) as entry:
        # The day is the amendment's: what is said of a fact is as new as who said it.
        amended = insert_after(fact, by=by, why=why, recorded_on=timezone.localdate(), **changes)
        entry.about(amended, former=str(fact.pk))
    return amended


def void_fact(*, by: Member, fact: DisclosedFact, why: str) -> DisclosedFact:
    """Take a fact back that should not have been recorded. Raises as `amend_fact`."""
    with recording("fact-voided", by=by) as entry:
        void = voided(fact, by=by, why=why)
        entry.about(void, former=str(fact.pk))
    return void


def _note_asked(*, by: Member | None, patient: Patient, kinds: Iterable[Kind]) -> None:
    # Of this file: a row takes the place of none that stands in another.
    before = queries.own_asked(patient)
    for kind in kinds:
        in_place(
            KindAsked(
                organisation=patient.organisation,
                recorded_by=by,
                patient=patient,
                kind=kind.value,
                replaces=before.get(kind),
            )
        )


def _section(kind: Kind) -> DisclosureSection:
    if kind not in SECTION_OF:
        raise ValueError(f"nobody is asked about {kind.value!r}; allowed: {', '.join(SECTION_OF)}")
    return SECTION_OF[kind]


def _none_known_of(patient: Patient, kind: Kind) -> DisclosedFact | None:
    """The "nothing" that a new fact of a kind takes the place of.

    Said to us it stands for the section that was asked about, in a document for its kind alone.
    """
    kinds = SECTION_OF[kind].kinds if kind in SECTION_OF else (kind,)
    return (
        queries.facts(patient)
        .filter(Q(kind=kind) | Q(kind__in=kinds, document__isnull=True), none_known=True)
        .last()
    )


def _refuse_contradiction(patient: Patient, kinds: Iterable[Kind]) -> None:
    kinds = frozenset(kinds)
    said = (row for row in queries.rows(patient) if row.kind in kinds and not row.none_known)
    listed = next(said, None)
    if listed is not None:
        raise Contradiction(
            f"“{listed.text}” is listed; “nothing” is allowed for an empty list only. "
            "Void what is wrong first."
        )
