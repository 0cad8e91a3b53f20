"""The step Story."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.anatomy.surface import BodyDrawing, Layer
from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.forms.story import StoryForm, initial_of
from filiform.clinic.assessment.models import Story
from filiform.clinic.assessment.telling import LABELS, differences, in_words, words_of
from filiform.clinic.assessment.understood import understood
from filiform.clinic.body.chart import body_of
from filiform.clinic.body.pictures import pictures, views_of
from filiform.clinic.body.queries import pain_of
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page


@require_http_methods(["GET", "HEAD"])
@visit_page("see-clinical", saw_what="story", kept=True)
def story(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The story as it stands; without one, what was told last time in this episode."""
    with one_reading():
        return _page(request, visit, _as_it_stands(visit))


def _as_it_stands(visit: Visit) -> StoryForm:
    told = queries.story(visit)
    former = queries.former_story(visit)
    if told is not None:
        # The version on the screen goes along, so that one saved meanwhile is noticed.
        values = {**initial_of(told), "started_from": told.pk, "drawing": pain_of(told)}
    elif former is not None:
        values = initial_of(former, with_pain=False) | {"drawing": _without_pain(pain_of(former))}
    else:
        values = {"complaint_code": _known_complaint(visit)}
    return StoryForm(initial=values, body=body_of(visit.patient))


def _without_pain(drawing: BodyDrawing) -> BodyDrawing:
    """The same place and kind; how strong it is is asked anew in every visit."""
    layers = [Layer(layer.quality, None, layer.weights) for layer in drawing.layers]
    return BodyDrawing(tuple(layers), drawing.came_from)


@require_http_methods(["POST"])
@visit_page("record-clinical")
def story_save(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Save a new version."""
    data = request.POST
    form = StoryForm(data, body=body_of(visit.patient))
    if not form.is_valid():
        return _page(request, visit, form, status=422)
    try:
        actions.tell_story(
            by=request.user,
            visit=visit,
            started_from=form.cleaned_data["started_from"],
            **form.told(),
        )
    except actions.SavedMeanwhile as meanwhile:
        return _both(request, visit, form, meanwhile.story)
    messages.success(request, _("History saved."))
    return redirect("assessment:safety" if "next" in data else "assessment:story", visit.pk)


def _known_complaint(visit: Visit) -> str:
    return visit.episode.complaint if visit.episode else ""


def _both(request: StaffRequest, visit: Visit, form: StoryForm, theirs: Story) -> HttpResponse:
    """Somebody saved meanwhile: theirs beside mine, nothing written, nothing lost."""
    told = form.told()
    mine = in_words(Story(**{k: v for k, v in told.items() if k != "drawing"}), told["drawing"])
    their_words = words_of(theirs)
    data = request.POST.copy()
    # From here on theirs has been seen: saved again, mine replaces it knowingly.
    data["started_from"] = str(theirs.pk)
    again = StoryForm(data, body=body_of(visit.patient))
    again.is_valid()
    context = {"meanwhile": theirs, "differing": differences(mine, their_words)}
    return _page(request, visit, again, status=409, **context)


def _page(
    request: StaffRequest, visit: Visit, form: StoryForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    with one_reading():
        context |= _compared(visit) | {"form": form}
        return step_page(
            request, "assessment/story", visit=visit, step="story", context=context, status=status
        )


def _compared(visit: Visit) -> dict[str, Any]:
    """What is told now and last time, which fields differ, and the former versions."""
    told, former = queries.story(visit), queries.former_story(visit)
    last_time = words_of(former) if former else {}
    now = words_of(told) if told else {}
    before = pain_of(former) if former else None
    return {
        "told": told,
        "former": former,
        "last_time": last_time,
        "changed": {
            name for name in LABELS if told and former and now.get(name) != last_time.get(name)
        },
        "last_pictures": (
            pictures(before, views=views_of(before), prefix="last") if before else []
        ),
        "versions": _history(visit, told),
        # A chosen complaint says itself what it is; own words may be general, or no known name.
        "understood": understood(told.complaint) if told and not told.complaint_code else None,
    }


def _history(visit: Visit, told: Story | None) -> list[dict[str, Any]]:
    """Former versions in words, with what the next one changed."""
    # Most stories have one version; its history needs no query.
    if told is None or told.replaces_id is None:
        return []
    versions = queries.story_versions(visit)
    words = [words_of(one) for one in versions]
    return [
        {"story": older, "differing": differences(words[place], words[place + 1])}
        for place, older in enumerate(versions[1:])
    ]
