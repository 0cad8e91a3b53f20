"""Say again who you are, before an act that a screen left open must not allow."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.staff import door
from filiform.clinic.staff.factors import (
    NotProved,
    can_passkeys,
    factors_of,
    options_to_prove,
    passkey_proved,
)
from filiform.clinic.staff.trying import Outcome, try_code, try_password
from filiform.clinic.staff.views.second_factor import answer_of, not_proved
from filiform.clinic.staff.views.sign_in import paused
from filiform.clinic.web.addresses import way_back


@sensitive_post_parameters()
@staff("sign-in")
@never_cache
@require_http_methods(["GET", "POST"])
def prove(request: StaffRequest) -> HttpResponse:
    """Password, and the code of who has an app. For scripts (Accept: application/json) POST
    answers 200 {"proved": true}, 422 {"error", "needs"} or 429 {"error"}."""
    factors = factors_of(request.user)
    error, needs = "", ""
    if request.method == "POST":
        outcome = try_password(
            request, request.user.username, request.POST.get("password", "")[:1000]
        )
        factor = ""
        if outcome.member is None:
            error = _("That is not your password.")
        elif factors.any:
            outcome = try_code(request, request.user, request.POST.get("code", "")[:40])
            factor, needs = outcome.factor, "code"
            if outcome.member is None:
                error = _("The password is right, but the code is not valid. Use the next one.")
        if not error:
            # Without a code now the factor of the sign-in stays: it was not taken back by a
            # password.
            door.note_proof(request, factor or request.session.get(door.FACTOR, ""))
            return _proved(request)
        if outcome.verdict.wait_s and not _wants_json(request):
            return paused(request, outcome.verdict)
        if _wants_json(request):
            return _refused(outcome, error, needs)
    context = {
        "next": _safe(request),
        "factors": factors,
        "with_passkey": bool(factors.passkeys) and can_passkeys(request),
        "error": error,
    }
    return render(request, "staff/prove.html", context, status=422 if error else 200)


@staff("sign-in")
@never_cache
@require_POST
def passkey_options(request: StaffRequest) -> HttpResponse:
    options = options_to_prove(request, request.user)
    return HttpResponse(options, content_type="application/json")


@staff("sign-in")
@never_cache
@require_POST
def passkey(request: StaffRequest) -> HttpResponse:
    """The device's answer stands for password and code. 200 {"location"}, or 422 {"error"}."""
    try:
        key = passkey_proved(request, answer_of(request), alone=True)
    except NotProved:
        return not_proved()
    # A colleague's passkey proves that the colleague is there.
    if key.member_id != request.user.pk:
        return not_proved()
    door.note_proof(request, "passkey")
    return JsonResponse({"location": _safe(request), "proved": True})


def _proved(request: StaffRequest) -> HttpResponse:
    return JsonResponse({"proved": True}) if _wants_json(request) else redirect(_safe(request))


def _refused(outcome: Outcome, error: str, needs: str) -> HttpResponse:
    if outcome.verdict.wait_s:
        says = _("Too many failed attempts. Wait %(minutes)s minutes.")
        says %= {"minutes": outcome.verdict.minutes}
        return JsonResponse({"error": says, "wait_s": outcome.verdict.wait_s}, status=429)
    return JsonResponse({"error": error, "needs": needs}, status=422)


def _safe(request: StaffRequest) -> str:
    place = request.POST.get("next", request.GET.get("next", ""))
    return way_back(request, place, reverse("staff:own-factors"))


def _wants_json(request: StaffRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
