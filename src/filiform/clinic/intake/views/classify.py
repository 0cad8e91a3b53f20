"""Say for the clinic what a name of a document means that nobody here knew."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.intake import classifying
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.disclosure import Kind


@sensitive_post_parameters()
@require_POST
@patient_page("record-clinical")
def classify(request: StaffRequest, patient: Patient, pending_id: UUID) -> HttpResponse:
    """Every name that was given a meaning: "harmless", "ask" or "concept:…"; the others wait."""
    number, refused = 0, False
    kinds = request.POST.getlist("kind")
    names, meanings = request.POST.getlist("name"), request.POST.getlist("meaning")
    for kind, name, chosen in zip(kinds, names, meanings, strict=False):
        meaning, _colon, concept = chosen.partition(":")
        if not meaning:
            continue
        try:
            classifying.classify(
                by=request.user, kind=Kind(kind), text=name, meaning=meaning, concept=concept
            )
            number += 1
        except ValueError:
            refused = True
    if refused:
        messages.error(request, _("A meaning was not on the list. Choose again."))
    if number:
        messages.success(
            request,
            ngettext(
                "%(number)s name is remembered for the clinic.",
                "%(number)s names are remembered for the clinic.",
                number,
            )
            % {"number": number},
        )
    return redirect("intake:preview", patient_id=patient.pk, pending_id=pending_id)
