"""Links to one visit or to one place on the waiting list: made, found, expired."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from filiform.clinic.booking.models import BookingLink, WaitingWish
from filiform.clinic.facts.recording import recording
from filiform.clinic.patient_page.keys import hash_of, new_secret

if TYPE_CHECKING:
    from filiform.clinic.visits.models import Visit

HOLDS_AFTER = timedelta(days=2)
"""So long after the visit, or after the wish's last day, its link still says how it stands
(design value)."""


def make_link(*, visit: Visit | None = None, wish: WaitingWish | None = None) -> str:
    """The secret of a new link, told here once. Raises ValueError for neither and for both."""
    about = visit or wish
    if about is None or (visit and wish):
        raise ValueError("a link leads to a visit or to a place on the list, to one of them")
    until = visit.planned_at if visit else wish.until if wish else timezone.now()
    secret = new_secret()
    with recording("message-booking-link-made", by=None, organisation=about.organisation) as entry:
        link = BookingLink.objects.create(
            organisation=about.organisation,
            visit=visit,
            wish=wish,
            token_hash=hash_of(secret),
            # A link made after the visit (to see how it stood) must open, too.
            expires_at=max(until, timezone.now()) + HOLDS_AFTER,
        )
        entry.about(link, patient=about.patient)
    return secret


def link_of(token: str, now: datetime) -> BookingLink | None:
    """The link with this secret; None for an unknown or expired one, which nobody tells apart."""
    rows = BookingLink.objects.filter(token_hash=hash_of(token), expires_at__gt=now)
    return rows.select_related(
        *("visit__organisation", "visit__site__organisation", "visit__practitioner"),
        *("visit__patient", "visit__appointment__service"),
        *("wish__organisation", "wish__site__organisation", "wish__service", "wish__patient"),
        "wish__practitioner",
    ).first()


def prolong(visit: Visit) -> None:
    """A link from before a move must not expire before the visit."""
    # Those that hold longer stay: moved to an earlier day, a link still says how it stands.
    links = BookingLink.objects.filter(visit=visit, expires_at__lt=visit.planned_at + HOLDS_AFTER)
    links.update(expires_at=visit.planned_at + HOLDS_AFTER)
