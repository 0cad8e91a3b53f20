"""The paper with the home programme, in the patient's language: as a page, and as a PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.aftercare.sheet import language_of
from filiform.clinic.aftercare.templatetags.aftercare import spoken_number
from filiform.clinic.documents.answers import pdf_page
from filiform.clinic.documents.heads import head_of
from filiform.clinic.programme import queries
from filiform.clinic.programme.templatetags.exercise_figure import build_of
from filiform.clinic.programme.texts import HANDOUT
from filiform.clinic.staff.models import Member
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.programme import Item
from filiform.programme.figures import drawn_exercises, figure_of, still
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
                "build": build_of(visit.patient),
            },
        )


@visit_page("see-patients")
@require_safe
def handout_pdf(request: StaffRequest, *, visit: Visit) -> HttpResponse:
    """The same as a file to print or to send; pdf_page notes who opened it."""
    language = language_of(request.GET.get("language", ""), visit)
    with translation.override(language):
        values = paper_values(visit, request.user, language)
        return pdf_page(
            request,
            "programme/papers/handout.typ",
            values,
            name=f"{HANDOUT['title'].in_language(language)} {visit.patient.file_number}",
            saw_what="handout",
            patient=visit.patient,
            language=language,
            subject=visit,
        )


def paper_values(visit: Visit, by: Member | None, language: str) -> dict[str, Any]:
    """What the template prints, in the paper's language. by: None for the patient's own page."""
    found = queries.handout(visit, on=timezone.localdate())
    say = {key: text.in_language(language) for key, text in HANDOUT.items()}
    return {
        "head": head_of(
            title=say["title"],
            organisation=visit.organisation,
            name=visit.patient.name,
            file=visit.patient.file_number,
            by=by,
        ),
        "tasks": [_task(line, say, language, build_of(visit.patient)) for line in found.tasks],
        "advice": [
            {
                "name": line.item.name.in_language(language),
                "text": " ".join(
                    (*(step.in_language(language) for step in line.item.how), *line.notes)
                ),
            }
            for line in found.advice
        ],
        "hurts_title": say["hurts-title"],
        "hurts": " ".join(say[key] for key in ("hurts-ok", "hurts-less", "hurts-stop")),
        "call": say["call"],
        "phone": spoken_number(visit.site.phone),
        "emergency": say["emergency"],
        "emergency_phone": visit.site.emergency_phone,
        "know": say["know"],
        "nothing": say["nothing"] if found.is_empty else "",
        "tick": say["tick"],
    }


def _task(
    line: queries.HandoutLine, say: dict[str, str], language: str, build: str
) -> dict[str, Any]:
    comma = say["comma"] + " "
    # A side belongs to what is done with one arm or leg, and to nothing else.
    side = comma + say[line.side] if line.side else ""
    return {
        "name": line.item.name.in_language(language) + side,
        "how": [step.in_language(language) for step in line.item.how],
        "whens": [
            {
                "phases": comma.join(phase.in_language(language) for phase in when.phases),
                "dose": when.dose.in_language(language),
            }
            for when in line.whens
            if when.dose is not None
        ],
        "notes": list(line.notes),
        "cautions": [one.in_language(language) for one in line.cautions],
        **picture_of(line.item, build, say, language),
    }


def picture_of(item: Item, build: str, say: dict[str, str], language: str) -> dict[str, Any]:
    """The SVG of an exercise ("" for what has none), its words, and its breadth over its
    height."""
    exercise = item.id.partition(":")[0]
    if exercise not in drawn_exercises():
        return {"picture": "", "picture_says": "", "ratio": 1.0}
    found = figure_of(exercise, build)
    return {
        "picture": still(exercise, build, item.side, turned=language == "ur"),
        "picture_says": say["picture"],
        "ratio": found.still_width / found.height,
    }
