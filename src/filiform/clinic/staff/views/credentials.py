"""Record, amend and void a person's credentials."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.staff import actions, queries
from filiform.clinic.staff.forms import AmendmentReasonForm, credential_form
from filiform.clinic.staff.models import Credential, Member
from filiform.clinic.staff.views.people import load
from filiform.clinic.staff.vocabulary import KINDS

RECORD: dict[str, Callable[..., Credential]] = {
    "licence": actions.record_licence,
    "training": actions.record_training,
    "privilege": actions.grant_privilege,
}


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, member_id: UUID, kind: str) -> HttpResponse:
    member = load(request, member_id)
    if kind not in RECORD:
        raise Http404
    initial = {"granted_on": timezone.localdate()} if kind == "privilege" else {}
    form = credential_form(kind, request.POST or None, initial=initial, language=_language())
    if request.method == "POST" and form.is_valid():
        if not _already_there(member, kind, form.cleaned_data):
            RECORD[kind](member=member, by=request.user, **form.cleaned_data)
        messages.success(request, _("Recorded."))
        return redirect("staff:person", member.pk)
    return _page(request, member, kind, form=form)


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def amend(request: StaffRequest, kind: str, credential_id: UUID) -> HttpResponse:
    credential = _load(request, kind, credential_id)
    initial = {name: getattr(credential, name) for name in _fields(kind)}
    form = credential_form(kind, request.POST or None, initial=initial, language=_language())
    why = AmendmentReasonForm(request.POST or None)
    if request.method == "POST" and all([form.is_valid(), why.is_valid()]):
        actions.amend_credential(
            credential=credential,
            by=request.user,
            why=why.cleaned_data["why"],
            **form.cleaned_data,
        )
        messages.success(request, _("Amended. The former entry stays in the history."))
        return redirect("staff:person", credential.member_id)
    return _page(request, credential.member, kind, form=form, why=why, credential=credential)


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def void(request: StaffRequest, kind: str, credential_id: UUID) -> HttpResponse:
    credential = _load(request, kind, credential_id)
    why = AmendmentReasonForm(request.POST or None)
    if request.method == "POST" and why.is_valid():
        actions.void_credential(credential=credential, by=request.user, why=why.cleaned_data["why"])
        messages.success(request, _("It is no longer valid. The entry stays in the history."))
        return redirect("staff:person", credential.member_id)
    return _page(request, credential.member, kind, why=why, credential=credential, voiding=True)


def _load(request: StaffRequest, kind: str, credential_id: UUID) -> Credential:
    credential = queries.credential(request.user.organisation, kind, credential_id)
    if credential is None:
        raise Http404
    return credential


def _already_there(member: Member, kind: str, fields: dict[str, Any]) -> bool:
    """The very same credential, current: a form that was sent twice."""
    return queries.CREDENTIALS[kind].objects.current().filter(member=member, **fields).exists()


def _fields(kind: str) -> list[str]:
    return list(credential_form(kind, language="en").fields)


def _language() -> str:
    return get_language() or "en"


def _page(request: StaffRequest, member: Member, kind: str, **context: Any) -> HttpResponse:
    forms = [context.get("form"), context.get("why")]
    refused = any(form is not None and form.errors for form in forms)
    return render(
        request,
        "staff/credential.html",
        {"person": member, "kind": kind, "kind_name": dict(KINDS)[kind], **context},
        status=422 if refused else 200,
    )
