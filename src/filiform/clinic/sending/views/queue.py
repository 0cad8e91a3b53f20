"""The messages that went out, and those that want a person."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.sending import queries
from filiform.clinic.sending.composing import BY_HAND
from filiform.clinic.sending.setup import setup
from filiform.clinic.sending.vocabulary import CHANNELS, KINDS, STATES, TAGS


@staff("answer-messages")
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    given, now = setup(), timezone.now()
    context = {
        "rows": queries.queue(request.user.organisation, now, state),
        "counts": queries.counts(request.user.organisation, now),
        "days": queries.COUNTED_DAYS,
        "state": state,
        "states": STATES,
        "tags": TAGS,
        "kinds": KINDS,
        "channels": CHANNELS,
        "by_hand": BY_HAND,
        "providers": [CHANNELS[one] for one in given.providers],
        "has_address": bool(given.public_url),
    }
    return render(request, "sending/queue.html", context)
