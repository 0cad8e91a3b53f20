"""What every template may use beside its own context."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

THEMES = ("auto", "light", "dark")


def surroundings(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("filiform_theme", "auto")
    return {
        "demo": settings.DEMO,
        # A cookie is whatever a browser sends; it becomes a class on the page.
        "theme": theme if theme in THEMES else "auto",
        "language": (get_language() or "en").split("-")[0],
        "lock_after_minutes": settings.LOCK_AFTER_MINUTES,
        "may": Permissions(request),
    }


class Permissions:
    """`{% if may.see_clinical %}`: a permission's name with underscores."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = getattr(request, "user", None)

    def __getitem__(self, name: str) -> bool:
        if self.user is None or not self.user.is_authenticated:
            return False
        return bool(self.user.may(name.replace("_", "-")))
