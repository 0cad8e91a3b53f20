"""Links of the board: made and revoked by the owner, each with its audit entry."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.utils import timezone

from filiform.clinic.couch.models import BoardLink
from filiform.clinic.couch.queries import hash_of
from filiform.clinic.facts.recording import recording

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


def make_link(*, by: Member, label: str) -> tuple[BoardLink, str]:
    """A new link and its secret, which is told this once and never again."""
    token = secrets.token_urlsafe(24)
    with recording("board-link-made", by=by) as entry:
        link = BoardLink.objects.create(
            organisation=by.organisation,
            label=label.strip(),
            token_hash=hash_of(token),
            created_by=by,
        )
        entry.about(link)
    return link, token


def revoke_link(*, by: Member, link: BoardLink) -> None:
    """End a link. Ended already: nothing changes."""
    if link.revoked_at is not None:
        return
    with recording("board-link-revoked", by=by) as entry:
        link.revoked_at, link.revoked_by = timezone.now(), by
        link.save(update_fields=["revoked_at", "revoked_by"])
        entry.about(link)
