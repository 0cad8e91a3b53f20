"""Set up one's second factors: at the first sign-in of whoever needs one, and later in the account.

The same pages serve both. `for_new` lets in who has given the right password and has no factor yet;
`for_own` lets in who is signed in and has proved it within the last minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, View, staff
from filiform.clinic.staff import door, factor_actions
from filiform.clinic.staff.factors import (
    Factors,
    NotProved,
    address_for_app,
    can_passkeys,
    factors_of,
    is_needed,
    new_secret,
    options_to_add,
    passkey_from,
    step_of,
)
from filiform.clinic.staff.models import Member, Passkey
from filiform.clinic.staff.sealed import Unopenable, seal, unseal
from filiform.clinic.staff.views.second_factor import answer_of, half_signed, not_proved
from filiform.clinic.staff.views.sign_in import let_in
from filiform.letters import as_read

PENDING = "code_app_pending"


@dataclass(frozen=True)
class Owner:
    """Who sets up factors. half: at the first sign-in, which the first factor completes."""

    member: Member
    half: door.HalfSigned | None = None

    def address(self, what: str) -> str:
        return reverse(f"staff:{'set-up' if self.half else 'own'}-{what}")


def for_new(view: View) -> View:
    """At the first sign-in. Who has a factor already proves it instead of adding another."""

    @wraps(view)
    def load(request: HttpRequest, half: door.HalfSigned, **kwargs: Any) -> HttpResponse:
        if factors_of(half.member).any:
            return redirect("staff:second-factor")
        return view(request, Owner(half.member, half), **kwargs)

    return half_signed(load)


def for_own(view: View) -> View:
    """In the account, with a fresh proof."""

    @wraps(view)
    def load(request: StaffRequest, **kwargs: Any) -> HttpResponse:
        if not door.is_fresh(request):
            return prove_first(request)
        return view(request, Owner(request.user), **kwargs)

    return staff("sign-in")(never_cache(load))


def prove_first(request: StaffRequest, *, back: str = "") -> HttpResponse:
    """To the page that asks who is there, and from there back to where the act can be repeated."""
    if "application/json" in request.headers.get("Accept", ""):
        says = _("Say first who you are: open the page again.")
        return JsonResponse({"error": says}, status=403)
    if not back:
        back = request.get_full_path() if request.method == "GET" else reverse("staff:own-factors")
    return redirect(f"{reverse('staff:prove')}?{urlencode({'next': back})}")


@require_safe
def overview(request: HttpRequest, owner: Owner) -> HttpResponse:
    """What there is, and what can be added."""
    context = {
        "owner": owner,
        "factors": factors_of(owner.member),
        "needed": is_needed(owner.member),
        "with_passkey": can_passkeys(request),
    }
    page = "staff/set_up.html" if owner.half else "staff/own_factors.html"
    return render(request, page, context)


# --- the authenticator app ------------------------------------------------------------------------


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def code_app(request: HttpRequest, owner: Owner) -> HttpResponse:
    """Shows the picture; a right code proves that the app has it. Nothing is kept before."""
    secret, error = _pending_secret(request, owner), ""
    if request.method == "POST":
        step = step_of(secret, request.POST.get("code", "")[:20])
        if step is not None:
            # Proved: from now on it stands in the database, and the next one gets a picture of its
            # own.
            del request.session[PENDING]
            factor_actions.set_up_app(member=owner.member, secret=secret, step=step)
            return _go_on(request, owner, "code")
        error = _("This code doesn't match. Check that the telephone's clock is right, and "
                  "enter the code that it shows now.")  # fmt: skip
    context = {
        "owner": owner,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": _picture(address_for_app(secret, owner.member)),
        "address": address_for_app(secret, owner.member),
        "error": error,
    }
    page = "staff/code_app.html"
    return render(request, page, context, status=422 if error else 200)


def _pending_secret(request: HttpRequest, owner: Owner) -> str:
    """The same until it is proved, so that a second look shows the same picture; sealed, because
    sessions lie in the database."""
    whose = str(owner.member.pk)
    kept = request.session.get(PENDING)
    try:
        return unseal(kept or "", whose=whose)
    except Unopenable:
        secret = new_secret()
        request.session[PENDING] = seal(secret, whose=whose)
        return secret


def _picture(address: str) -> SafeString:
    drawn = BytesIO()
    # "m": up to a seventh may be lost to a reflection. White behind it on a dark page, too: cameras
    # don't read light on dark.
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=3, light="#fff"
    )
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 - drawn by us, holds no text


@require_POST
def remove_code_app(request: HttpRequest, owner: Owner) -> HttpResponse:
    factors = factors_of(owner.member)
    if factors.code_app and not _is_last(request, owner, factors):
        factor_actions.remove_app(by=owner.member)
        messages.success(request, _("Removed. Its codes no longer work."))
    return redirect("staff:own-factors")


# --- passkeys -------------------------------------------------------------------------------------


@require_POST
def passkey_options(request: HttpRequest, owner: Owner) -> HttpResponse:
    return HttpResponse(options_to_add(request, owner.member), content_type="application/json")


@require_POST
def add_passkey(request: HttpRequest, owner: Owner) -> HttpResponse:
    """The device's answer. 200 {"location"}, or 422 {"error"}."""
    name = as_read(request.POST.get("name", "")).strip()[:60] or _("Passkey")
    try:
        found = passkey_from(request, owner.member, answer_of(request), name=name)
    except NotProved:
        return not_proved()
    factor_actions.add_passkey(passkey=found, by=owner.member)
    answer = _go_on(request, owner, "passkey")
    said = JsonResponse({"location": answer["Location"]})
    # The sign-in has set its cookies on a redirect, which a script can't follow into a page.
    said.cookies = answer.cookies
    return said


@require_POST
def remove_passkey(request: HttpRequest, owner: Owner) -> HttpResponse:
    try:
        wanted = UUID(request.POST.get("passkey", ""))
    except ValueError:
        raise Http404 from None
    found = Passkey.objects.filter(pk=wanted, member=owner.member).first()
    if found is None:
        raise Http404
    if not _is_last(request, owner, factors_of(owner.member)):
        factor_actions.remove_passkey(passkey=found, by=owner.member)
        messages.success(request, _("Removed. It no longer signs in."))
    return redirect("staff:own-factors")


# --- recovery codes -------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest, owner: Owner) -> HttpResponse:
    """POST makes ten and shows them, this once."""
    codes: list[str] = []
    if request.method == "POST":
        codes = factor_actions.make_recovery_codes(by=owner.member)
    context = {
        "owner": owner,
        "codes": codes,
        "factors": factors_of(owner.member),
        "next": request.GET.get("next", ""),
    }
    return render(request, "staff/recovery_codes.html", context)


def _go_on(request: HttpRequest, owner: Owner, factor: str) -> HttpResponse:
    """After a factor was added: the first one completes the sign-in, and codes on paper follow."""
    place = reverse("staff:own-codes")
    if owner.half:
        return let_in(request, owner.member, place, factor=factor)
    door.note_proof(request, factor)
    if factors_of(owner.member).codes_left:
        place = reverse("staff:own-factors")
    messages.success(request, _("Set up. It is asked for at the next sign-in."))
    return redirect(place)


def _is_last(request: HttpRequest, owner: Owner, factors: Factors) -> bool:
    """The last factor of somebody who needs one stays until there is another."""
    if factors.count > 1 or not is_needed(owner.member):
        return False
    messages.warning(request, _("You need a second factor here: add another one first."))
    return True
