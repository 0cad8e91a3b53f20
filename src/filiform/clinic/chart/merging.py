"""Putting two files of one person together, and taking them apart.

    kept ◀── FileMerge ── closed      no fact of either is touched

Merging asks what must not be going on in either file; taking apart asks nothing but why. What was
paid, sold and owed is read over all files of a person and stays where it is; only a visit that is
still to come and a place on the waiting list go over: nothing can be begun in a closed file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q

from filiform.clinic.diary.models import Appointment
from filiform.clinic.facts.amending import hold, require_why, voided
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.recording import recording
from filiform.clinic.intake.models import Answer, DisclosedFact
from filiform.clinic.patients.files import closed_into, merges_of
from filiform.clinic.patients.models import FileMerge, Measurement, Patient
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.visits.models import COUCH_STATES, OPEN_STATES, Visit
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


class MergeRefused(Exception):
    """Two files can't be put together. `reasons` says so in words."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


def reasons_against(kept: Patient, closed: Patient) -> tuple[Reason, ...]:
    """What forbids to close one file into the other, apart from differences (`differing`)."""
    if kept.pk == closed.pk:
        return (Reason("files-same"),)
    reasons = []
    for one in (kept, closed):
        merge = closed_into(one)
        if merge is not None:
            numbers = {"file": one.file_number, "kept": merge.kept.file_number}
            reasons.append(Reason("files-closed-already", params=numbers))
    # A file that others lead to stays: whoever follows a lead must not be led on and on.
    if any(merge.kept_id == closed.pk for merge in merges_of(closed)):
        reasons.append(Reason("files-leads-here", params={"file": closed.file_number}))
    for one in (kept, closed):
        if _under_treatment(one):
            reasons.append(Reason("files-under-treatment", params={"file": one.file_number}))
    begun = Visit.objects.filter(patient=closed, state__in=OPEN_STATES).exclude(state="booked")
    if begun.exists():
        reasons.append(Reason("files-visit-open", params={"file": closed.file_number}))
    return tuple(reasons)


def _under_treatment(patient: Patient) -> bool:
    """Whether a treatment was begun and not signed."""
    begun = Treatment.objects.filter(patient=patient, seal__isnull=True)
    on_couch = Visit.objects.filter(patient=patient, state__in=COUCH_STATES)
    return begun.exists() or on_couch.exists()


def differing(one: Patient, other: Patient) -> list[str]:
    """Of birth_date and sex, those in which two files differ: a person has one of each."""
    found = []
    same = one.birth_date == other.birth_date and one.birth_date_known == other.birth_date_known
    if not same:
        found.append("birth_date")
    if one.sex != other.sex:
        found.append("sex")
    return found


def merge(
    *, by: Member, kept: Patient, closed: Patient, why: str, same_person: bool = False
) -> FileMerge:
    """Close one file into another of the same person.

    same_person: somebody has said that it is one person though birth date or sex differ.
    Raises MergeRefused with what stands against it, ValueError without a why or for a file of
    another organisation.
    """
    require_why(why)
    if {kept.organisation_id, closed.organisation_id} != {by.organisation_id}:
        raise ValueError("files of another organisation are never put together")
    with one_link():
        # In one order for everybody, so that no two wait for each other.
        for patient in sorted({kept.pk: kept, closed.pk: closed}.values(), key=lambda one: one.pk):
            hold(patient)
        reasons = reasons_against(kept, closed)
        different = differing(kept, closed)
        if different and not same_person:
            numbers = {"kept": kept.file_number, "closed": closed.file_number}
            reasons = (*reasons, Reason("files-differ", params=numbers))
        if reasons:
            raise MergeRefused(reasons)
        row = FileMerge(
            organisation=by.organisation,
            recorded_by=by,
            patient=closed,
            kept=kept,
            why=why.strip(),
        )
        visits = _carry_over(kept, closed)
        row.save(force_insert=True)
        # An entry for each: the audit is read by file, and either must tell of the other.
        for patient in (kept, closed):
            with recording("files-merged", by=by) as entry:
                entry.about(
                    row, patient=patient, **_numbers(row), differing=different, visits=visits
                )
    return row


ALSO_CARRIED: list[Callable[[Patient, Patient], None]] = []
"""(kept, closed): what rooms above hold of something to come. They put themselves in."""


def _carry_over(kept: Patient, closed: Patient) -> int:
    """How many booked visits went over, with what the diary and the outbox hold of them."""
    visits = list(Visit.objects.filter(patient=closed, state="booked").values_list("pk", flat=True))
    Visit.objects.filter(pk__in=visits).update(patient=kept)
    Appointment.objects.filter(visit__in=visits).update(patient=kept)
    # Only those that are still to go: what was sent went to the number that they gave.
    Outgoing.objects.filter(patient=closed, state__in=("waiting", "by-hand")).update(patient=kept)
    for carry in ALSO_CARRIED:
        carry(kept, closed)
    return len(visits)


def take_apart(*, by: Member, merge: FileMerge, why: str) -> FileMerge:
    """Both files are as if they had never been put together; what was recorded meanwhile stays in
    the file in which it was recorded (`recorded_meanwhile`), a visit that went over, too.

    Raises ValueError without a why, ChangedMeanwhile when somebody has taken them apart already.
    """
    with one_link():
        void = voided(merge, by=by, why=why)
        for patient in (void.kept, void.patient):
            with recording("files-taken-apart", by=by) as entry:
                entry.about(void, patient=patient, **_numbers(void))
    return void


def _numbers(row: FileMerge) -> dict[str, str]:
    """What the audit of either file says of the other."""
    return {"kept": row.kept.file_number, "closed": row.patient.file_number}


class Meanwhile(NamedTuple):
    """Something that was recorded in a file while two were together. kind: fact, answer,
    measurement, visit; what: the row."""

    at: datetime
    kind: str
    what: DisclosedFact | Answer | Measurement | Visit


def recorded_meanwhile(merge: FileMerge) -> list[Meanwhile]:
    """What was recorded in the kept file since, by people who thought of both; the first first.

    Somebody has to look at it when the files are taken apart: it may be about the other person.
    """
    since, kept = merge.recorded_at, merge.kept_id
    new = Q(patient=kept, recorded_at__gt=since)
    facts = DisclosedFact.objects.current().filter(new)
    answers = Answer.objects.current().filter(new)
    found = [Meanwhile(row.recorded_at, "fact", row) for row in facts]
    found += [Meanwhile(row.recorded_at, "answer", row) for row in answers]
    taken = Measurement.objects.current().filter(new)
    found += [Meanwhile(row.recorded_at, "measurement", row) for row in taken]
    visits = Visit.objects.filter(patient=kept, created_at__gt=since)
    found += [Meanwhile(visit.created_at, "visit", visit) for visit in visits]
    return sorted(found, key=lambda one: one.at)
