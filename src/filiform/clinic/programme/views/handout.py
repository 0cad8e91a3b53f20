"""The paper with the home programme, in the patient's language."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.aftercare.sheet import language_of
from filiform.clinic.programme import queries
from filiform.clinic.programme.texts import HANDOUT
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.words import LANGUAGES


@visit_page("see-patients", saw_what="handout")
@require_safe
def handout(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """?language=en or ur; otherwise the patient's. The reader's own language does not matter."""
    language = language_of(request.GET.get("language", ""), visit)
    with translation.override(language):
        return render(
            request,
            "programme/handout.html",
            {
                "visit": visit,
                "patient": visit.patient,
                "site": visit.site,
                "handout": queries.handout(visit, on=timezone.localdate()),
                "say": {key: text.in_language(language) for key, text in HANDOUT.items()},
                "sheet_language": language,
                "direction": "rtl" if language == "ur" else "ltr",
                "languages": LANGUAGES,
            },
        )
