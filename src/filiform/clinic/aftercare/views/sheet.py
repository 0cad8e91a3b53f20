"""The sheet that goes home, for paper, in the patient's language."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.aftercare.sheet import language_of, sheet_for
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.words import LANGUAGES


@visit_page("see-patients", saw_what="aftercare-sheet")
@require_safe
def sheet(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """?language=en or ur; otherwise the patient's. The reader's own language does not matter."""
    language = language_of(request.GET.get("language", ""), visit)
    with translation.override(language):
        return render(
            request,
            "aftercare/sheet.html",
            {
                "visit": visit,
                "patient": visit.patient,
                "site": visit.site,
                "sheet": sheet_for(visit, language, on=timezone.localdate()),
                "languages": LANGUAGES,
            },
        )
