"""How many wrong passwords and codes are borne, and from whom.

A pause is for a place and a name together: five wrong tries from there (FILIFORM_SIGN_IN_TRIES)
and that place waits a quarter of an hour for that name. A place is a device that has signed in
under the name before, else a network address. So a stranger who types wrong passwords stops
himself and nobody else.

Many places trying one name together are not stopped by that. From DISTRIBUTED wrong tries in an
hour on, whoever comes from a device that is not known under the name does a proof of work with
every try, growing with their number; known devices and passkeys notice nothing. The member and
the owner are told at their next sign-in.

Names that nobody bears are counted in the same way, so that nothing tells them apart.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from filiform.clinic.staff.devices import device_of, name_key
from filiform.clinic.staff.models import SignInTry
from filiform.clinic.web.callers import caller, hidden
from filiform.clinic.web.work import bits_for

PAUSE = timedelta(minutes=15)
TOGETHER = timedelta(hours=1)
DISTRIBUTED = 20
"""Wrong tries at one name in an hour from unknown devices. A clinic's own mistakes stay below.
Design value."""
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class SignInPlace:
    """Somebody trying a name from somewhere."""

    name_key: str
    key: str
    is_known: bool


@dataclass(frozen=True)
class SignInVerdict:
    """wait_s: seconds to wait, 0 to go on. bits: hardness of the proof of work, 0 for none.
    crossed: this very try made a pause, or made the tries at the name many."""

    wait_s: int = 0
    bits: int = 0
    crossed: str = ""

    @property
    def minutes(self) -> int:
        return math.ceil(self.wait_s / 60)


def place_of(request: HttpRequest, name: str, *, step: str = "password") -> SignInPlace:
    """step: passwords and codes are counted apart, so that a code isn't spent by a password."""
    device = device_of(request)
    if device is not None and device.knows(name):
        return SignInPlace(_key(name, step), hidden("device", device.name), True)
    return SignInPlace(_key(name, step), hidden("address", caller(request)), False)


def _key(name: str, step: str) -> str:
    return name_key(name if step == "password" else f"{step} {name}")


def judge(place: SignInPlace) -> SignInVerdict:
    """What stands before the next try, without counting one."""
    wait = _wait_s(place)
    # Who has signed in here before never solves puzzles for what others do.
    if wait or place.is_known:
        return SignInVerdict(wait)
    return SignInVerdict(bits=bits_for(_together(place), DISTRIBUTED))


def take(place: SignInPlace, *, work: str = "") -> bool:
    """Count a try before it is looked at: many sent at once can't all be the first.

    work: the challenge that was solved for it. False when that was spent already.
    """
    # Here, for it is the only place that makes them grow.
    SignInTry.objects.filter(at__lt=timezone.now() - KEPT).delete()
    try:
        with transaction.atomic():
            SignInTry.objects.create(
                name_key=place.name_key,
                place_key=place.key,
                is_known_device=place.is_known,
                # Unique in the table: of one solution sent by a hundred, one try is taken.
                work_key=hidden("work", work) if work else secrets.token_hex(16),
            )
    except IntegrityError:
        return False
    return True


def too_many(place: SignInPlace) -> bool:
    """Whether the try that was just counted comes after a pause had begun."""
    since = timezone.now() - PAUSE
    return _tries(place).filter(at__gte=since).count() > settings.SIGN_IN_TRIES


def after_wrong(place: SignInPlace) -> SignInVerdict:
    """What the counted try, which was wrong, has led to."""
    wait = _wait_s(place)
    if wait:
        return SignInVerdict(wait, crossed="paused")
    if place.is_known:
        return SignInVerdict()
    together = _together(place)
    return SignInVerdict(
        # Exactly at the limit: told once, and not at each try beyond it.
        bits=bits_for(together, DISTRIBUTED),
        crossed="guessed" if together == DISTRIBUTED else "",
    )


def forgive(place: SignInPlace) -> None:
    """The right password: what was mistyped there before is forgotten."""
    _tries(place).delete()


def _together(place: SignInPlace) -> int:
    """Tries at the name within an hour from devices that are not known under it."""
    since = timezone.now() - TOGETHER
    tries = SignInTry.objects.filter(name_key=place.name_key, is_known_device=False, at__gte=since)
    return tries.count()


def _wait_s(place: SignInPlace) -> int:
    """Until fewer than the allowed tries lie within the pause."""
    now = timezone.now()
    times = list(
        _tries(place)
        .filter(at__gte=now - PAUSE)
        .order_by("-at")
        .values_list("at", flat=True)[: settings.SIGN_IN_TRIES]
    )
    if len(times) < settings.SIGN_IN_TRIES:
        return 0
    # The oldest of the last five leaves the window first.
    return max(1, math.ceil((times[-1] + PAUSE - now).total_seconds()))


def _tries(place: SignInPlace) -> QuerySet[SignInTry]:
    return SignInTry.objects.filter(name_key=place.name_key, place_key=place.key)
