"""What opens and closes the address that a calendar outside reads."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.utils import timezone

from filiform.clinic.diary.calendars import hash_of
from filiform.clinic.diary.models import CalendarFeed
from filiform.clinic.facts.recording import recording

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


def make_feed(*, by: Member, member: Member, with_names: bool = False) -> tuple[CalendarFeed, str]:
    """A calendar's address: the row, and its secret, which is told this once and never again.
    Raises ValueError for somebody of another organisation."""
    if member.organisation_id != by.organisation_id:
        raise ValueError(f"{member.username} is of another organisation")
    # Told once and kept as a hash: the address is all that a calendar shows to get in.
    key = secrets.token_urlsafe(24)
    with recording("calendar-made", by=by) as entry:
        row = CalendarFeed.objects.create(
            organisation=by.organisation, member=member, key_hash=hash_of(key),
            with_names=with_names,
        )  # fmt: skip
        entry.about(row, with_names=with_names)
    return row, key


def revoke_feed(*, by: Member, feed: CalendarFeed) -> None:
    """Close an address for good; closed already: nothing changes."""
    if feed.revoked_at is not None:
        return
    with recording("calendar-revoked", by=by) as entry:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        entry.about(feed)
