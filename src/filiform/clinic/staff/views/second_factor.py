"""The second step of signing in: a passkey, the app's code, or a code on paper.

A passkey alone is both steps at once when the device asks for a finger, a face or a PIN.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import public
from filiform.clinic.staff import door
from filiform.clinic.staff.factors import (
    NotProved,
    can_passkeys,
    factors_of,
    options_to_prove,
    passkey_proved,
)
from filiform.clinic.staff.models import Member, Passkey
from filiform.clinic.staff.trying import try_code
from filiform.clinic.staff.views.sign_in import let_in, paused, where_to

LARGEST_ANSWER = 100_000
"""Bytes; a passkey's answer has a few thousand."""


def half_signed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever has given the right password and owes the second step: passes `half`."""

    @wraps(view)
    def load(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        half = door.half_signed(request)
        if half is None:
            return redirect("staff:sign-in")
        return view(request, half, **kwargs)

    return public(never_cache(load))


@half_signed
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest, half: door.HalfSigned) -> HttpResponse:
    factors = factors_of(half.member)
    if not factors.any:
        return redirect("staff:set-up")
    error = ""
    if request.method == "POST":
        outcome = try_code(request, half.member, request.POST.get("code", "")[:40])
        if outcome.member is not None:
            return let_in(request, half.member, half.next, factor=outcome.factor)
        if outcome.verdict.wait_s:
            return paused(request, outcome.verdict)
        error = _(
            "This code is not valid. A code works once and for half a minute: use the next one."
        )
    context = {
        "factors": factors,
        "error": error,
        "with_passkey": bool(factors.passkeys) and can_passkeys(request),
        # Also at once, where paper is the only way left.
        "on_paper": "on-paper" in request.GET or not (factors.code_app or factors.passkeys),
    }
    return render(request, "staff/second_factor.html", context, status=422 if error else 200)


@public
@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser asks the device for: after a password that member's passkeys, else any."""
    half = door.half_signed(request)
    options = options_to_prove(request, half.member if half else None)
    return HttpResponse(options, content_type="application/json")


@public
@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """The device's answer. 200 {"location", "csrf"}, or 422 {"error"}."""
    half = door.half_signed(request)
    try:
        # Without a password before it the device must have asked for a finger, a face or a PIN.
        key = passkey_proved(request, answer_of(request), alone=half is None)
        member = _owner(key, half.member if half else None)
    except NotProved:
        return not_proved()
    place = half.next if half else where_to(request)
    answer = let_in(request, member, place, factor="passkey")
    said = JsonResponse({"location": answer["Location"], "csrf": get_token(request)})
    said.cookies = answer.cookies
    return said


def not_proved() -> JsonResponse:
    says = _("The passkey could not be used here. Try again, or use another way.")
    return JsonResponse({"error": says}, status=422)


def answer_of(request: HttpRequest) -> Any:
    """The device's answer: JSON in the field `answer`. Raises NotProved for anything else."""
    text = request.POST.get("answer", "")
    if len(text) > LARGEST_ANSWER:
        raise NotProved
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise NotProved from None


def _owner(key: Passkey, expected: Member | None) -> Member:
    """Whose passkey it is. Raises NotProved for somebody else's, or somebody switched off."""
    member = Member.objects.filter(pk=key.member_id, is_active=True).first()
    if member is None or (expected is not None and member != expected):
        raise NotProved
    return member
