"""People who show on somebody else's screen who they are, by their own PIN or password.

A name that is typed proves nothing. Two people who answer for a missing needle each enter their
own PIN; who guesses at a colleague's is stopped after a few tries, whatever session they use.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from filiform.clinic.facts.recording import recording
from filiform.clinic.staff import lock
from filiform.clinic.staff.models import PinTries
from filiform.clinic.web.times import written
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

TRIES_ALLOWED = 5
PAUSE = timedelta(minutes=15)
"""After that many wrong tries nobody's try at this PIN is looked at for so long."""
PIN, PASSWORD = "pin", "password"


def way_of(member: Member, secret: str) -> str | None:
    """How the secret proves that it is this member: PIN or PASSWORD; None when it does not."""
    if not secret or not member.is_active or not lock.knows(member, secret):
        return None
    digits = secret.isdecimal() and len(secret) <= lock.LONGEST_PIN
    return PIN if member.pin_hash and digits else PASSWORD


def prove(member: Member, secret: str, *, asked_by: Member, now: datetime) -> str | Reason:
    """PIN or PASSWORD when the secret is the member's own; the reason when it is not.

    asked_by: whose page it is entered on; stands in the audit beside a wrong try. A try is counted
    before it is looked at, in a transaction of its own, so that many tries sent at once are not
    all the first; call it outside any other transaction.
    """
    if asked_by.organisation_id != member.organisation_id:
        return Reason(code="account-not-of-clinic")
    until = _take_try(member, now)
    if until is not None:
        with recording("proof-refused", by=asked_by) as entry:
            entry.about(member, paused=True)
        return Reason(code="proof-paused", params=_named(member) | {"time": until})
    way = way_of(member, secret)
    if way is None:
        with recording("proof-refused", by=asked_by) as entry:
            entry.about(member)
        return Reason(code="proof-wrong", params=_named(member))
    # The right one shows that it was their own finger that slipped.
    PinTries.objects.filter(member=member).delete()
    return way


def _take_try(member: Member, now: datetime) -> str | None:
    """Count one try; the clock time until which nothing is tried when there were too many."""
    with transaction.atomic():
        # Locked until it is counted: a second try at the same moment waits here.
        tries, _new = PinTries.objects.select_for_update().get_or_create(
            member=member, defaults={"last_at": now}
        )
        # The pause runs from the last try that was looked at: who goes on guessing does not prolong
        # it.
        if now - tries.last_at >= PAUSE:
            tries.wrong = 0
        if tries.wrong >= TRIES_ALLOWED:
            return written(tries.last_at + PAUSE, "H:i")
        tries.wrong += 1
        tries.last_at = now
        tries.save(update_fields=["wrong", "last_at"])
    return None


def _named(member: Member) -> dict[str, str | int | float]:
    return {"name": member.name, "name_ur": member.name_ur or member.name}
