"""Rates, charts and the yearly report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.assessment.forms.period import PeriodForm
from filiform.clinic.documents.answers import pdf_answer
from filiform.clinic.documents.making import pdf
from filiform.clinic.events.counting import HIGH, WIDE, count
from filiform.clinic.events.yearly import report_values
from filiform.letters import whole_number


@staff("see-clinical")
@require_safe
def rates(request: StaffRequest) -> HttpResponse:
    form = PeriodForm(request.GET)
    days = form.days()
    counted = count(request.user.organisation, *days) if days else None
    context: dict[str, Any] = {
        "form": form,
        "counted": counted,
        "years": _years(),
        "wide": WIDE,
        "high": HIGH,
    }
    return render(request, "events/rates.html", context, status=200 if counted else 422)


def _years() -> list[int]:
    this = timezone.localdate().year
    return [this, this - 1, this - 2]


@staff("see-clinical")
@require_safe
def yearly(request: StaffRequest) -> HttpResponse:
    """The safety report of one year; of this one until today."""
    today = timezone.localdate()
    asked = whole_number(request.GET.get("year", ""), digits=4) or today.year
    # A year in an address may be any.
    year = min(max(asked, 2000), today.year)
    last = min(date(year, 12, 31), today)
    counted = count(request.user.organisation, date(year, 1, 1), last)
    language = "ur" if request.LANGUAGE_CODE.startswith("ur") else "en"
    made = pdf("events/papers/yearly.typ", report_values(counted, by=request.user), language)
    return pdf_answer(made, f"safety-{year}")  # about nobody: no opening is noted
