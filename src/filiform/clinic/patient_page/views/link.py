"""A link is opened: once on each phone with the birth date or a code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from filiform.clinic.access.guards import public
from filiform.clinic.patient_page import actions, queries
from filiform.clinic.patient_page.access import (
    COOKIE,
    device_key,
    gone,
    language_for,
    private,
    remember,
)
from filiform.clinic.patient_page.forms import BirthForm, CodeForm
from filiform.clinic.patient_page.models import PatientLink


@sensitive_post_parameters()
@public
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing of the patient stands here, not even a name: a link may be anybody's."""
    now = timezone.now()
    link = queries.link_of(token)
    if link is None or not queries.is_open(link, now):
        return gone(request)
    key = request.COOKIES.get(COOKIE, "")
    # Opened on this phone before: whoever has tapped twenty messages is not asked twenty times.
    there = next((one for one in queries.phones_of(key, now) if one.patient == link.patient), None)
    if there is not None:
        return private(redirect("patient_page:home", device_id=there.pk))
    with translation.override(language_for(request, link.patient)):
        return private(_unlock(request, token, link))


def _unlock(request: HttpRequest, token: str, link: PatientLink) -> HttpResponse:
    by_code = queries.needs_code(link.patient) or "code" in request.GET or "code" in request.POST
    form_of = CodeForm if by_code else BirthForm
    form = form_of(request.POST or None)
    result = "locked" if link.locked_at else ""
    if request.method == "POST" and form.is_valid() and not result:
        key = device_key(request)
        result, phone = actions.open_page(link=link, device_key=key, **form.cleaned_data)
        if phone is not None:
            return remember(redirect("patient_page:home", device_id=phone.pk), key)
    context = {
        "form": form,
        "token": token,
        "result": result,
        "by_code": by_code,
        "site": queries.site_of(link.patient),
    }
    refused = bool(form.errors) or bool(result)
    return render(request, "patient_page/unlock.html", context, status=422 if refused else 200)


@public
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Where the icon on the home screen leads: the page, or whose page if a family shares one."""
    phones = queries.phones_of(request.COOKIES.get(COOKIE, ""), timezone.now())
    if not phones:
        return gone(request)
    if len(phones) == 1:
        return private(redirect("patient_page:home", device_id=phones[0].pk))
    context = {"phones": phones, "site": queries.site_of(phones[0].patient)}
    return private(render(request, "patient_page/whose.html", context))
