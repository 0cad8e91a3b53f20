"""Addresses of calendars: made, shown once, closed; and what calendar programs read there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, public, staff
from filiform.clinic.diary import calendar_actions, calendars
from filiform.clinic.diary.models import CalendarFeed
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit
from filiform.clinic.visits.queries import practitioners

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


@staff("see-clinical")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def addresses(request: StaffRequest) -> HttpResponse:
    """Whose calendars have an address. Practitioners make their own; whether names stand in one is
    the owner's to say."""
    may_name = request.user.may("manage-staff")
    people = _whose(request.user)
    # Shown in this very answer and not after a redirect: it is kept nowhere to be shown again.
    made, status = "", 200
    if request.method == "POST":
        chosen = next((one for one in people if str(one.pk) == request.POST.get("member")), None)
        if chosen is None:
            messages.error(request, _("Choose whose calendar it is."))
            status = 422
        else:
            with_names = may_name and request.POST.get("with_names") == "on"
            _feed, key = calendar_actions.make_feed(
                by=request.user, member=chosen, with_names=with_names
            )
            made = request.build_absolute_uri(reverse("diary:feed", args=[key]))
    feeds = CalendarFeed.objects.filter(member__in=people, revoked_at__isnull=True)
    context = {
        "people": people,
        "may_name": may_name,
        "made": made,
        "feeds": feeds.select_related("member").order_by("member__name", "made_at"),
    }
    return render(request, "diary/calendar.html", context, status=status)


def _whose(user: Member) -> list[Member]:
    everybody = practitioners(user.organisation)
    return everybody if user.may("manage-staff") else [one for one in everybody if one == user]


@staff("see-clinical")
@require_POST
def revoke(request: StaffRequest, feed_id: UUID) -> HttpResponse:
    people = _whose(request.user)
    row = CalendarFeed.objects.filter(pk=feed_id, member__in=people).first()
    if row is None:
        raise Http404
    calendar_actions.revoke_feed(by=request.user, feed=row)
    messages.success(request, _("Closed. Calendars that read it get nothing from now on."))
    return redirect("diary:calendar")


@public
@require_safe
@never_cache
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """What a calendar program reads; it can't sign in, so the address is the secret."""
    row = calendars.feed_of(key)
    if row is None:
        raise Http404
    with translation.override(row.member.language):
        content = calendars.feed(row, now=timezone.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    # Should the address stand on some page, no search engine lists what is behind it.
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
@visit_page("book-visits")
def invitation_file(request: StaffRequest, visit: Visit) -> HttpResponse:
    """The file for one visit, for a patient who asks at the desk."""
    content = calendars.invitation(visit, now=timezone.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return answer
