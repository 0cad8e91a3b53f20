"""The owner's page for holidays and other hours, and the list of visits to call because of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.facts.amending import ChangedMeanwhile
from filiform.clinic.frontdoor.laid_over import visits_to_call
from filiform.clinic.sending.queries import newest_about
from filiform.clinic.staff import actions, openings, queries
from filiform.clinic.staff.forms import AmendmentReasonForm
from filiform.clinic.staff.models import OpeningException, Site
from filiform.clinic.staff.opening_form import OpeningExceptionForm
from filiform.clinic.web.times import use_zone


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def holidays(request: StaffRequest, site_id: UUID) -> HttpResponse:
    """What is coming at a site, and the form for more."""
    site = _site(request, site_id)
    form = OpeningExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = _the_same(site, form) or actions.record_opening_exception(
            site=site, by=request.user, **form.cleaned_data
        )
        shown = _("Recorded. The public site shows it now.")
        messages.success(request, shown if site.is_public else _("Recorded."))
        return redirect("frontdoor:holiday", row.pk)
    now = timezone.now()
    coming = openings.coming_exceptions(site, on=timezone.localdate())
    context = {
        "site": site,
        "form": form,
        "coming": [(one, len(visits_to_call(one, now=now))) for one in coming],
    }
    return render(request, "frontdoor/holidays.html", context, status=422 if form.errors else 200)


@staff("book-visits")
@require_safe
def holiday(request: StaffRequest, exception_id: UUID) -> HttpResponse:
    """One of them, with the visits that it was laid over. The front desk calls, so it may look."""
    exception = _load(request, exception_id)
    to_call = visits_to_call(exception, now=timezone.now())
    context = {
        "exception": exception,
        "may_change": request.user.may("manage-staff"),
        "to_call": to_call,
        "told": newest_about([one.visit for one in to_call], ["laid-over"]),
    }
    return render(request, "frontdoor/holiday.html", context)


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def amend(request: StaffRequest, exception_id: UUID) -> HttpResponse:
    exception = _load(request, exception_id)
    initial = OpeningExceptionForm.values_of(exception)
    form = OpeningExceptionForm(request.POST or None, initial=initial)
    why = AmendmentReasonForm(request.POST or None)
    # A list and no `and`: both are asked, so that one answer shows what is wrong in both.
    if request.method == "POST" and all([form.is_valid(), why.is_valid()]):
        try:
            row = actions.amend_opening_exception(
                exception=exception, by=request.user, **why.cleaned_data, **form.cleaned_data
            )
        except ChangedMeanwhile:
            return _changed_meanwhile(request, exception.site_id)
        messages.success(request, _("Amended. The former entry stays in the history."))
        return redirect("frontdoor:holiday", row.pk)
    return _page(request, exception, why, form)


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def void(request: StaffRequest, exception_id: UUID) -> HttpResponse:
    exception = _load(request, exception_id)
    why = AmendmentReasonForm(request.POST or None)
    if request.method == "POST" and why.is_valid():
        try:
            actions.void_opening_exception(exception=exception, by=request.user, **why.cleaned_data)
        except ChangedMeanwhile:
            return _changed_meanwhile(request, exception.site_id)
        messages.success(request, _("Withdrawn: the weekly hours apply again."))
        return redirect("frontdoor:holidays", exception.site_id)
    return _page(request, exception, why, None)


def _site(request: StaffRequest, site_id: UUID) -> Site:
    site = queries.sites(request.user.organisation).filter(pk=site_id).first()
    if site is None:
        raise Http404
    use_zone(site.time_zone)
    return site


def _load(request: StaffRequest, exception_id: UUID) -> OpeningException:
    exception = openings.exception_in(request.user.organisation, exception_id)
    if exception is None:
        raise Http404
    use_zone(exception.site.time_zone)
    return exception


def _the_same(site: Site, form: OpeningExceptionForm) -> OpeningException | None:
    """The very same entry, current: a form that was sent twice."""
    rows = OpeningException.objects.current().filter(site=site, **form.cleaned_data)
    return rows.first()


def _changed_meanwhile(request: StaffRequest, site_id: UUID) -> HttpResponse:
    messages.error(request, _("Somebody changed it meanwhile. This is what it is now."))
    return redirect("frontdoor:holidays", site_id)


def _page(
    request: StaffRequest,
    exception: OpeningException,
    why: AmendmentReasonForm,
    form: OpeningExceptionForm | None,
) -> HttpResponse:
    refused = bool(why.errors or (form is not None and form.errors))
    context = {"exception": exception, "form": form, "why": why}
    return render(request, "frontdoor/holiday_change.html", context, status=422 if refused else 200)
