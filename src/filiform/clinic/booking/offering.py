"""Freed times go to the waiting list: offered, answered, passed on.

    visit cancelled, leave moved ──▶ fairness.allot ──▶ WaitingOffer ──▶ a message with a link
    deadline passed ──▶ lapsed ──▶ fairness.allot, without who was asked

A visit that is given back tells us at once (`visits.WHEN_FREED`); what else frees a time (leave,
hours, a room) the worker finds, which looks when something was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from filiform.clinic.booking import fairness
from filiform.clinic.booking.fairness import Freed, Offered, Wish
from filiform.clinic.booking.keys import id_from
from filiform.clinic.booking.models import WaitingOffer, WaitingWish
from filiform.clinic.diary import actions as diary
from filiform.clinic.diary.actions import NotFree
from filiform.clinic.diary.queries import slots
from filiform.clinic.diary.turns import in_turn
from filiform.clinic.facts.chain import hold, one_link
from filiform.clinic.facts.prepared import prepared
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.versions import Version, activity_of
from filiform.clinic.patients.files import closed_into
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.setup import setup
from filiform.clinic.visits import actions as visits
from filiform.clinic.web.times import zone_named

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Organisation
    from filiform.clinic.visits.models import Visit

LOOKED_AHEAD = timedelta(days=30)
"""Over so many days free times are looked for (design value)."""
Held = list[tuple[UUID, datetime, datetime]]
"""Practitioner, from, until before."""


class OfferOver(Exception):
    """An offer can't be accepted any more. `state` says why, as `WaitingOffer.state`."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def listen() -> None:
    """Let the diary tell us when a time is given back."""
    if freed not in visits.WHEN_FREED:
        visits.WHEN_FREED.append(freed)


def freed(visit: Visit) -> None:
    """Offered after the commit: before it, the time is still taken. What goes wrong here must not
    undo the cancelling, and the worker finds it again."""
    offer_after_commit(visit.organisation)


def offer_after_commit(organisation: Organisation) -> None:
    """Look for whom a time is once this transaction stands; what is free is asked then."""
    transaction.on_commit(partial(_offer_now, organisation), robust=True)


def _offer_now(organisation: Organisation) -> None:
    offer_freed(organisation, timezone.now())


_SEEN: dict[UUID, tuple[Version, frozenset[UUID]]] = {}
"""Clinic → the version of its rows, and who waited, when this process looked last."""


def look(now: datetime) -> int:
    """For the worker: let what is overdue lapse, and offer what has become free. Without a place
    on any list, one query."""
    wishes: dict[Organisation, set[UUID]] = {}
    for wish in _all_who_wait():
        wishes.setdefault(wish.organisation, set()).add(wish.pk)
    made = 0
    for organisation, who in wishes.items():
        overdue = WaitingOffer.objects.filter(
            organisation=organisation, state="open", holds_until__lte=now
        )
        # Places on the list raise no version (`facts.versions`), so who waits is compared beside
        # it.
        seen = activity_of(organisation.pk), frozenset(who)
        if seen != _SEEN.get(organisation.pk) or overdue.exists():
            made += offer_freed(organisation, now)
            # As it was before: what was written meanwhile is looked at in the next round.
            _SEEN[organisation.pk] = seen
    return made


@prepared
def _all_who_wait() -> QuerySet[WaitingWish]:
    return WaitingWish.objects.filter(state="waiting").select_related("organisation")


def offer_freed(organisation: Organisation, now: datetime) -> int:
    """How many offers were made. Two processes at once make each of them once: the second waits
    for its turn and finds the first one's."""
    # Asked without a lock: nearly every cancelled visit ends here.
    if not WaitingWish.objects.filter(organisation=organisation, state="waiting").exists():
        return 0
    with one_link():
        hold(organisation.pk)
        _lapse(organisation, now)
        rows = _waiting(organisation, now)
        by_id = {row.pk: row for row in rows}
        wishes = [_wish(row) for row in rows]
        found = fairness.allot(_free(rows, now), wishes, _before(rows), now)
        for time, wish in found:
            _offer(by_id[wish.id], time, now)
    return len(found)


def _waiting(organisation: Organisation, now: datetime) -> list[WaitingWish]:
    waiting = WaitingWish.objects.filter(organisation=organisation, state="waiting")
    # Here, just before they are asked: nobody is offered a time they no longer wish for.
    waiting.filter(until__lte=now).update(state="over", state_at=now)
    return waiting_in_order(organisation)


def waiting_in_order(organisation: Organisation) -> list[WaitingWish]:
    """Everybody who waits, in the order in which they are asked."""
    # Only those they were told of: a message that didn't arrive costs nobody their turn.
    lapsed = Count("offers", filter=Q(offers__state="lapsed", offers__was_told=True))
    rows = (
        WaitingWish.objects.filter(organisation=organisation, state="waiting")
        .select_related("service", "site__organisation", "patient", "practitioner", "organisation")
        .annotate(lapsed=lapsed)
    )
    return sorted(rows, key=lambda row: fairness.turn(_wish(row)))


def _wish(row: WaitingWish) -> Wish:
    return Wish(
        id=row.pk,
        since=row.since,
        service=row.service_id,
        site=row.site_id,
        until=row.until,
        person=row.practitioner_id,
        weekdays=frozenset(row.weekdays),
        parts=frozenset(row.parts),
        lapsed=getattr(row, "lapsed", 0),
    )


def _before(rows: Iterable[WaitingWish]) -> list[Offered]:
    """What was offered to them. A time that somebody of the staff gave away was not theirs to
    take: it doesn't count."""
    sites = {row.pk: row for row in rows}
    offers = WaitingOffer.objects.filter(wish__in=sites).exclude(state="gone")
    found = []
    for offer in offers:
        wish = sites[offer.wish_id]
        start = offer.starts_at.astimezone(zone_named(wish.site.time_zone))
        end = start + timedelta(minutes=offer.minutes)
        time = Freed(start, end, wish.service_id, wish.site_id, offer.practitioner_id)
        found.append(Offered(wish.pk, time, offer.state == "open"))
    return found


def _free(rows: Iterable[WaitingWish], now: datetime) -> list[Freed]:
    """The free times of what is waited for, once for each service at each site."""
    # Twenty who wait for one service share one look at its free times.
    wanted = {(row.service_id, row.site_id): row for row in rows}
    found: list[Freed] = []
    for row in wanted.values():
        zone = zone_named(row.site.time_zone)
        today = now.astimezone(zone).date()
        last = today + LOOKED_AHEAD
        held = held_by_offers(row.organisation_id, now)
        for slot in slots(row.service, row.site, first=today, last=last, now=now):
            # On offer to somebody else: it is free in the diary, and not to be had.
            if is_held(held, slot.person, slot.start, slot.end):
                continue
            start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
            found.append(Freed(start, end, row.service_id, row.site_id, slot.person))
    return found


def held_by_offers(organisation: UUID, now: datetime) -> Held:
    """Times that are kept for somebody of the waiting list."""
    rows = WaitingOffer.objects.filter(
        organisation=organisation, state="open", holds_until__gt=now
    ).values_list("practitioner", "starts_at", "minutes")
    return [(who, at, at + timedelta(minutes=minutes)) for who, at, minutes in rows]


def is_held(held: Held, person: UUID, start: datetime, end: datetime) -> bool:
    return any(who == person and at < end and start < until for who, at, until in held)


def _offer(row: WaitingWish, time: Freed, now: datetime) -> None:
    zone = zone_named(row.site.time_zone)
    with recording("message-time-offered", by=None, organisation=row.organisation) as entry:
        offer = WaitingOffer.objects.create(
            organisation=row.organisation,
            wish=row,
            practitioner_id=time.person,
            starts_at=time.start,
            minutes=(time.end - time.start).seconds // 60,
            offered_at=now,
            # Reckoned with the quiet hours: a deadline must not pass while the message still waits.
            holds_until=fairness.deadline(now, time.start, setup().quiet, zone),
        )
        entry.about(offer, patient=row.patient)
    sending.enqueue(
        organisation=row.organisation,
        patient=row.patient,
        kind="offer",
        subject=offer.pk,
        once=f"offer {offer.pk}",
        now=now,
        zone=zone,
    )


def _lapse(organisation: Organisation, now: datetime) -> None:
    """Offers whose time has passed. Who was not told of one has not missed it."""
    for offer in WaitingOffer.objects.filter(
        organisation=organisation, state="open", holds_until__lte=now
    ):
        told = Outgoing.objects.filter(
            subject=offer.pk, state__in=("sent", "delivered", "answered")
        ).exists()
        _end(offer, "lapsed", now, was_told=told)


def _end(offer: WaitingOffer, state: str, now: datetime, **more: object) -> None:
    for name, value in {"state": state, "state_at": now, **more}.items():
        setattr(offer, name, value)
    offer.save(update_fields=["state", "state_at", *more])
    # A message that hasn't gone yet would offer what is over.
    sending.withdraw(subject=offer.pk)


def accept(*, offer: WaitingOffer, now: datetime) -> Visit:
    """The time is theirs; a second tap is the same visit. Raises OfferOver when it was answered
    otherwise, has lapsed, or somebody of the staff has given the time away."""
    try:
        with in_turn(), one_link():
            fresh = _held(offer)
            if fresh.visit is not None:
                return fresh.visit
            _refuse_over(fresh, now)
            return _accept(fresh, now)
    except NotFree:
        # After the transaction, which was undone as a whole.
        _end(offer, "gone", now)
        raise OfferOver("gone") from None


def decline(*, offer: WaitingOffer, now: datetime) -> None:
    """Not this time: it goes to the next at once, and the place on the list stays; a second tap
    changes nothing. Raises OfferOver as `accept`."""
    with one_link():
        fresh = _held(offer)
        if fresh.state == "declined":
            return
        _refuse_over(fresh, now)
        _end(fresh, "declined", now)
    # After the transaction, in which the time would still count as on offer.
    offer_freed(offer.organisation, now)


def _held(offer: WaitingOffer) -> WaitingOffer:
    """The offer as it stands now, with the organisation's turn to write."""
    hold(offer.organisation_id)
    rows = WaitingOffer.objects.select_related(
        "wish__patient", "wish__site__organisation", "wish__service", "practitioner", "visit"
    )
    return rows.get(pk=offer.pk)


def _refuse_over(offer: WaitingOffer, now: datetime) -> None:
    if offer.state != "open":
        raise OfferOver(offer.state)
    if offer.holds_until <= now:
        raise OfferOver("lapsed")


def _accept(offer: WaitingOffer, now: datetime) -> Visit:
    wish = offer.wish
    visit = diary.take(
        patient=person_of(wish.patient),
        practitioner=offer.practitioner,
        site=wish.site,
        starts_at=offer.starts_at,
        service=wish.service,
        how="waiting-list",
        # Of the offer: accepted twice it is one visit.
        visit_id=id_from(offer.pk, "visit"),
    )
    _end(offer, "accepted", now, visit=visit)
    leave(wish=wish, state="booked", now=now)
    return visit


def leave(
    *, wish: WaitingWish, now: datetime, state: str = "left", by: Member | None = None
) -> None:
    """Off the list; what is on offer then goes to the next. by: None for the patient."""
    with recording("message-waiting-left", by=by, organisation=wish.organisation) as entry:
        WaitingWish.objects.filter(pk=wish.pk, state="waiting").update(state=state, state_at=now)
        for offer in WaitingOffer.objects.filter(wish=wish, state="open"):
            _end(offer, "declined", now)
        entry.about(wish, patient=wish.patient, state=state)
    offer_after_commit(wish.organisation)


def person_of(patient: Patient) -> Patient:
    """The file to go on with: the desk may have closed theirs into another meanwhile."""
    merge = closed_into(patient)
    return merge.kept if merge else patient
