"""What the public site and the inbox read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.versions import organisation_version
from filiform.clinic.frontdoor.models import Message, MessageAttachment, MessageEvent
from filiform.clinic.patients.files import closed_among
from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.search import search
from filiform.clinic.staff.credentials import Currency, currencies
from filiform.clinic.staff.models import Member, Organisation, Site

WAITS_LONG = timedelta(hours=2)
"""For messages from before there was a limit: from here on the inbox marks them. Design value."""
CLOSED_SHOWN = 100
ASIDE_SHOWN = 100
NOT_CLOSED = ("new", "answered")
"""Named one by one: no index finds what is not "closed", which in time is nearly all."""


@dataclass(frozen=True)
class WaitingMessage:
    """A message with what is to be done about it."""

    message: Message
    next_step: str
    waits_long: bool


def public_site(site_id: UUID | None = None) -> Site | None:
    """The site that the public page speaks for: the one asked for, or the first one."""
    sites = public_sites()
    if site_id is not None:
        return sites.filter(pk=site_id).first()
    return sites.first()


@prepared
def _first_clinic() -> QuerySet[Organisation, UUID]:
    return Organisation.objects.order_by("created_at", "pk").values_list("pk", flat=True)[:1]


def clinic_version() -> object:
    """The version of everything that stands on the public pages; None before there is a clinic."""
    clinics = _first_clinic()
    return organisation_version(clinics[0]) if clinics else None


def public_sites() -> QuerySet[Site]:
    """Public sites of the clinic that this installation was founded for."""
    # The oldest: another organisation of the same database has no public pages here.
    clinic = Organisation.objects.order_by("created_at", "pk").first()
    return (
        Site.objects.filter(organisation=clinic, is_public=True)
        .select_related("organisation")
        .order_by("pk")
    )


def team(organisation: Organisation, *, on: date) -> list[Currency]:
    """Practitioners who want to be shown and whose registration and training hold today."""
    members = Member.objects.filter(
        organisation=organisation, is_active=True, is_practitioner=True, on_public_site=True
    ).order_by("name")
    return [currency for currency in currencies(members, on) if currency.may_needle]


def open_messages(organisation: Organisation, *, now: datetime) -> list[WaitingMessage]:
    """Everything that is not closed: unanswered first, and in each the longest waiting first."""
    rows = _messages(organisation).filter(state__in=NOT_CLOSED)
    # An alarm is in the inbox whatever it looked like.
    rows = rows.filter(Q(set_aside_for="") | Q(alarm__in=("ringing", "taken")))
    # By letters "new" stands after "answered": backwards, what waits comes first.
    rows = rows.order_by("-state", "received_at", "pk")
    # "ringing" and "taken" before everything else; sorting keeps the order among the rest.
    first = {"ringing": 0, "taken": 1}
    return [waiting(row, now=now) for row in sorted(rows, key=lambda row: first.get(row.alarm, 2))]


def set_aside(organisation: Organisation) -> QuerySet[Message]:
    """What looked like a script's and nobody has looked through yet, the newest first."""
    rows = _messages(organisation).exclude(set_aside_for="").filter(state__in=NOT_CLOSED)
    return rows.order_by("-received_at", "pk")


def closed_messages(organisation: Organisation, *, now: datetime) -> list[WaitingMessage]:
    rows = _messages(organisation).filter(state="closed").order_by("-received_at")[:CLOSED_SHOWN]
    return [waiting(row, now=now) for row in rows]


MOST_RINGING = 50


@prepared
def _ringing(organisation: UUID) -> QuerySet[Message, UUID]:
    return (
        Message.objects.filter(organisation=organisation, alarm="ringing")
        .order_by("received_at")
        .values_list("pk", flat=True)[:MOST_RINGING]
    )


def ringing(organisation: UUID) -> list[UUID]:
    """Ids of the messages that ring, the oldest first."""
    return list(_ringing(organisation))


def ringing_addresses(organisation: UUID) -> list[str]:
    """For the bell (`web.bell`)."""
    return [reverse("frontdoor:message", args=[message]) for message in ringing(organisation)]


@prepared
def _late(organisation: UUID, now: datetime) -> QuerySet[Message, UUID]:
    return (
        Message.objects.filter(organisation=organisation, rings_at__lte=now)
        .order_by("rings_at")
        .values_list("pk", flat=True)[:MOST_RINGING]
    )


@prepared
def _next_late(organisation: UUID, now: datetime) -> QuerySet[Message, datetime | None]:
    return (
        Message.objects.filter(organisation=organisation, rings_at__gt=now)
        .order_by("rings_at")
        .values_list("rings_at", flat=True)[:1]
    )


def late_addresses(organisation: UUID) -> list[str]:
    """Messages that nobody answered in time, for the bell."""
    found = _late(organisation, timezone.now())
    return [reverse("frontdoor:message", args=[message]) for message in found]


def next_late(organisation: UUID, now: datetime) -> datetime | None:
    """When the next message begins to ring, for the bell."""
    return next(iter(_next_late(organisation, now)), None)


MOST_ON_TODAY = 20


@prepared
def first_alarmed(organisation: UUID) -> QuerySet[Message]:
    """Messages whose alarm nobody has ended yet, for Today: those that ring, the oldest first."""
    return (
        _messages(organisation)
        .filter(alarm__in=("ringing", "taken"))
        # By letters "ringing" stands before "taken".
        .order_by("alarm", "received_at")[:MOST_ON_TODAY]
    )


@prepared
def first_new(organisation: UUID) -> QuerySet[Message]:
    """Messages that nobody has answered, without those of the alarms, the oldest first."""
    return (
        Message.objects.filter(organisation=organisation, state="new", set_aside_for="")
        .exclude(alarm__in=("ringing", "taken"))
        .order_by("received_at")[:MOST_ON_TODAY]
    )


def message(organisation: Organisation, message_id: UUID) -> Message | None:
    return _messages(organisation).filter(pk=message_id).first()


def waiting(message: Message, *, now: datetime) -> WaitingMessage:
    """The one next step: take it, answer it as wished, say which patient, close."""
    if message.alarm in ("ringing", "taken"):
        step = "alarm-take" if message.alarm == "ringing" else "alarm-end"
    elif message.state == "closed":
        step = ""
    elif message.state == "answered":
        step = "close" if message.patient_id else "link"
    else:
        step = message.answer_by if message.owner_id else "take"
    return WaitingMessage(message, step, is_late(message, now))


def is_late(message: Message, now: datetime) -> bool:
    """Whether it should have been answered by now; a machine's never is."""
    if message.state != "new" or message.set_aside_for:
        return False
    return now >= (message.due_at or message.received_at + WAITS_LONG)


def next_open(message: Message, now: datetime) -> Message | None:
    """The message of the inbox to be worked after this one; None when there is no other."""
    rows = [row.message for row in open_messages(message.organisation, now=now)]
    # From here on and round: who works through the inbox meets each message once.
    after = [row.pk for row in rows].index(message.pk) + 1 if message in rows else 0
    others = [row for row in (*rows[after:], *rows[:after]) if row.pk != message.pk]
    return others[0] if others else None


def event(message: Message, event_id: UUID, kind: str) -> MessageEvent | None:
    return message.events.filter(pk=event_id, kind=kind).select_related("message__site").first()


def attachments_of(message: Message) -> QuerySet[MessageAttachment]:
    """Without their content: a page lists them, and each is fetched by its own address."""
    return message.attachments.defer("content").order_by("recorded_at", "pk")


def likely_patients(message: Message, limit: int = 6) -> list[Patient]:
    """Patients with the message's number or address, then those with a like name."""
    reached = Q()
    if message.phone:
        reached |= Q(phone=message.phone) | Q(other_phone=message.phone)
        # A son writes for his mother: his number stands in her file.
        reached |= Q(kin_phone=message.phone)
    if message.email:
        reached |= Q(email__iexact=message.email)
    ours = Patient.objects.filter(organisation=message.organisation)
    # An empty condition would find every patient.
    by_address = ours.filter(reached)[:limit] if reached else []
    found = {patient.pk: patient for patient in by_address}
    for patient in search(message.organisation, message.name, limit=limit):
        found.setdefault(patient.pk, patient)
    # A closed file takes nothing new: its person's kept one is offered instead.
    kept = closed_among(found.values())
    open_files = [kept.get(patient.pk, patient) for patient in found.values()]
    return list(dict.fromkeys(open_files))[:limit]


def _messages(organisation: Organisation | UUID) -> QuerySet[Message]:
    return Message.objects.filter(organisation=organisation).select_related(
        "owner", "patient", "site", "reading"
    )
