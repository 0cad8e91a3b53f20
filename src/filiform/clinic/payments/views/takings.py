"""What came in on a day, the till counted against it, and the file for the accountant."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.payments import actions, queries, till
from filiform.clinic.payments.export import csv_file
from filiform.clinic.payments.forms import CashForm
from filiform.clinic.payments.views.serving import site_of
from filiform.clinic.staff.models import Site
from filiform.clinic.staff.queries import sites
from filiform.clinic.web.fields import day_asked
from filiform.clinic.web.once import once_of


@staff("take-payments")
@require_safe
def takings(request: StaffRequest) -> HttpResponse:
    return _page(request)


@staff("take-payments")
@require_POST
def count(request: StaffRequest) -> HttpResponse:
    site = site_of(request)
    day = _day(request.POST.get("day", ""), site)
    form = CashForm(request.POST, currency=queries.currency_of(request.user.organisation_id))
    if not form.is_valid():
        return _page(request, form)
    actions.count_cash(
        by=request.user, site=site, day=day, count_id=once_of(request), **form.cleaned_data
    )
    messages.success(request, _("The till is counted."))
    return redirect(f"{reverse('payments:takings')}?day={day}&site={site.pk}")


@staff("take-payments")
@require_safe
def export(request: StaffRequest) -> HttpResponse:
    """Payments of a period as CSV, with `first` and `last`; today's without them."""
    first, last = (_day(request.GET.get(name, ""), site_of(request)) for name in ("first", "last"))
    wanted = till.payments_between(request.user.organisation_id, first, max(first, last))
    rows = list(wanted[: till.EXPORTED + 1])
    if len(rows) > till.EXPORTED:
        # A file shows nothing of what it lacks: half a period would be booked as a whole one.
        messages.error(
            request,
            _("More than %(most)s payments lie in this period. Choose a shorter one.")
            % {"most": f"{till.EXPORTED:,}"},
        )
        return redirect("payments:takings")
    response = HttpResponse(csv_file(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="payments-{first}-{last}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _day(text: str, site: Site) -> date:
    """The day asked for; else today on the site's wall, as each payment was dated."""
    return day_asked(text) or queries.day_at(site, timezone.now())


def _page(request: StaffRequest, form: CashForm | None = None) -> HttpResponse:
    asked = request.POST if form else request.GET
    site = site_of(request)
    day = _day(asked.get("day", ""), site)
    currency = queries.currency_of(request.user.organisation_id)
    found = till.takings(site, day)
    context = {
        "site": site,
        "sites": list(sites(request.user.organisation)),
        "day": day,
        "found": found,
        "receipts": till.receipts_for(found.payments),
        "currency": currency,
        "counts": [(one, one.counted - one.expected) for one in till.counts_of(site, day)],
        "form": form or CashForm(currency=currency),
        # A file for the accountant begins with the month, unless another day is chosen.
        "month": day.replace(day=1),
    }
    return render(request, "payments/takings.html", context, status=422 if form else 200)
