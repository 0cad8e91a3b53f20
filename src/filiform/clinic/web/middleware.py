"""What every request gets: answers that no shared cache may keep, and a word about what somebody
else has changed in the meantime."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from filiform.clinic.facts.amending import ChangedMeanwhile

Next = Callable[[HttpRequest], HttpResponse]


class PrivacyMiddleware:
    """Pages for people who are signed in are kept by no cache and shown in no other frame."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            # A default: pages that are kept say themselves how (see `kept`).
            response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()"
        )
        return response


class MeanwhileMiddleware:
    """Two people amended the same thing at once: the second is told, and nothing is written.

    A page that can say more exactly what has changed catches `ChangedMeanwhile` itself.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ChangedMeanwhile):
            return render(request, "filiform/problem.html", {"status": 409}, status=409)
        return None
