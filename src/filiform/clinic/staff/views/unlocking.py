"""Lock the screen, and unlock it with a PIN or a password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest, public, staff
from filiform.clinic.staff import actions, lock
from filiform.clinic.staff.models import Member
from filiform.clinic.web.addresses import way_back
from filiform.clinic.web.kept import forget_pages


@lock.works_when_locked
@staff("sign-in")
@require_POST
def lock_now(request: StaffRequest) -> HttpResponse:
    """Lock the screen; unlocking comes back to the page it was on."""
    lock.lock(request)
    back = way_back(request, request.headers.get("Referer", ""), resolve_url("pathway:today"))
    return forget_pages(HttpResponseRedirect(back))


@public
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """GET asks whether the screen is locked (423) or not (204). POST tries a PIN.

    For scripts (Accept: application/json) POST answers 200, 401 when the session has ended, or
    422 with {"error": sentence}.
    """
    if not request.user.is_authenticated:
        if _wants_json(request):
            return JsonResponse({"error": _("You are signed out. Sign in again.")}, status=401)
        return redirect("staff:sign-in")
    if request.method == "POST":
        return _try(request, request.user)
    if lock.is_locked(request):
        return unlock_page(request, path=resolve_url("pathway:today"))
    lock.touch(request)
    return HttpResponse(status=204)


def unlock_page(
    request: HttpRequest, *, path: str = "", held: str | None = None, error: str = ""
) -> HttpResponse:
    """Ask for the PIN. A form that was being sent is held inside the page, signed."""
    lost = False
    if held is None and not path and request.method == "POST":
        held = lock.hold(request)
        # The page says so: what was typed has to be entered again.
        lost = held is None
    context = {
        "path": path or _own_path(request),
        "held": held or "",
        "lost": lost,
        "error": error,
    }
    return render(request, "staff/unlock.html", context, status=423)


def _try(request: HttpRequest, member: Member) -> HttpResponse:
    tries = lock.take_try(request)
    if tries <= lock.TRIES_ALLOWED and lock.knows(member, request.POST.get("pin", "")):
        lock.start(request)
        return _go_on(request)
    left = lock.TRIES_ALLOWED - tries
    if left <= 0:
        return _sign_out(request, member)
    error = ngettext(
        "That is neither your PIN nor your password. %(left)s attempt is left.",
        "That is neither your PIN nor your password. %(left)s attempts are left.",
        left,
    ) % {"left": left}
    if _wants_json(request):
        return JsonResponse({"error": error}, status=422)
    return unlock_page(
        request,
        path=_safe(request, request.POST.get("path", "")),
        held=request.POST.get("held", ""),
        error=error,
    )


def _go_on(request: HttpRequest) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"unlocked": True})
    form = lock.held(request, request.POST.get("held", ""))
    if form is not None:
        return render(request, "staff/send_on.html", {"form": form})
    return HttpResponseRedirect(_safe(request, request.POST.get("path", "")))


def _sign_out(request: HttpRequest, member: Member) -> HttpResponse:
    actions.note_signed_out_after_wrong_pins(by=member)
    logout(request)
    says = _("You were signed out after %(tries)s failed attempts. Sign in with your password.") % {
        "tries": lock.TRIES_ALLOWED
    }
    if _wants_json(request):
        return JsonResponse({"error": says}, status=401)
    messages.warning(request, says)
    return forget_pages(redirect("staff:sign-in"))


def _own_path(request: HttpRequest) -> str:
    """Where to go after unlocking: this address, or where the form stood that was sent here."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    return _safe(request, request.headers.get("Referer", ""))


def _safe(request: HttpRequest, path: str) -> str:
    usual = resolve_url("pathway:today")
    # Whoever came from the page that unlocks would be led back to it.
    return usual if path == reverse("staff:unlock") else way_back(request, path, usual)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
