"""Joining the waiting list, and what its pages read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from filiform.clinic.booking.actions import Details, keep_answers, self_register
from filiform.clinic.booking.keys import id_from
from filiform.clinic.booking.models import WaitingOffer, WaitingWish
from filiform.clinic.booking.offering import offer_after_commit, waiting_in_order
from filiform.clinic.facts.chain import hold, one_link
from filiform.clinic.facts.recording import recording

if TYPE_CHECKING:
    from filiform.clinic.diary.models import Service
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Organisation, Site


def join(
    *, site: Site, service: Service, details: Details, answers: Mapping[str, bool], form: UUID,
    person: UUID | None, weekdays: Sequence[int], parts: Sequence[str], weeks: int,
) -> WaitingWish:  # fmt: skip
    """A place on the list; the same form sent twice is the same place. What is free already is
    offered at once."""
    with one_link():
        hold(site.organisation_id)
        there = WaitingWish.objects.filter(
            organisation=site.organisation, pk=id_from(form, "wish")
        ).first()
        if there is not None:
            return there
        patient = self_register(site=site, details=details, form=form)
        keep_answers(patient, site, details, answers, form)
        with recording("waiting-joined", by=None, organisation=site.organisation) as entry:
            now = timezone.now()
            wish = WaitingWish.objects.create(
                pk=id_from(form, "wish"),
                organisation=site.organisation,
                patient=patient,
                service=service,
                site=site,
                practitioner_id=person,
                weekdays=sorted(weekdays),
                parts=list(parts),
                since=now,
                until=now + timedelta(weeks=weeks),
            )
            entry.about(wish, patient=patient)
    offer_after_commit(site.organisation)
    return wish


def carry_over(kept: Patient, closed: Patient) -> None:
    """Who waited in a file that is closed into another waits in that: a time that is offered could
    not be taken in a closed file."""
    WaitingWish.objects.filter(patient=closed, state="waiting").update(patient=kept)


def place_of(wish: WaitingWish) -> int:
    """How many stand before, plus one. Whoever waits for other times counts, too: it is the longest
    that it can take."""
    order = [row.pk for row in waiting_in_order(wish.organisation)]
    return order.index(wish.pk) + 1 if wish.pk in order else 0


def open_offer(wish: WaitingWish) -> WaitingOffer | None:
    """What is on offer to them now, or was last."""
    offers = WaitingOffer.objects.filter(wish=wish).select_related("practitioner", "visit")
    return offers.order_by("-offered_at").first()


def desk_list(organisation: Organisation) -> list[tuple[WaitingWish, WaitingOffer | None]]:
    """Everybody who waits, in the order in which they are asked, each with the last offer."""
    rows = waiting_in_order(organisation)
    offers = WaitingOffer.objects.filter(wish__in=rows).select_related("practitioner")
    last = {offer.wish_id: offer for offer in offers.order_by("offered_at")}
    return [(row, last.get(row.pk)) for row in rows]
