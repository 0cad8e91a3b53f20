"""The frame round every step of a visit: banner, rail, the step, and the next step's button."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from filiform.clinic.record.guards import StaffRequest
from filiform.clinic.record.reading import one_reading
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.rail import rail
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS


def step_page(
    request: HttpRequest,
    template: str,
    *,
    visit: Visit,
    step: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a step's page with its rail. template: "room/name", with or without ".html".

    For htmx the fragment `room/_name.html` is rendered where there is one; it may end with
    `{% if oob %}{% include "visits/_rail.html" %}{% endif %}`, so that the rail follows. The
    step's own context goes before what is added here: visit, patient, step, rail, here,
    next_entry, oob.
    """
    name = template.removesuffix(".html")
    fragment = _fragment(name) if request.headers.get("HX-Request") else None
    with one_reading():
        surroundings = {
            "visit": visit,
            "patient": visit.patient,
            "step": step,
            "oob": fragment is not None,
            **_surroundings(cast(StaffRequest, request), visit, step),
        }
        page = fragment or f"{name}.html"
        response = render(request, page, {**surroundings, **(context or {})}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _fragment(name: str) -> str | None:
    folder, _, last = name.rpartition("/")
    path = f"{folder}/_{last}.html"
    try:
        get_template(path)
    except TemplateDoesNotExist:
        return None
    return path


def _surroundings(request: StaffRequest, visit: Visit, step: str) -> dict[str, Any]:
    entries = rail(visit, by=request.user, on=timezone.localdate())
    places = [entry.step for entry in entries]
    here = places.index(step) if step in places else -1
    after = entries[here + 1] if 0 <= here < len(entries) - 1 else None
    return {
        "rail": entries,
        "here": entries[here] if here >= 0 else None,
        "next_entry": after,
        "state_in_words": STATES_IN_WORDS[visit.state],
    }
