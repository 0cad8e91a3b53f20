"""The checks that are due, to be worked from top to bottom."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.aftercare import queries
from filiform.clinic.aftercare.vocabulary import ICONS, TAGS, URGENCIES, WHEN, WHOSE
from filiform.clinic.web.pages import page_or_fragment


@staff("work-checks")
@require_safe
def worklist(request: StaffRequest) -> HttpResponse:
    when = _one_of(request.GET.get("when", ""), WHEN)
    whose = _one_of(request.GET.get("whose", ""), WHOSE)
    now = timezone.now()
    return page_or_fragment(
        request,
        "aftercare/worklist",
        {
            "list": queries.worklist(request.user, now=now, when=when, whose=whose),
            "when": when,
            "whose": whose,
            "whens": WHEN,
            "whoses": WHOSE,
            "now": now,
            "urgencies": URGENCIES,
            "tags": TAGS,
            "icons": ICONS,
            "go_on": "next" in request.GET,
        },
    )


def _one_of(wanted: str, choices: tuple[tuple[str, object], ...]) -> str:
    """The wanted code, or the first one when an address says something else."""
    return wanted if wanted in dict(choices) else choices[0][0]
