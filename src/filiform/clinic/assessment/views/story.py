"""The step Story."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from filiform.clinic.assessment import actions, queries
from filiform.clinic.assessment.forms.story import (
    MOST_AREAS,
    AreaFormSet,
    StoryForm,
    initial_areas,
    initial_of,
)
from filiform.clinic.assessment.models import PainArea, Story
from filiform.clinic.assessment.telling import LABELS, differences, in_words
from filiform.clinic.record.guards import StaffRequest, visit_page
from filiform.clinic.record.reading import one_reading
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.workspace import step_page

AREA_FIELDS = ("region", "side", "quality", "intensity")
SPARE_ROWS = 2


@require_http_methods(["GET", "HEAD"])
@visit_page("see-clinical", saw_what="story")
def story(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The story as it stands; without one, what was told last time in this episode."""
    with one_reading():
        form, rows = _as_it_stands(visit)
        return _page(request, visit, form, _empty_rows(rows))


def _as_it_stands(visit: Visit) -> tuple[StoryForm, list[dict[str, Any]]]:
    told = queries.story(visit)
    former = queries.former_story(visit)
    if told is not None:
        values = {**initial_of(told), "started_from": told.pk}
        rows = initial_areas(queries.pain_areas(visit))
    elif former is not None:
        values = initial_of(former, with_pain=False)
        rows = initial_areas(queries.areas_of(former), with_pain=False)
    else:
        values, rows = {"complaint_code": _known_complaint(visit)}, []
    return StoryForm(initial=values), rows


@require_http_methods(["POST"])
@visit_page("record-clinical")
def story_save(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Save a new version; or only add or take away a row of the areas."""
    data = request.POST
    if "add-area" in data or "remove-area" in data:
        return _rows_changed(request, visit)
    form, areas = StoryForm(data), AreaFormSet(data, prefix="area")
    if not (form.is_valid() & areas.is_valid()):
        return _page(request, visit, form, areas, status=422)
    try:
        actions.tell_story(
            by=request.user,
            visit=visit,
            areas=areas.areas(),
            started_from=form.cleaned_data["started_from"],
            **form.told(),
        )
    except actions.SavedMeanwhile as meanwhile:
        return _both(request, visit, form, areas, meanwhile.story)
    messages.success(request, _("The story is saved."))
    return redirect("assessment:safety" if "next" in data else "assessment:story", visit.pk)


def _known_complaint(visit: Visit) -> str:
    return visit.episode.complaint if visit.episode else ""


def _empty_rows(rows: list[dict[str, Any]], *, shown: int | None = None) -> Any:
    """The rows that are filled in, at least one, and spare ones that the page hides: with script
    they are shown without asking the server."""
    rows = rows[:MOST_AREAS]
    shown = shown or max(1, len(rows))
    spare = min(MOST_AREAS, shown + SPARE_ROWS) - len(rows)
    areas = AreaFormSet(prefix="area", initial=[*rows, *({} for _row in range(spare))])
    areas.shown = shown
    return areas


def _rows_changed(request: StaffRequest, visit: Visit) -> HttpResponse:
    """One row more or less, without script: everything else stays as it was sent."""
    data: QueryDict = request.POST.copy()
    gone = data.get("remove-area", "")
    if gone.isdigit():
        for name in AREA_FIELDS:
            data.pop(f"area-{gone}-{name}", None)
    form = StoryForm(initial=_as_initial(data))
    rows = [
        {name: data.get(f"area-{n}-{name}", "") for name in AREA_FIELDS}
        for n in range(MOST_AREAS)
        if data.get(f"area-{n}-region")
    ]
    shown = len(rows) + 1 if "add-area" in data else max(1, len(rows))
    areas = _empty_rows(rows, shown=min(MOST_AREAS, shown))
    return _page(request, visit, form, areas)


def _as_initial(data: QueryDict) -> dict[str, Any]:
    many = {"aggravating", "easing"}
    names = StoryForm.base_fields
    return {name: data.getlist(name) if name in many else data.get(name, "") for name in names}


def _both(
    request: StaffRequest, visit: Visit, form: StoryForm, areas: Any, theirs: Story
) -> HttpResponse:
    """Somebody saved meanwhile: theirs beside mine, nothing written, nothing lost."""
    mine = Story(**form.told())
    my_areas = [
        PainArea(region=region, side=side, quality=quality, intensity=intensity)
        for region, side, quality, intensity in areas.areas()
    ]
    their_words = in_words(theirs, queries.areas_of(theirs))
    data = request.POST.copy()
    data["started_from"] = str(theirs.pk)
    again, rows = StoryForm(data), AreaFormSet(data, prefix="area")
    again.is_valid(), rows.is_valid()
    context = {
        "meanwhile": theirs,
        "differing": differences(in_words(mine, my_areas), their_words),
    }
    return _page(request, visit, again, rows, status=409, **context)


def _page(
    request: StaffRequest,
    visit: Visit,
    form: StoryForm,
    areas: Any,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    with one_reading():
        context |= _compared(visit)
        if not hasattr(areas, "shown"):
            filled = [n for n, row in enumerate(areas.forms) if row.is_filled or row.errors]
            areas.shown = filled[-1] + 1 if filled else 1
        context |= {"form": form, "areas": areas, "most_areas": MOST_AREAS}
        return step_page(
            request, "assessment/story", visit=visit, step="story", context=context, status=status
        )


def _compared(visit: Visit) -> dict[str, Any]:
    """What is told now and last time, which fields differ, and the former versions."""
    told, former = queries.story(visit), queries.former_story(visit)
    last_time = in_words(former, queries.areas_of(former)) if former else {}
    now = in_words(told, queries.pain_areas(visit)) if told else {}
    return {
        "told": told,
        "former": former,
        "last_time": last_time,
        "changed": {
            name for name in LABELS if told and former and now.get(name) != last_time.get(name)
        },
        "versions": _history(visit, told),
    }


def _history(visit: Visit, told: Story | None) -> list[dict[str, Any]]:
    """Former versions in words, with what the next one changed."""
    if told is None or told.replaces_id is None:
        return []
    versions = queries.story_versions(visit)
    words = [in_words(one, sorted(one.areas.all(), key=lambda area: area.pk)) for one in versions]
    return [
        {"story": older, "differing": differences(words[place], words[place + 1])}
        for place, older in enumerate(versions[1:])
    ]
