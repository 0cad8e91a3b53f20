"""Stops every page of a locked session but those that unlock it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from filiform.clinic.staff import door, lock
from filiform.clinic.staff.views.unlocking import unlock_page

SAFE = {"GET", "HEAD", "OPTIONS"}


class LockMiddleware:
    """Whole pages become the page that asks for the PIN; parts of pages get 423.

    A request that carries `X-Unattended` (a page that refreshes itself) does not keep the
    screen awake.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # What everybody may see needs no unlocking.
        if getattr(view, "audience", None) == "public" or not request.user.is_authenticated:
            return None
        if door.lacks_factor(request):
            # Begun before the clinic asked for a second factor: it begins anew.
            logout(request)
            if _wants_a_part(request):
                says = _("You are signed out. Sign in again.")
                return JsonResponse({"error": says}, status=401)
            return redirect_to_login(request.get_full_path())
        if not lock.is_locked(request):
            if not request.headers.get("X-Unattended"):
                lock.touch(request)
            return None
        if getattr(view, "works_when_locked", False):
            return None
        if _wants_a_part(request):
            return JsonResponse(
                {"error": _("The screen is locked. Unlock it to continue.")}, status=423
            )
        return unlock_page(request)


def _wants_a_part(request: HttpRequest) -> bool:
    """A fragment, data or a script's request: there is a page around it that can ask."""
    headers = request.headers
    # A boosted link asks for a whole page.
    if headers.get("HX-Request") and not headers.get("HX-Boosted"):
        return True
    if request.content_type == "application/json" or request.method not in {*SAFE, "POST"}:
        return True
    destination = headers.get("Sec-Fetch-Dest")
    if destination:
        # The browser's own word on what it is going to do with the answer; scripts can't set it.
        return destination not in {"document", "iframe", "frame"}
    return "text/html" not in headers.get("Accept", "text/html")
