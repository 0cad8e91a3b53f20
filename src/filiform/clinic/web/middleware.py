"""What every request gets: the site's time zone, and answers that no shared cache may keep."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

Next = Callable[[HttpRequest], HttpResponse]


class SiteTimeMiddleware:
    """Times are shown in the clinic's zone, wherever the server or the browser stands."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.zone = ZoneInfo(settings.TIME_ZONE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(self.zone):
            return self.get_response(request)


class PrivacyMiddleware:
    """Pages for people who are signed in are kept by no cache and shown in no other frame."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
        return response
