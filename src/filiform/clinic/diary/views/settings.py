"""What the owner says of the diary: services, rooms, working hours, leave."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.diary import queries, settings_actions
from filiform.clinic.diary.models import Leave, Room, Service, WorkingHours
from filiform.clinic.diary.service_history import with_older_urdu
from filiform.clinic.diary.settings_forms import HoursForm, LeaveForm, RoomForm, leave_days
from filiform.clinic.sending.queries import newest_about
from filiform.clinic.staff.models import Member
from filiform.clinic.staff.queries import person, sites
from filiform.clinic.visits.queries import practitioners
from filiform.clinic.web.once import made_by

SettingRow = TypeVar("SettingRow", Service, Room, Leave)


@staff("manage-staff")
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    house = request.user.organisation
    places, people = list(sites(house)), practitioners(house)
    hours = {
        (row.member_id, row.site_id): row for row in WorkingHours.objects.filter(organisation=house)
    }
    zone = timezone.get_current_timezone()
    leave = queries.coming_leave(house, now=timezone.now())
    context = {
        "services": Service.objects.filter(organisation=house).order_by("position", "name"),
        "older": with_older_urdu(house),
        "rooms": Room.objects.filter(organisation=house)
        .select_related("site")
        .order_by("site__name", "position", "name"),
        "weeks": [(one, site, hours.get((one.pk, site.pk))) for one in people for site in places],
        "leave": [(one, leave_days(one, zone)) for one in leave],
    }
    return render(request, "diary/settings.html", context)


@staff("manage-staff")
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: StaffRequest, room_id: UUID | None = None) -> HttpResponse:
    row = _found(Room, request, room_id) if room_id else None
    places = list(sites(request.user.organisation))
    first = RoomForm.values_of(row) if row else {"site": str(places[0].pk) if places else ""}
    form = RoomForm(request.POST or None, initial=first, places=places)
    if request.method == "POST" and form.is_valid():
        settings_actions.save_room(
            by=request.user, room=row, key=made_by(request), **form.cleaned_data
        )
        return _saved(request)
    return _page(request, form, _("Room"))


@staff("manage-staff")
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: StaffRequest, member_id: UUID, site_id: UUID) -> HttpResponse:
    house = request.user.organisation
    member, site = person(house, member_id), sites(house).filter(pk=site_id).first()
    if member is None or site is None or not member.is_practitioner:
        raise Http404
    row = WorkingHours.objects.filter(member=member, site=site).first()
    form = HoursForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        settings_actions.set_hours(by=request.user, member=member, site=site, hours=form.hours())
        return _saved(request)
    return _page(request, form, _("Working hours"), member=member, site=site)


@staff("manage-staff")
@require_http_methods(["GET", "HEAD", "POST"])
def leave_add(request: StaffRequest) -> HttpResponse:
    form = LeaveForm(request.POST or None, organisation=request.user.organisation)
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.span(timezone.get_current_timezone())
        row = settings_actions.record_leave(
            by=request.user, member=form.people[form.cleaned_data["member"]],
            starts_at=starts_at, ends_at=ends_at, kind=form.cleaned_data["kind"],
            key=made_by(request),
        )  # fmt: skip
        messages.success(request, _("Recorded. Nobody can be booked in it from now on."))
        return redirect("diary:leave", row.pk)
    return _page(request, form, _("Leave"))


@staff("book-visits")
@require_safe
def leave(request: StaffRequest, leave_id: UUID) -> HttpResponse:
    """The visits that a leave was laid over. The front desk calls, so it may look."""
    row = _found(Leave, request, leave_id)
    to_call = queries.visits_in_leave(row, now=timezone.now())
    context = {
        "leave": row,
        "days": leave_days(row, timezone.get_current_timezone()),
        "to_call": to_call,
        "told": newest_about([one.pk for one in to_call], ["laid-over"]),
        "may_change": request.user.may("manage-staff") and not row.is_cancelled,
    }
    return render(request, "diary/leave.html", context)


@staff("manage-staff")
@require_POST
def leave_back(request: StaffRequest, leave_id: UUID) -> HttpResponse:
    settings_actions.take_leave_back(by=request.user, leave=_found(Leave, request, leave_id))
    messages.success(request, _("Withdrawn: the working hours apply again."))
    return redirect("diary:settings")


def _found(model: type[SettingRow], request: StaffRequest, pk: UUID) -> SettingRow:
    rows = model._default_manager.filter(organisation=request.user.organisation_id, pk=pk)
    row = rows.first()
    if row is None:
        raise Http404
    return row


def _saved(request: StaffRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("diary:settings")


def _page(
    request: StaffRequest,
    form: object,
    title: str,
    member: Member | None = None,
    site: object = None,
) -> HttpResponse:
    context = {"form": form, "title": title, "member": member, "site": site}
    status = 422 if getattr(form, "errors", None) else 200
    return render(request, "diary/setting.html", context, status=status)
