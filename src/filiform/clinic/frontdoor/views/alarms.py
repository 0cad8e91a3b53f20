"""Does anything ring? Asked by every page of staff every few seconds, so it must cost next to
nothing: while nothing was written in the clinic the answer is 304 after one prepared query."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.facts.versions import activity_of
from filiform.clinic.web.bell import ringing


@staff("answer-messages")
@require_safe
def alarms(request: StaffRequest) -> HttpResponse:
    """{"ringing": how many, "open": where to see them}. No name and no word of what was told."""
    clinic = request.user.organisation_id
    # Read before what is counted: written between, it is counted again at the next question.
    version = activity_of(clinic)
    tag = f'"{clinic.hex[:8]}-{version.number}-{version.mark & 0xFFFFFFFF:x}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        addresses = ringing(clinic)
        # The oldest of them; its page leads on to the list it stands on.
        where = addresses[0] if addresses else reverse("frontdoor:inbox")
        response = JsonResponse({"ringing": len(addresses), "open": where})
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
