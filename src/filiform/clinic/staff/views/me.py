"""One's own account: name, language, password, PIN, and what expires."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.staff import actions
from filiform.clinic.staff.credentials import currency
from filiform.clinic.staff.forms import OwnDetailsForm, PasswordForm, PinForm


@staff("sign-in")
@require_http_methods(["GET", "POST"])
def me(request: StaffRequest) -> HttpResponse:
    form = OwnDetailsForm(request.POST or None, initial=_own(request))
    if request.method == "POST" and form.is_valid():
        actions.change_member(member=request.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        answer = redirect("staff:me")
        # The member's row alone would not do: the page's language is the cookie's.
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            form.cleaned_data["language"],
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.HTTPS,
        )
        return answer
    return _page(request, form=form)


@sensitive_post_parameters()
@staff("sign-in")
@require_POST
def password(request: StaffRequest) -> HttpResponse:
    form = PasswordForm(request.POST, member=request.user)
    if not form.is_valid():
        return _page(request, password_form=form)
    actions.change_password(
        member=request.user, by=request.user, password=form.cleaned_data["new_password"]
    )
    # Or this session would end with the others: it holds a hash of the former password.
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Your password has been changed. Other devices are signed out."))
    return redirect("staff:me")


@sensitive_post_parameters()
@staff("sign-in")
@require_POST
def pin(request: StaffRequest) -> HttpResponse:
    form = PinForm(request.POST, member=request.user)
    if not form.is_valid():
        return _page(request, pin_form=form)
    actions.change_pin(member=request.user, by=request.user, pin=form.cleaned_data["pin"])
    messages.success(request, _("Your PIN has been changed."))
    return redirect("staff:me")


def _own(request: StaffRequest) -> dict[str, str]:
    return {name: getattr(request.user, name) for name in OwnDetailsForm.base_fields}


def _page(request: StaffRequest, **forms: object) -> HttpResponse:
    context = {
        "form": OwnDetailsForm(initial=_own(request)),
        "password_form": PasswordForm(member=request.user),
        "pin_form": PinForm(member=request.user),
        "currency": currency(request.user, timezone.localdate()),
        **forms,
    }
    refused = any(getattr(form, "errors", None) for form in forms.values())
    return render(request, "staff/me.html", context, status=422 if refused else 200)
