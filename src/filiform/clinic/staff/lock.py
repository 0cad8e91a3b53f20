"""The screen lock: a session that nobody has used for a while asks who is there.

The state stands in the session, so that the server decides and not the page. A form that was
sent while the screen was locked is handed back signed, inside the page that asks for the PIN,
and goes on after unlocking: nothing entered is lost, and nothing is kept on the server.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import transaction
from django.http import HttpRequest

from filiform.clinic.staff.models import Member
from filiform.times import plain_digits

SEEN_AT = "lock_seen_at"
LOCKED = "lock_locked"
TRIES = "lock_tries"
TRIES_ALLOWED = 5
LONGEST_PIN = 10
LARGEST_HELD_FORM = 200_000
"""Characters; a long story has a few thousand."""
WRITE_EVERY_S = 15
"""The session is written at most this often, so that reading pages does not write rows."""
SALT = "filiform.staff.lock"
HELD_FOR_S = 24 * 3600


def works_when_locked(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a view that a locked screen may use: unlocking and signing out."""
    # The middleware asks the view that an address leads to.
    view.works_when_locked = True  # type: ignore[attr-defined]
    return view


def start(request: HttpRequest) -> None:
    """A fresh session of somebody who has just said who they are."""
    request.session[SEEN_AT] = int(time.time())
    request.session[LOCKED] = False
    request.session[TRIES] = 0


def lock(request: HttpRequest) -> None:
    request.session[LOCKED] = True


def is_locked(request: HttpRequest) -> bool:
    """Locked by hand, or unused for LOCK_AFTER_MINUTES; the latter is noted as the former."""
    if request.session.get(LOCKED):
        return True
    seen = request.session.get(SEEN_AT)
    if seen is not None and time.time() - seen >= settings.LOCK_AFTER_MINUTES * 60:
        lock(request)
        return True
    return False


def touch(request: HttpRequest) -> None:
    """Somebody is there."""
    seen = request.session.get(SEEN_AT)
    now = int(time.time())
    # With a lock after one minute fifteen seconds would be a quarter of it.
    if seen is None or now - seen >= min(WRITE_EVERY_S, settings.LOCK_AFTER_MINUTES * 10):
        request.session[SEEN_AT] = now


def take_try(request: HttpRequest) -> int:
    """Count one attempt before it is looked at, and say which one it is.

    Counting first, in a transaction of its own, keeps many attempts sent at once from all being
    the first. A session that is gone counts as one attempt too many.
    """
    with transaction.atomic():
        # The row and not what this request has read of it, which may be older than another try.
        row = Session.objects.select_for_update().filter(pk=request.session.session_key).first()
        if row is None:
            return TRIES_ALLOWED + 1
        tries = int(row.get_decoded().get(TRIES, 0)) + 1
        request.session[TRIES] = tries
        # At once, inside the lock; at the end of the request another try would have read the old
        # count.
        request.session.save()
    return tries


def knows(member: Member, secret: str) -> bool:
    """The member's PIN, or the member's password.

    Only one of the two is compared, because a comparison is slow on purpose: digits as long as a
    PIN are one, since every password is longer. Digits are those of any script: which ones a
    number pad sends is the tablet's choice, by the language that it is set to.
    """
    if member.pin_hash and secret.isdecimal() and len(secret) <= LONGEST_PIN:
        return check_password(plain_digits(secret), member.pin_hash)
    return member.check_password(secret)


@dataclass(frozen=True)
class HeldForm:
    """A form that waits for the screen to be unlocked."""

    path: str
    fields: list[tuple[str, str]]


def hold(request: HttpRequest) -> str | None:
    """The form of this request, signed for this session; None when it can't be held.

    Files are not held, and neither is a form of more than LARGEST_HELD_FORM characters.
    """
    # A file would have to lie somewhere until the screen is unlocked.
    if request.FILES:
        return None
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        # The token changes at unlocking: the page that sends the form on puts in the new one.
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    if sum(len(name) + len(value) for name, value in fields) > LARGEST_HELD_FORM:
        return None
    # Packed: the page carries it to the browser and back.
    return signing.dumps(
        {"path": request.get_full_path(), "fields": fields}, salt=_salt(request), compress=True
    )


def held(request: HttpRequest, signed: str) -> HeldForm | None:
    """What `hold` has signed, for the same session only; None for anything else."""
    try:
        found = signing.loads(signed, salt=_salt(request), max_age=HELD_FOR_S)
    except signing.BadSignature:
        return None
    return HeldForm(found["path"], [(name, value) for name, value in found["fields"]])


def _salt(request: HttpRequest) -> str:
    # Of the session: a form that somebody else has held can't be sent under this name.
    return f"{SALT}.{request.session.session_key}"
