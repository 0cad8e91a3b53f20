"""Which messages go out about a booking, and what they say. The room `sending` sees to the rest.

booked or moved ──▶ "your visit is on ..." ── the day before ──▶ "we expect you on ..."
the clinic moves, cancels, or is away then ──▶ "... choose another time" (`changes`)
freed time ──▶ "a time is free ..., yours until ..."
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.booking import offering, texts
from filiform.clinic.booking.links import make_link
from filiform.clinic.booking.models import WaitingOffer
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.composing import BY_HAND, COMPOSERS, SOURCES
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import Ready
from filiform.clinic.staff.queries import each_clinic
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.times import zone_named

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Site

CHANGES = ("moved", "cancelled", "laid-over")
"""What the clinic does to a visit that is booked"""
ABOUT_BOOKED = ("booked", "remind", "moved", "laid-over")
KINDS = (*ABOUT_BOOKED, "cancelled", "offer")
REMINDED, NO_LATER = timedelta(hours=24), timedelta(hours=2)
"""Before a visit: from when on its reminder is sent, and when it would come too late to help
somebody move. Whoever booked within these hours knows. Design values."""
AT_ONCE = 200


def put_in() -> None:
    """Let the room of sending know what we ask for and how it is said."""
    COMPOSERS.update(dict.fromkeys(KINDS, compose))
    BY_HAND.update(dict.fromkeys(KINDS, "booking:by-hand"))
    # In this order: what is not needed any more goes before anything is added.
    for source in (tidy, remind, offering.look):
        if source not in SOURCES:
            SOURCES.append(source)


def remind(now: datetime) -> int:
    """A reminder of every visit of the coming day, whoever booked it."""
    due = _to_remind(now + NO_LATER, now + REMINDED, now - REMINDED)
    return sum(_remind(visit, now) for visit in due)


@prepared
def _to_remind(start: datetime, end: datetime, since: datetime) -> QuerySet[Visit]:
    # A visit that was moved after its reminder went is reminded of again: `once` says so.
    told = Outgoing.objects.filter(kind="remind", subject=OuterRef("pk"), made_at__gt=since)
    return (
        Visit.objects.filter(
            organisation__in=each_clinic(),
            state="booked",
            planned_at__gt=start,
            planned_at__lte=end,
            created_at__lt=F("planned_at") - REMINDED - NO_LATER,
        )
        .exclude(Exists(told))
        .select_related("organisation", "patient", "site")
        .order_by("planned_at")[:AT_ONCE]
    )


def _remind(visit: Visit, now: datetime) -> bool:
    row = sending.enqueue(
        organisation=visit.organisation,
        patient=visit.patient,
        kind="remind",
        subject=visit.pk,
        once=f"remind {visit.pk} {visit.planned_at:%y%m%d%H%M}",
        now=now,
        zone=zone_named(visit.site.time_zone),
    )
    return row is not None


def tidy(now: datetime) -> int:
    """What waits for a hand about a visit that is over, cancelled, or nearly begun."""
    soon = now + timedelta(minutes=30)
    return sending.tidy(
        lambda state: [*_about_nothing(state, soon), *_cancelled_and_past(state, now)], now=now
    )


@prepared
def _about_nothing(state: str, after: datetime) -> QuerySet[Outgoing, UUID]:
    wanted = Visit.objects.filter(pk=OuterRef("subject"), state="booked", planned_at__gt=after)
    rows = Outgoing.objects.filter(~Exists(wanted), kind__in=ABOUT_BOOKED, state=state)
    return rows.values_list("pk", flat=True)[:AT_ONCE]


@prepared
def _cancelled_and_past(state: str, now: datetime) -> QuerySet[Outgoing, UUID]:
    to_come = Visit.objects.filter(pk=OuterRef("subject"), state="cancelled", planned_at__gt=now)
    rows = Outgoing.objects.filter(~Exists(to_come), kind="cancelled", state=state)
    return rows.values_list("pk", flat=True)[:AT_ONCE]


def compose(row: Outgoing, public_url: str, now: datetime) -> Ready | None:
    """The message with a link of its own that is made now; None when it no longer holds."""
    if row.patient is None:
        return None
    made = _offer(row, now) if row.kind == "offer" else _visit(row)
    if made is None:
        return None
    site, when, until, path = made
    language = row.patient.language
    link = public_url + path
    return Ready(
        id=str(row.pk),
        to=row.to,
        subject=texts.SUBJECTS[row.kind].in_language(language),
        text=texts.message(row.kind, site, language, when=when, address=link, until=until),
        link=link,
        language=language,
        report_to=public_url + reverse("sending:sms-report", args=[row.pk]),
    )


Made = tuple["Site", datetime, datetime | None, str]
"""Site, when the visit is, until when an offer holds, the path of the link."""


def _visit(row: Outgoing) -> Made | None:
    wanted = "cancelled" if row.kind == "cancelled" else "booked"
    visit = Visit.objects.filter(pk=row.subject, state=wanted).select_related(
        "site__organisation", "organisation", "patient"
    )
    found = visit.first()
    # It may have waited in the queue until the visit began: then it says nothing useful.
    if found is None or found.planned_at <= timezone.now():
        return None
    path = reverse("booking:visit", args=[make_link(visit=found)])
    return found.site, found.planned_at, None, path


def _offer(row: Outgoing, now: datetime) -> Made | None:
    offers = WaitingOffer.objects.filter(pk=row.subject, state="open", holds_until__gt=now)
    offer = offers.select_related("wish__site__organisation", "wish__patient").first()
    if offer is None:
        return None
    path = reverse("booking:place", args=[make_link(wish=offer.wish)])
    return offer.wish.site, offer.starts_at, offer.holds_until, path
