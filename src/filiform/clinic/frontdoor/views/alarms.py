"""Does anything ring? Asked by every page of staff every few seconds, so it must cost next to
nothing: while nothing was written in the clinic the answer is 304 after one prepared query.

A message also begins to ring by itself, when its time is over. Until when an answer holds is kept
in memory beside the version it was made from; a process that has forgotten it asks the record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.facts.versions import Version, activity_of
from filiform.clinic.web.bell import next_turn, ringing

_HOLDS: dict[UUID, tuple[Version, int, datetime | None]] = {}
"""Clinic → the version last answered from, how many rang, and when that turns by itself."""


@staff("answer-messages")
@require_safe
def alarms(request: StaffRequest) -> HttpResponse:
    """{"ringing": how many, "open": where to see them}. No name and no word of what was told."""
    clinic = request.user.organisation_id
    # Read before what is counted: written between, it is counted again at the next question.
    version = activity_of(clinic)
    now = timezone.now()
    of_version, rang, turns = _HOLDS.get(clinic, (None, 0, now))
    addresses: list[str] | None = None
    if of_version != version or (turns is not None and now >= turns):
        addresses = ringing(clinic)
        rang = len(addresses)
        _HOLDS[clinic] = (version, rang, next_turn(clinic, now))
    # How many ring stands in the tag: a deadline passes without a new version.
    tag = f'"{clinic.hex[:8]}-{version.number}-{version.mark & 0xFFFFFFFF:x}-{rang}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        addresses = ringing(clinic) if addresses is None else addresses
        # The oldest of them; its page leads on to the list it stands on.
        where = addresses[0] if addresses else reverse("frontdoor:inbox")
        response = JsonResponse({"ringing": len(addresses), "open": where})
    response.headers["ETag"] = tag
    # Kept by the browser and asked about each time: that is what makes the 304 possible.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
