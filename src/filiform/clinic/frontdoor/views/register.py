"""Register a patient, from scratch or from a message."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.frontdoor import actions as frontdoor
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.patients import actions, queries
from filiform.clinic.patients.forms import RegisterForm
from filiform.clinic.patients.models import Patient


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@staff("register-patients")
def register(request: StaffRequest) -> HttpResponse:
    if request.method == "GET":
        message = _message(request, request.GET.get("message"))
        return _page(request, RegisterForm(initial=_from_message(message)), message=message)
    form = RegisterForm(request.POST)
    message = _message(request, request.POST.get("message"))
    if not form.is_valid():
        return _page(request, form, message=message, status=422)
    data = form.cleaned_data
    again = Patient.objects.filter(
        pk=data["patient_id"], organisation=request.user.organisation_id
    ).first()
    # Not of a second tap: it would find the file of the first as its duplicate.
    if again is None and "all-the-same" not in request.POST:
        duplicates = queries.possible_duplicates(
            request.user.organisation,
            **{
                name: data[name]
                for name in ("given_name", "family_name", "birth_date", "birth_date_known", "phone")
            },
        )
        if duplicates:
            return _page(request, form, message=message, status=422, duplicates=duplicates)
    patient = actions.register(
        by=request.user,
        **form.details(),
        height_cm=data["height_cm"],
        weight_kg=data["weight_kg"],
        patient_id=data["patient_id"],
    )
    if message is not None and message.patient_id is None:
        _link(request, message, patient)
    messages.success(
        request,
        _("%(name)s is registered with the file number %(number)s.")
        % {"name": patient.name, "number": patient.file_number},
    )
    return redirect("chart:patient", patient_id=patient.pk)


def _page(
    request: StaffRequest,
    form: RegisterForm,
    *,
    message: Message | None,
    status: int = 200,
    duplicates: list[queries.PossibleDuplicate] | None = None,
) -> HttpResponse:
    context = {"form": form, "message": message, "duplicates": duplicates or []}
    return render(request, "frontdoor/register.html", context, status=status)


def _message(request: StaffRequest, message_id: str | None) -> Message | None:
    """The message of the organisation with this id; a mangled id is as good as none."""
    try:
        key = UUID(message_id or "")
    except ValueError:
        return None
    return Message.objects.filter(pk=key, organisation=request.user.organisation_id).first()


def _from_message(message: Message | None) -> dict[str, Any]:
    if message is None:
        return {}
    # The last word is the family's more often than not; the form shows both, to be changed.
    given, _space, family = message.name.strip().rpartition(" ")
    return {
        "message": message.pk,
        "given_name": given or family,
        "family_name": family if given else "",
        "phone": message.phone,
        "email": message.email,
        "language": message.language,
    }


def _link(request: StaffRequest, message: Message, patient: Patient) -> None:
    frontdoor.link(by=request.user, message=message, patient=patient)
