"""What a link to a visit opens: when and where it is, moving it, cancelling it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import public
from filiform.clinic.booking import actions, queries, texts
from filiform.clinic.booking.actions import Time
from filiform.clinic.booking.changes import PATIENT_KNOWS
from filiform.clinic.booking.keys import reference_of
from filiform.clinic.booking.links import link_of, make_link
from filiform.clinic.booking.views.public import chosen, day_of
from filiform.clinic.diary import calendars
from filiform.clinic.diary.actions import NotFree
from filiform.clinic.diary.models import Service
from filiform.clinic.diary.queries import givers
from filiform.clinic.patient_page.access import of_phone, private
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.patient_page.queries import any_site
from filiform.clinic.patients.files import files_of
from filiform.clinic.staff.models import Site
from filiform.clinic.visits.actions import MoveRefused
from filiform.clinic.visits.models import Visit
from filiform.clinic.web.times import use_zone


def visit_of(token: str) -> Visit | None:
    """The visit of a link, with the clock of its site for the page."""
    link = link_of(token, timezone.now())
    if link is None or link.visit is None:
        return None
    use_zone(link.visit.site.time_zone)
    return link.visit


def page(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    return private(render(request, f"booking/{name}.html", context, status=status))


def no_link(request: HttpRequest) -> HttpResponse:
    """One page for unknown and expired links, so that it tells nobody which."""
    return page(request, "no_link", 404, site=any_site(), only_path=request.path)


def service_of(visit: Visit) -> Service | None:
    about = getattr(visit, "appointment", None)
    return about.service if about else None


@public
@require_safe
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """How the visit stands, whatever became of it."""
    found = visit_of(token)
    if found is None:
        return no_link(request)
    return _visit(request, token, found)


def _visit(
    request: HttpRequest, token: str, found: Visit, status: int = 200, **context: Any
) -> HttpResponse:
    service = service_of(found)
    is_to_come = found.state == "booked" and found.planned_at > timezone.now()
    return page(
        request,
        "visit",
        status,
        token=token,
        visit=found,
        start=queries.at_site(found),
        site=found.site,
        service=service,
        reference=reference_of(found.pk),
        is_to_come=is_to_come,
        by_clinic=_by_clinic(found),
        can_move=is_to_come and service is not None and service.is_public,
        prepare=texts.PREPARE[bool(service and service.needs_needling)],
        **context,
    )


def _by_clinic(found: Visit) -> bool:
    """Whether the clinic took the visit away: who cancelled it by themselves needs no excuse."""
    about = getattr(found, "appointment", None)
    because = about.cancelled_because if about else ""
    return found.state == "cancelled" and bool(because) and because not in PATIENT_KNOWS


@public
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Another time: the free ones, and by one tap the visit is there."""
    found = visit_of(token)
    if found is None:
        return no_link(request)
    service = service_of(found)
    # 409 and the visit's page: it says how the visit stands, which is why it can't be moved.
    if service is None or found.state != "booked" or found.planned_at <= timezone.now():
        return _visit(request, token, found, 409)
    if request.method == "POST":
        return _moved(request, token, found, service)
    people = givers(service)
    who = request.GET.get("who", str(found.practitioner_id))
    person = chosen(people, who)
    free = queries.free_days(
        service,
        found.site,
        now=timezone.now(),
        since=day_of(request.GET.get("from", "")),
        person=person,
    )
    return page(
        request,
        "move",
        token=token,
        visit=found,
        start=queries.at_site(found),
        site=found.site,
        service=service,
        people=people,
        person=person,
        free=free,
        is_first="from" not in request.GET,
        gone="gone" in request.GET,
    )


def _moved(request: HttpRequest, token: str, found: Visit, service: Service) -> HttpResponse:
    who, _slash, minute = request.POST.get("time", "").partition("/")
    now = timezone.now()
    try:
        time = queries.time_of(service, found.site, UUID(who), minute, now)
    except ValueError:
        time = None
    try:
        # The same way out as for a time that somebody else took in this moment.
        if time is None:
            raise NotFree
        actions.move(visit=found, time=Time(service, found.site, time.person, time.start))
    except NotFree:
        if _is_there(found, who, minute):
            return redirect("booking:visit", token=token)  # tapped twice
        answer = redirect("booking:move", token=token)
        answer["Location"] += "?gone=1"
        return answer
    except MoveRefused:
        found.refresh_from_db()
        return _visit(request, token, found, 409)
    return redirect("booking:visit", token=token)


def _is_there(visit: Visit, who: str, minute: str) -> bool:
    return (who, minute) == (str(visit.practitioner_id), str(queries.minute_of(visit.planned_at)))


@public
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """A second time, and a visit that was cancelled by the clinic, say so and change nothing."""
    found = visit_of(token)
    if found is None:
        return no_link(request)
    try:
        # Begun or missed: that it was called off is the desk's to say.
        if found.planned_at <= timezone.now() and found.state == "booked":
            raise MoveRefused
        actions.cancel(visit=found)
    except MoveRefused:
        found.refresh_from_db()
        return _visit(request, token, found, 409)
    return redirect("booking:visit", token=token)


@public
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The visit for a calendar; it names the clinic and nothing about health."""
    found = visit_of(token)
    if found is None:
        return no_link(request)
    content = calendars.invitation(found, now=timezone.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return private(answer)


@of_phone
@require_safe
def mine(
    request: HttpRequest, *, device: PatientDevice, site: Site, visit_id: UUID
) -> HttpResponse:
    """From the patient's own page: a link to this visit is made, and leads there."""
    own = Visit.objects.filter(pk=visit_id, patient__in=files_of(device.patient))
    found = own.select_related("organisation", "patient").first()
    if found is None:
        raise Http404
    return redirect("booking:visit", token=make_link(visit=found))
