"""What the desk does with self-made bookings: say whose file it is.

self-registered file ──▶ ┬ a new patient: the file stays
                         └ somebody we know: visit and place on the list go to the known file,
                           and the self-made one is closed into it (`chart.merging`)
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.booking import changes
from filiform.clinic.booking.models import SelfRegistered
from filiform.clinic.chart import merging
from filiform.clinic.diary.models import Appointment
from filiform.clinic.facts.chain import hold, one_link
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.recording import recording
from filiform.clinic.pathway.attention import AlsoWaiting
from filiform.clinic.patients.queries import PossibleDuplicate, possible_duplicates
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.visits.models import OPEN_STATES, Visit

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Organisation

SHOWN = 50
WHY = "Booked by themselves; the desk says that it is the same person."


def unchecked(organisation: Organisation) -> list[SelfRegistered]:
    """Files that nobody has looked at, the oldest first."""
    rows = SelfRegistered.objects.filter(organisation=organisation, checked_at__isnull=True)
    return list(rows.select_related("patient").order_by("made_at")[:SHOWN])


@prepared
def _to_check(organisation: UUID) -> QuerySet[SelfRegistered, UUID]:
    rows = SelfRegistered.objects.filter(organisation=organisation, checked_at__isnull=True)
    return rows.values_list("pk", flat=True)[:SHOWN]


def waits_for(member: Member) -> AlsoWaiting | None:
    """For the day's page: bookings whose file nobody has looked at."""
    number = len(_to_check(member.organisation_id)) if member.may("book-visits") else 0
    return AlsoWaiting(number, _("Bookings by patients"), "booking:desk") if number else None


def calls_wait_for(member: Member) -> AlsoWaiting | None:
    """For the day's page: patients who don't know yet what we changed about their visit."""
    now = timezone.now()
    if not member.may("book-visits") or not changes.calls_open(member.organisation_id, now):
        return None
    calls = changes.to_call(member.organisation, now)
    if not calls:
        return None
    # Once its time has come, nobody is called about a visit any more.
    until = min(one.visit.planned_at for one in calls)
    return AlsoWaiting(len(calls), _("Call them"), "booking:desk", until)


def likely(patient: Patient) -> list[PossibleDuplicate]:
    """Files that may be the same person's."""
    return possible_duplicates(
        patient.organisation,
        given_name=patient.given_name,
        family_name=patient.family_name,
        birth_date=patient.birth_date,
        birth_date_known=patient.birth_date_known,
        phone=patient.phone,
        besides=patient,
    )


def next_visits(patients: list[Patient]) -> dict[object, Visit]:
    """Patient → the next visit they have booked."""
    visits = Visit.objects.filter(patient__in=patients, state="booked")
    rows = visits.select_related("site", "practitioner", "appointment__service")
    # The farthest first, so that the next one is what stays.
    return {visit.patient_id: visit for visit in rows.order_by("-planned_at")}


def undelivered(organisation: Organisation, now: datetime) -> list[tuple[Outgoing, Visit]]:
    """Messages about visits to come that did not arrive: somebody has to telephone."""
    kinds = ("booked", "remind")
    # Through the visits, which are a few hundred: what failed is kept for ever.
    failed = Outgoing.objects.filter(subject=OuterRef("pk"), kind__in=kinds, state="failed")
    visits = Visit.objects.filter(
        Exists(failed), organisation=organisation, state="booked", planned_at__gt=now
    ).in_bulk()
    told = Outgoing.objects.filter(subject__in=visits).select_related("patient")
    # Here and not in the query: SQLite would take the index of all that ever failed.
    rows = [row for row in told if row.kind in kinds and row.state == "failed"]
    rows.sort(key=lambda row: row.state_at, reverse=True)
    return [(row, visits[row.subject]) for row in rows[:SHOWN]]


def new_person(*, by: Member, entry: SelfRegistered) -> None:
    """Nobody we know: the file is theirs from now on. Twice changes nothing."""
    with recording("patient-self-registered-kept", by=by) as audit:
        audit.about(entry, patient=entry.patient)
        if _is_checked(entry):
            audit.details["again"] = True
            return
        _checked(entry, by, None)


def same_person(*, by: Member, entry: SelfRegistered, known: Patient) -> None:
    """Somebody we know: what they booked goes to their file, and the self-made one is closed into
    it. All of it or nothing.

    Raises chart.merging.MergeRefused with what stands against it, ValueError for a file of
    another organisation.
    """
    new = entry.patient
    if {known.organisation_id, new.organisation_id} != {by.organisation_id}:
        raise ValueError("files of another organisation are never put together")
    with one_link():
        hold(by.organisation_id)
        if _is_checked(entry):
            return
        # While a visit that has begun is open in a file it can't be closed: the visit goes over
        # first. What was ended there stays there and is read together with the rest.
        visits = list(Visit.objects.filter(patient=new, state__in=OPEN_STATES))
        Visit.objects.filter(pk__in=[one.pk for one in visits]).update(patient=known)
        # The diary's row names the patient, too.
        Appointment.objects.filter(visit__in=visits).update(patient=known)
        merging.merge(by=by, kept=known, closed=new, why=WHY, same_person=True)
        with recording("patient-self-registered-joined", by=by) as audit:
            _checked(entry, by, known)
            audit.about(entry, patient=known, visits=len(visits))


def _is_checked(entry: SelfRegistered) -> bool:
    """Whether somebody has said whose file it is, at the other desk perhaps a moment ago. Only with
    the organisation's turn to write."""
    entry.refresh_from_db(fields=["checked_at"])
    return entry.checked_at is not None


def _checked(entry: SelfRegistered, by: Member, known: Patient | None) -> None:
    entry.checked_at, entry.checked_by, entry.joined_to = timezone.now(), by, known
    entry.save(update_fields=["checked_at", "checked_by", "joined_to"])
