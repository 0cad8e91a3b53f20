"""The visits that a tablet takes along, to be gone on with where there is no line."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.visits.models import OPEN_STATES, Visit
from filiform.clinic.visits.queries import visits_of_day


@require_safe
@staff("record-clinical")
def on_tablet(request: StaffRequest) -> HttpResponse:
    """The reader's own visits of today. Opening it takes them along (web/filiform/on-tablet.js):
    each page is then fetched as if it were opened, and noted in the audit as read."""
    today = localdate(timezone.now())
    shown = visits_of_day(request.user.organisation, today, practitioner=request.user)
    context = {
        "rows": [(visit, _pages(visit)) for visit in shown if visit.state in OPEN_STATES],
        "now": timezone.now(),
    }
    return render(request, "pathway/on_tablet.html", context)


def _pages(visit: Visit) -> list[tuple[str, str]]:
    """Name and address of what can be read without a line; the page to needle from comes last."""
    names = (
        ("assessment:story", _("History")),
        ("assessment:safety", _("Safety")),
        ("assessment:plan", _("Plan")),
        ("treatment:treat", _("Treat")),
    )
    return [(name, reverse(address, args=[visit.pk])) for address, name in names]
