"""The frame round every step of a visit: banner, rail, the step, and the next step's button."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from filiform.clinic.facts.reading import one_reading
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.vocabulary import STATES_IN_WORDS, STEPS


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
    `{% if oob %}{% rail %}{% endif %}`, so that the rail follows (the tag is the pathway's, which
    alone knows how the steps stand). The step's own context goes before what is added here:
    visit, patient, step, here, next_name, next_address, oob.
    """
    name = template.removesuffix(".html")
    fragment = _fragment(name) if request.headers.get("HX-Request") else None
    # Nine rooms are asked for the rail, and most ask the same things of the patient.
    with one_reading():
        surroundings = {
            "visit": visit,
            "patient": visit.patient,
            "step": step,
            "oob": fragment is not None,
            **_surroundings(visit, step),
        }
        page = fragment or f"{name}.html"
        response = render(request, page, {**surroundings, **(context or {})}, status=status)
    # One address with two answers: a browser's "back" must not show the fragment as the page.
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


def _surroundings(visit: Visit, step: str) -> dict[str, Any]:
    """The step's own name, the step after it, and the visit's state in words."""
    order = list(STEPS)
    # Pages beside the nine steps (what to expect, the record) have none after them.
    after = order[order.index(step) + 1 :] if step in STEPS else []
    return {
        "here": STEPS[step][0] if step in STEPS else "",
        "next_name": STEPS[after[0]][0] if after else "",
        "next_address": reverse(STEPS[after[0]][2], args=[visit.pk]) if after else "",
        "state_in_words": STATES_IN_WORDS[visit.state],
    }
