"""Devices from which somebody has signed in fully before.

A device carries a signed cookie with a random name of its own and keyed hashes of the user names
that came in there. It opens nothing: it only says that wrong passwords typed elsewhere are not
this device's affair, so that a stranger can't lock anybody out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from filiform.clinic.web.callers import hidden

COOKIE = "filiform_device"
SALT = "filiform.staff.device"
KEPT_S = 400 * 24 * 3600
"""The longest that browsers keep a cookie."""
MOST_NAMES = 24


@dataclass(frozen=True)
class Device:
    name: str
    known: tuple[str, ...] = ()

    def knows(self, username: str) -> bool:
        return name_key(username) in self.known


def name_key(username: str) -> str:
    return hidden("name", username.strip().lower())


def device_of(request: HttpRequest) -> Device | None:
    """The device of this request; None for one that nobody has signed in from."""
    try:
        # Signed: a cookie that somebody makes up would free its maker from every pause.
        name, *known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_S)
    except (signing.BadSignature, ValueError):
        return None
    return Device(name, tuple(known))


def remember(request: HttpRequest, answer: HttpResponse, username: str) -> None:
    """From now on this device is known under this name; the names used longest ago go first."""
    # 96 random bits: nobody guesses another device's name.
    before = device_of(request) or Device(secrets.token_urlsafe(12))
    mine = name_key(username)
    # A cookie has four kilobytes, and a tablet of the front desk many users.
    known = [mine, *(key for key in before.known if key != mine)][:MOST_NAMES]
    answer.set_cookie(
        COOKIE,
        signing.dumps([before.name, *known], salt=SALT),
        max_age=KEPT_S,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
        path="/",
    )
