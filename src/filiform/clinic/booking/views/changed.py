"""The desk tells patients of what the clinic changed: by message, or on the telephone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.booking import changes
from filiform.clinic.booking.messages import KINDS
from filiform.clinic.diary.models import Leave
from filiform.clinic.diary.queries import visits_in_leave
from filiform.clinic.frontdoor.laid_over import visits_to_call
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending import queries as sending_queries
from filiform.clinic.staff.models import OpeningException
from filiform.clinic.visits.models import Visit


@staff("book-visits")
@require_POST
def called(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Somebody telephoned: it is off the list."""
    row = sending_queries.message(request.user.organisation, message_id)
    if row is None or row.patient is None or row.kind not in KINDS:
        raise Http404
    sending.told_by_voice(row=row, by=request.user)
    messages.success(request, _("Noted: %(name)s was called.") % {"name": row.patient.name})
    return redirect("booking:desk")


@staff("book-visits")
@require_POST
def write_leave(request: StaffRequest, leave_id: UUID) -> HttpResponse:
    """Ask those whose visits a leave was laid over to choose another time."""
    rows = Leave.objects.filter(organisation=request.user.organisation_id, pk=leave_id)
    leave = rows.filter(is_cancelled=False).first()
    if leave is None:
        raise Http404
    visits = visits_in_leave(leave, now=timezone.now())
    _write(request, [one.pk for one in visits])
    return redirect("diary:leave", leave.pk)


@staff("book-visits")
@require_POST
def write_holiday(request: StaffRequest, exception_id: UUID) -> HttpResponse:
    """Ask those whose visits lie outside the hours of a holiday to choose another time."""
    rows = OpeningException.objects.current().filter(organisation=request.user.organisation_id)
    exception = rows.filter(pk=exception_id).select_related("site").first()
    if exception is None:
        raise Http404
    _write(request, [one.visit for one in visits_to_call(exception, now=timezone.now())])
    return redirect("frontdoor:holiday", exception.pk)


def _write(request: StaffRequest, which: list[UUID]) -> None:
    visits = Visit.objects.filter(pk__in=which, state="booked").select_related(
        "organisation", "site", "patient"
    )
    rows = changes.write_to(visits.order_by("planned_at"), now=timezone.now())
    by_itself = sum(not row.to_call for row in rows)
    if by_itself:
        said = ngettext(
            "%(count)s patient will be notified.", "%(count)s patients will be notified.", by_itself
        )
        messages.success(request, said % {"count": by_itself})
    if by_itself < len(rows):
        messages.warning(request, _("Call the others: no message is sent to them automatically."))
    if not rows:
        messages.info(request, _("Everybody on the list has already been written to."))
