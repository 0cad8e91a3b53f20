"""The page before the first needle: what stands against it, or the list and the start."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.assessment.queries import plans
from filiform.clinic.consent.queries import last_consent
from filiform.clinic.treatment.before import CODES, ITEMS, lacking
from filiform.clinic.treatment.course import course_of
from filiform.clinic.treatment.page_targets import cards_of
from filiform.clinic.visits.models import Visit

OLDEST = timedelta(hours=2)
"""How long before the start a tap may have been; an older or a future one counts as now. A tablet
whose clock is wrong must not make the list look as if somebody else had gone through it."""


def checked_from(
    given: QueryDict, now: datetime, *, oldest: timedelta = OLDEST
) -> dict[str, datetime]:
    """What the page says was confirmed, with the moment of each tap by the tablet's clock."""
    return {
        code: _moment(given.get(f"at-{code}", ""), now, oldest) for code in CODES if code in given
    }


def _moment(text: str, now: datetime, oldest: timedelta) -> datetime:
    try:
        at = parse_datetime(text)
    except ValueError:
        return now
    if at is None or at.tzinfo is None or not now - oldest <= at <= now:
        return now
    return at


def show_before(
    request: StaffRequest,
    visit: Visit,
    *,
    status: int = 200,
    checked: Mapping[str, datetime] | None = None,
) -> HttpResponse:
    """The planned muscles, under what stands against needling or the list that starts it; the
    pathway's tag says which. checked: what was confirmed by a form that came back."""
    cards = cards_of(plans(visit), course_of([]), last_consent(visit), timezone.now())
    context = {
        "visit": visit,
        "patient": visit.patient,
        "cards": cards,
        "before_items": ITEMS,
        "before_checked": checked or {},
        "before_lacking": lacking(checked) if checked is not None else (),
    }
    response = render(request, "treatment/before.html", context, status=status)
    # The tablet may keep it if the visit is taken along (web/filiform/treatment/worker.js).
    response["X-Treatment-Before"] = "yes"
    return response
