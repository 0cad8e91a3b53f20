"""Who may see a page is decided here, once, before a view runs.

A page that is only read (GET) reads each fact once: see `facts.reading`.

Every view carries one of these decorators; `view.audience` says which. A test walks over all
addresses that exist, finds views without an audience and tries an outsider at each.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from filiform.clinic.access.permissions import PERMISSIONS
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.facts.recording import saw

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request whose sender is signed in."""

    user: Member


def public(view: View) -> View:
    """Anybody may see this."""
    # A function carries who may see it, so that a test can ask every address.
    view.audience = "public"  # type: ignore[attr-defined]
    return view


def staff(permission: str) -> Callable[[View], View]:
    """Only members of staff whose role has the permission. Others get 403, visitors sign in."""
    if permission not in PERMISSIONS:
        raise KeyError(f"{permission!r} is not a permission; allowed: {', '.join(PERMISSIONS)}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if request.headers.get("HX-Request"):
                    answer = HttpResponse(status=401)
                    # A fragment can't show the sign-in: the page round it is loaded anew.
                    answer["HX-Refresh"] = "true"
                    return answer
                return redirect_to_login(request.get_full_path())
            if not request.user.may(permission):
                raise PermissionDenied
            # Not round a write, which decides on what is true now.
            with one_reading() if request.method in ("GET", "HEAD") else nullcontext():
                return view(request, *args, **kwargs)

        guarded.audience = permission  # type: ignore[attr-defined]  # as in `public`
        return guarded

    return decorate


def note_reading(request: StaffRequest, what: str, patient_id: UUID) -> None:
    """Note in the audit that a page about a patient was opened (GET, whole page)."""
    if what and request.method == "GET" and not request.headers.get("HX-Request"):
        saw(what, by=request.user, patient=patient_id)
