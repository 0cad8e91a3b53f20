"""What the page of things to review shows."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from filiform.clinic.intake import queries, reviewing, waiting
from filiform.clinic.intake.models import SentInReview
from filiform.clinic.intake.vocabulary import DIFFERS, STATUSES
from filiform.clinic.patients.files import files_of
from filiform.clinic.visits.models import Visit
from filiform.screening import screen

REVIEWED_SHOWN = 100


def page_context(visit: Visit) -> dict[str, Any]:
    found = reviewing.waiting(visit)
    differing = [one.differs for one in found]
    return {
        "visit": visit,
        "patient": visit.patient,
        "waiting": [(one, *DIFFERS[one.differs]) for one in found],
        "sweep": len(found) - differing.count("contradicts"),
        "warnings": warnings(visit),
        "documents_waiting": waiting.documents_sent_in(visit.patient),
        "reviewed": reviewed(visit),
        "statuses": [(name, STATUSES[name]) for name in ("active", "stopped", "resolved")],
    }


def warnings(visit: Visit) -> list[tuple[Any, Any]]:
    """What safety would say beside what it says now, if all that waits held: (name, weight)."""
    patient = visit.patient
    if not waiting.safety_rows(patient):
        return []
    on = timezone.localdate()
    before = screen(queries.disclosure_of(patient, visit), on=on)
    after = screen(waiting.disclosure_with_sent_in(patient, visit), on=on)
    return waiting.only_with_sent_in(before, after)


def reviewed(visit: Visit) -> list[SentInReview]:
    """What was decided already, the last first."""
    rows = SentInReview.objects.current().filter(patient__in=files_of(visit.patient))
    return list(
        rows.select_related("sent", "recorded_by").order_by("-recorded_at")[:REVIEWED_SHOWN]
    )
