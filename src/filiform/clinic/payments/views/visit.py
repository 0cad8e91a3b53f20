"""The money of one visit: price, payments, package."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest
from filiform.clinic.payments import actions, package_actions, queries
from filiform.clinic.payments.forms import MoneyWhyForm, PayForm, PriceForm
from filiform.clinic.payments.views.serving import key_of, sale_or_404, say_no
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit


@require_safe
@visit_page("see-owed", saw_what="visit-payment")
def visit_money(request: StaffRequest, visit: Visit) -> HttpResponse:
    return _page(request, visit)


@require_POST
@visit_page("take-payments")
def pay(request: StaffRequest, visit: Visit) -> HttpResponse:
    form = PayForm(request.POST, currency=_currency(visit))
    if not form.is_valid():
        return _page(request, visit, pay_form=form)
    answer = actions.pay(by=request.user, visit=visit, **form.cleaned_data)
    return _after(request, visit, answer, _("The payment is recorded."))


@require_POST
@visit_page("take-payments")
def price(request: StaffRequest, visit: Visit) -> HttpResponse:
    form = PriceForm(request.POST, currency=_currency(visit), auto_id="price_%s")
    if not form.is_valid():
        return _page(request, visit, price_form=form)
    answer = actions.set_price(by=request.user, visit=visit, **form.cleaned_data)
    return _after(request, visit, answer, _("The price is changed."))


@require_POST
@visit_page("take-payments")
def use_package(request: StaffRequest, visit: Visit) -> HttpResponse:
    sale = sale_or_404(request, key_of(request.POST.get("sale", "")))
    if sale.pk not in [one.sale.pk for one in queries.sales_of(visit.patient)]:
        # Another patient's package pays for nobody else. No sale has this id, so it is answered
        # like one that is not there.
        sale = sale_or_404(request, UUID(int=0))
    answer = package_actions.use_package(by=request.user, visit=visit, sale=sale)
    return _after(request, visit, answer, _("This visit is one of the package."))


@require_POST
@visit_page("take-payments")
def give_back_use(request: StaffRequest, visit: Visit) -> HttpResponse:
    form = MoneyWhyForm(request.POST, auto_id="use_%s")
    if not form.is_valid():
        return _page(request, visit, use_form=form)
    answer = package_actions.give_back_use(by=request.user, visit=visit, **form.cleaned_data)
    return _after(request, visit, answer, _("The package has one more visit left."))


def _currency(visit: Visit) -> str:
    return queries.currency_of(visit.organisation_id)


def _after(request: StaffRequest, visit: Visit, answer: Any, said: str) -> HttpResponse:
    if isinstance(answer, tuple) and answer:
        say_no(request, answer)
    else:
        messages.success(request, said)
    return redirect("payments:visit", visit.pk)


def _page(request: StaffRequest, visit: Visit, **forms: Any) -> HttpResponse:
    found = queries.account_of(visit)
    currency = found.currency
    day = queries.day_at(visit.site, visit.planned_at)
    pays = {"amount": found.account.to_pay or None}
    context = {
        "visit": visit,
        "patient": visit.patient,
        "found": found,
        "currency": currency,
        "payments": queries.payments_of(visit=visit),
        "sales": [] if found.account.covered else queries.usable_sales(visit, day),
        "pay_form": PayForm(currency=currency, initial=pays),
        "price_form": PriceForm(currency=currency, auto_id="price_%s"),
        "use_form": MoneyWhyForm(auto_id="use_%s"),
        **forms,
    }
    return render(request, "payments/visit.html", context, status=422 if forms else 200)
