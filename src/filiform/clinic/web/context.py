"""What every template may use beside its own context."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from filiform.clinic.access.permissions import PERMISSIONS, allowed

THEMES = ("auto", "light", "dark")


def surroundings(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("filiform_theme", "auto")
    return {
        "demo": settings.DEMO,
        # A cookie is whatever a browser sends; it becomes a class on the page.
        "theme": theme if theme in THEMES else "auto",
        "language": (get_language() or "en").split("-")[0],
        "lock_after_minutes": settings.LOCK_AFTER_MINUTES,
        # Asked when a template first wants to know: a page about a failing database must not read
        # who looks at it.
        "may": cache(lambda: permissions_of(request)),
    }


class Granted(frozenset[str]):
    """What a reader may: `{% if may.see_clinical %}`, a permission's name with underscores.

    A value: two readers who may the same see the same parts of a page (`web.stamps`).
    """

    def __getitem__(self, name: str) -> bool:
        permission = name.replace("_", "-")
        if permission not in PERMISSIONS:
            raise KeyError(f"{permission!r} is not a permission")
        return permission in self


NOTHING = Granted()


def permissions_of(request: HttpRequest) -> Granted:
    """Nothing for a visitor, and for somebody who has left the clinic."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_active:
        return NOTHING
    return _granted(user.roles)


@cache
def _granted(roles: frozenset[str]) -> Granted:
    return Granted(one for one in PERMISSIONS if allowed(roles, one))
