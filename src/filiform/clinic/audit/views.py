"""Who saw and changed what."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.audit import actions, queries
from filiform.clinic.audit.forms import FilterForm
from filiform.clinic.audit.openings import openings
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.queries import sites
from filiform.words import LANGUAGES


@staff("see-audit")
@require_safe
def entries(request: StaffRequest) -> HttpResponse:
    clinic = request.user.organisation
    form = FilterForm(request.GET, organisation=clinic)
    wanted = form.wanted()
    patient = _patient(request, wanted)
    after = queries.Cursor.read(request.GET.get("after", ""))
    page = queries.page(clinic, wanted, zone=timezone.get_current_timezone(), after=after)
    # After the reading: the entry of this reading is not itself on the page that it tells of.
    actions.note_reading(by=request.user, wanted=wanted, patient=patient)
    context = {
        "form": form,
        "page": page,
        "patient": patient,
        "after": after,
        "filtered": bool(wanted.details),
        "next": urlencode({**wanted.details, "after": str(page.next)}) if page.next else "",
    }
    return render(request, "audit/entries.html", context, status=422 if form.errors else 200)


@staff("see-audit")
@require_safe
def backups(request: StaffRequest) -> HttpResponse:
    """Whether the clinic was ever brought back from a backup, when, and how long it took."""
    found = queries.drills(request.user.organisation, now=timezone.now())
    return render(request, "audit/backups.html", {"drills": found})


@patient_page("see-patients", saw_what="openings")
@require_safe
def opened(request: StaffRequest, *, patient: Patient) -> HttpResponse:
    """Who opened the patient's record, to show and to print. ?language=en or ur; otherwise the
    patient's, whatever the reader's own is."""
    wanted = request.GET.get("language", "")
    language = next((one for one in (wanted, patient.language) if one in LANGUAGES), "en")
    found = openings(patient.pk, request.user.organisation_id, now=timezone.now())
    with translation.override(language):
        context = {
            "patient": patient,
            "found": found,
            "language_shown": language,
            "languages": LANGUAGES,
            "site": sites(request.user.organisation).first(),
        }
        return render(request, "audit/opened.html", context)


def _patient(request: StaffRequest, wanted: queries.Filter) -> Patient | None:
    """The clinic's patient whose entries are asked for; another clinic's does not exist."""
    if wanted.patient is None:
        return None
    patient = Patient.objects.filter(
        pk=wanted.patient, organisation=request.user.organisation_id
    ).first()
    if patient is None:
        raise Http404
    return patient
