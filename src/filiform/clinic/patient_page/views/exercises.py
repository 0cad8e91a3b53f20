"""My exercises: what to do, ticked when it was done, and how it felt."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.patient_page import actions, queries
from filiform.clinic.patient_page.access import of_phone
from filiform.clinic.patient_page.actions import REMINDER_HOURS
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.patient_page.views.home import page
from filiform.clinic.programme import actions as programme
from filiform.clinic.staff.models import Site
from filiform.letters import whole_number

SCORES = ("felt", "pain_before", "pain_after")
HAPPENED = ("changed", "gone", "refused")
"""What a tick may come back with, beside having been taken."""


@of_phone
@require_safe
def exercises(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    happened = request.GET.get("happened", "")
    return page(
        request,
        "exercises",
        device,
        site,
        found=queries.exercises(device.patient),
        scores=range(11),
        asks={
            "felt": _("How did it feel? 0 easy, 10 unbearable"),
            "before": _("Pain before, 0 to 10"),
            "after": _("Pain after, 0 to 10"),
        },
        hours=REMINDER_HOURS,
        hour=queries.reminder_hour(device.patient),
        happened=happened if happened in HAPPENED else "",
    )


@of_phone
@require_POST
def tick(request: HttpRequest, *, device: PatientDevice, site: Site, row_id: UUID) -> HttpResponse:
    """Done today or yesterday, with or without how it felt; or taken back.

    The row may be one that was changed or taken out since the page was opened: what was done
    counts all the same, and the page says that the exercises are others now.
    """
    row = queries.programme_row(device.patient, row_id)
    if row is None:
        raise Http404
    today = timezone.localdate()
    day = today - timedelta(days=1) if request.POST.get("day") == "yesterday" else today
    happened = ""
    if "undo" in request.POST:
        programme.untick(row=row, day=day)
    else:
        # An empty field is not asked; one that is no number from 0 to 10 is refused as a whole.
        felt, before, after = (_score(request.POST.get(name, "")) for name in SCORES)
        answer = programme.tick(
            row=row, day=day, today=today, felt=felt, pain_before=before, pain_after=after
        )
        happened = "refused" if isinstance(answer, tuple) else ""
    if not happened and not queries.is_still_current(row):
        happened = "changed"
    address = reverse("patient_page:exercises", args=[device.pk])
    asked = f"?happened={happened}" if happened else ""
    return redirect(f"{address}{asked}#{slugify(row.item)}")


def _score(text: str) -> int | None:
    """0 to 10; None where nothing was tapped; 99, which is refused, for anything else."""
    if not text:
        return None
    number = whole_number(text, digits=2)
    return 99 if number is None else number


@of_phone
@require_POST
def remind(request: HttpRequest, *, device: PatientDevice, site: Site) -> HttpResponse:
    hour = whole_number(request.POST.get("hour", ""), digits=2)
    actions.remind_at(patient=device.patient, hour=hour if hour in REMINDER_HOURS else None)
    return redirect("patient_page:exercises", device_id=device.pk)
