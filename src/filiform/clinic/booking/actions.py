"""What a patient does by themselves: book, move, cancel. One transaction each.

Nobody is told whether a number or a name is known: every booking opens a file of its own, which
the desk joins to the one that is there (`desk`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.utils import timezone

from filiform.clinic.booking import texts
from filiform.clinic.booking.keys import id_from
from filiform.clinic.booking.links import prolong
from filiform.clinic.booking.messages import ABOUT_BOOKED
from filiform.clinic.booking.models import SelfRegistered
from filiform.clinic.booking.offering import held_by_offers, is_held
from filiform.clinic.diary import actions as diary
from filiform.clinic.diary.actions import NotFree
from filiform.clinic.diary.turns import in_turn
from filiform.clinic.facts.chain import hold, one_link
from filiform.clinic.intake.sent_in import Told, send_in
from filiform.clinic.patients import actions as patients
from filiform.clinic.patients.births import Birth
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.times import zone_named
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.diary.models import Service
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Site


class Details(NamedTuple):
    """Who books, in their own words. phone: E.164 or ""; one of phone and email is given."""

    name: str
    phone: str
    email: str
    birth: Birth
    language: str


class Time(NamedTuple):
    """What is booked: a service with somebody at a site, from a moment on."""

    service: Service
    site: Site
    practitioner: Member
    starts_at: datetime


def book(*, time: Time, details: Details, answers: Mapping[str, bool], form: UUID) -> Visit:
    """A visit for somebody who books by themselves; all of it or nothing.

    answers: of the risk questions, already found to allow this service; they wait for the
    practitioner's review. form: id of the form, so that sending it twice books once. Raises
    NotFree with what stands against the time.
    """
    with in_turn(), one_link():
        hold(time.site.organisation_id)
        # Asked with the turn to write: of two taps at once the second finds the first one's visit,
        # and confirms nothing a second time.
        there = booked_before(time.site, form)
        if there is not None:
            return there
        _refuse_held(time)
        patient = self_register(site=time.site, details=details, form=form)
        visit = diary.take(
            patient=patient,
            practitioner=time.practitioner,
            site=time.site,
            starts_at=time.starts_at,
            service=time.service,
            how="public",
            visit_id=id_from(form, "visit"),
        )
        keep_answers(patient, time.site, details, answers, form, visit)
        confirm(visit)
    return visit


def booked_before(site: Site, form: UUID) -> Visit | None:
    """The visit that this very form has booked already, however it stands by now."""
    ours = Visit.objects.filter(organisation=site.organisation_id, pk=id_from(form, "visit"))
    return ours.select_related("site__organisation", "practitioner", "patient").first()


def _refuse_held(time: Time) -> None:
    held = held_by_offers(time.site.organisation_id, timezone.now())
    ends = time.starts_at + timedelta(minutes=time.service.minutes)
    if is_held(held, time.practitioner.pk, time.starts_at, ends):
        raise NotFree(Reason("booking-time-held"))


def self_register(*, site: Site, details: Details, form: UUID) -> Patient:
    """A file of the person's own making, which the desk has to look at."""
    # One field was asked, as people say their name; the desk can part it better.
    given, _space, family = details.name.strip().rpartition(" ")
    patient = patients.register(
        by=None,
        organisation=site.organisation,
        given_name=(given or family)[:80],
        family_name=(family if given else "")[:80],
        # It isn't asked here: the questions that hang on it are asked when it is unknown.
        sex="unknown",
        birth_date=details.birth.on,
        birth_date_known=details.birth.known,
        phone=details.phone,
        email=details.email,
        language=details.language,
        # Of the form, as all that comes of it: sent twice, everything is found again.
        patient_id=id_from(form, "patient"),
    )
    SelfRegistered.objects.get_or_create(
        patient=patient,
        defaults={
            "organisation": site.organisation,
            "consent_version": texts.CONSENT_VERSION,
            "language": details.language,
        },
    )
    return patient


def keep_answers(
    patient: Patient, site: Site, details: Details, answers: Mapping[str, bool], form: UUID,
    visit: Visit | None = None,
) -> None:  # fmt: skip
    """What was answered waits for a practitioner's review; an emergency rings at once."""
    # A service without needles asks nothing.
    if not answers:
        return
    send_in(
        patient=patient,
        site=site,
        sending=id_from(form, "answers"),
        told=[Told("answer", question, value=said) for question, said in answers.items()],
        language=details.language,
        visit=visit,
        channel="booking",
    )


def tell_emergency(
    *, site: Site, details: Details, answers: Mapping[str, bool], form: UUID
) -> None:
    """Somebody named a sign that can't wait: no visit is booked, but the clinic is told."""
    with one_link():
        hold(site.organisation_id)
        patient = self_register(site=site, details=details, form=form)
        keep_answers(patient, site, details, answers, form)


def confirm(visit: Visit) -> None:
    """A message that says when the visit is and where it can be moved; the former one is withdrawn
    where it has not gone yet."""
    now = timezone.now()
    # The questions before the visit are asked whenever it is.
    sending.withdraw(subject=visit.pk, kinds=ABOUT_BOOKED)
    # Moved there and back again is told each time.
    number = Outgoing.objects.filter(kind="booked", subject=visit.pk).count()
    sending.enqueue(
        organisation=visit.organisation,
        patient=visit.patient,
        kind="booked",
        subject=visit.pk,
        once=f"booked {visit.pk} {number}",
        now=now,
        zone=zone_named(visit.site.time_zone),
        # They have the telephone in their hand: at night, too.
        urgent=True,
    )


def move(*, visit: Visit, time: Time) -> Visit:
    """The patient puts their visit at another time. Raises NotFree, MoveRefused."""
    with in_turn(), one_link():
        hold(visit.organisation_id)
        # With the turn to write: the first of two taps may have moved it.
        visit.refresh_from_db(fields=["planned_at", "practitioner"])
        if (visit.planned_at, visit.practitioner_id) == (time.starts_at, time.practitioner.pk):
            return visit  # tapped twice
        _refuse_held(time)
        moved = diary.reschedule(
            visit=visit, starts_at=time.starts_at, practitioner=time.practitioner
        )
        prolong(moved)
        confirm(moved)
    return moved


def cancel(*, visit: Visit) -> Visit:
    """The patient can't come; a second time changes nothing. Raises MoveRefused for a visit that
    has begun or is over."""
    # Of a second tap no entry is written, and nobody is told again.
    if visit.state == "cancelled":
        return visit
    with one_link():
        cancelled = diary.cancel(visit=visit, because="patient-asked")
        sending.withdraw(subject=visit.pk)
    return cancelled
