"""From the password to a complete session.

Whoever has given the right password and still owes a second factor is *not* signed in: the
session holds a note of who it is and nothing else, `request.user` stays nobody, and so every
decorator of every page refuses by itself. Only `complete` signs in.

A complete session remembers by what it was proved and when; sensitive acts ask again when that is
more than a few minutes ago (`is_fresh`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse

from filiform.clinic.staff import actions, devices, lock
from filiform.clinic.staff.factors import is_needed
from filiform.clinic.staff.models import Member

BACKEND = "filiform.clinic.staff.sessions.MemberBackend"
HALF = "half_signed"
HALF_S = 15 * 60
FACTOR, PROVED_AT = "second_factor", "proved_at"
FRESH_S = 10 * 60
"""For so long a proof is good for sensitive acts. Design value."""


@dataclass(frozen=True)
class HalfSigned:
    """Somebody whose password was right. next: the page that was asked for."""

    member: Member
    next: str


def begin(request: HttpRequest, member: Member, *, then: str) -> None:
    """The password was right. A fresh session: what an earlier visitor left is not taken over."""
    request.session.flush()
    request.session[HALF] = {
        "member": str(member.pk),
        # A password that is changed between the two steps ends the first of them.
        "hash": member.get_session_auth_hash(),
        "at": int(time.time()),
        "next": then,
    }


def half_signed(request: HttpRequest) -> HalfSigned | None:
    """Who owes the second factor; None when nobody does, it is too long ago, or the password was
    changed meanwhile."""
    note = request.session.get(HALF)
    # Who is signed in meanwhile, in another tab, owes nothing.
    if not note or time.time() - note["at"] > HALF_S or request.user.is_authenticated:
        return None
    # Asked anew at each step: who is switched off meanwhile comes no further.
    member = Member.objects.filter(pk=note["member"], is_active=True).first()
    if member is None or member.get_session_auth_hash() != note["hash"]:
        return None
    return HalfSigned(member, note["next"])


def complete(request: HttpRequest, answer: HttpResponse, member: Member, *, factor: str) -> None:
    """Sign in. factor: passkey, code, recovery; "" where none is needed, demo for its doors."""
    request.session.pop(HALF, None)
    login(request, member, backend=BACKEND)
    lock.start(request)
    note_proof(request, factor)
    actions.note_signed_in(by=member, factor=factor)
    # Anybody opens the demo's doors: what comes in there is nobody's device.
    if factor != "demo":
        devices.remember(request, answer, member.username)
    # A language that was chosen on this very screen goes before the member's own.
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            member.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.HTTPS,
        )


def note_proof(request: HttpRequest, factor: str) -> None:
    request.session[FACTOR] = factor
    request.session[PROVED_AT] = int(time.time())


def is_fresh(request: HttpRequest) -> bool:
    """Whether the member has proved who they are within the last minutes."""
    return time.time() - int(request.session.get(PROVED_AT, 0)) < FRESH_S


def lacks_factor(request: HttpRequest) -> bool:
    """Whether this session was begun with less than its member needs today: the clinic has begun
    to ask for a second factor, or the member was made an owner."""
    member = request.user
    return isinstance(member, Member) and is_needed(member) and not request.session.get(FACTOR)
