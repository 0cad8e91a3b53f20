"""What a patient has paid and owes, and their packages."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.patients.access import patient_page
from filiform.clinic.patients.models import Patient
from filiform.clinic.payments import actions, package_actions, queries
from filiform.clinic.payments.forms import MoneyWhyForm, PayForm
from filiform.clinic.payments.models import Package
from filiform.clinic.payments.views.serving import key_of, sale_or_404, say_no, site_of
from filiform.letters import whole_number


@require_safe
@patient_page("see-owed", saw_what="account")
def account(request: StaffRequest, patient: Patient) -> HttpResponse:
    return _page(request, patient)


@require_POST
@patient_page("take-payments")
def sell(request: StaffRequest, patient: Patient) -> HttpResponse:
    rows = Package.objects.current().filter(organisation=request.user.organisation)
    package = rows.filter(pk=key_of(request.POST.get("package", ""))).first()
    if package is None:
        raise Http404
    sale = package_actions.sell(
        by=request.user,
        patient=patient,
        package=package,
        site=site_of(request),
        sale_id=key_of(request.POST.get("sale_id", "")),
    )
    messages.success(request, _("The package is sold. It is paid below."))
    return redirect("payments:sale", sale.pk)


@staff("take-payments")
@require_safe
def sale(request: StaffRequest, sale_id: UUID) -> HttpResponse:
    return _sale_page(request, sale_id)


@staff("take-payments")
@require_POST
def pay_sale(request: StaffRequest, sale_id: UUID) -> HttpResponse:
    found = sale_or_404(request, sale_id)
    form = PayForm(request.POST, currency=found.currency)
    if not form.is_valid():
        return _sale_page(request, sale_id, pay_form=form)
    answer = actions.pay(by=request.user, sale=found, **form.cleaned_data)
    if isinstance(answer, tuple):
        say_no(request, answer)
    else:
        messages.success(request, _("The payment is recorded."))
    return redirect("payments:sale", found.pk)


@staff("take-payments")
@require_POST
def undo_sale(request: StaffRequest, sale_id: UUID) -> HttpResponse:
    found = sale_or_404(request, sale_id)
    form = MoneyWhyForm(request.POST, auto_id="undo_%s")
    if not form.is_valid():
        return _sale_page(request, sale_id, undo_form=form)
    refused = package_actions.undo_sale(by=request.user, sale=found, **form.cleaned_data)
    if refused:
        say_no(request, refused)
        return redirect("payments:sale", found.pk)
    messages.success(request, _("The sale is undone."))
    return redirect("payments:account", found.patient_id)


def _sale_page(request: StaffRequest, sale_id: UUID, **forms: Any) -> HttpResponse:
    found = sale_or_404(request, sale_id)
    bought = queries.sale_account(found)
    context = {
        "found": bought,
        "sale": found,
        "patient": found.patient,
        "currency": found.currency,
        "payments": queries.payments_of(sale=found),
        "pay_form": PayForm(
            currency=found.currency, initial={"amount": bought.account.to_pay or None}
        ),
        "undo_form": MoneyWhyForm(auto_id="undo_%s"),
        **forms,
    }
    return render(request, "payments/sale.html", context, status=422 if forms else 200)


def _page(request: StaffRequest, patient: Patient) -> HttpResponse:
    page = whole_number(request.GET.get("page", ""), digits=4) or 1
    visits, older = queries.account_page(patient, page=page)
    sales = queries.sales_of(patient)
    now = timezone.now()
    context = {
        "patient": patient,
        "visits": visits,
        "newer_page": page - 1,
        "older_page": page + 1 if older else 0,
        # By the day of the site that sold it.
        "sales": [(one, one.sale.expires_on < queries.day_at(one.sale.site, now)) for one in sales],
        "balance": queries.balance_of(patient),
        "currency": queries.currency_of(request.user.organisation_id),
        "packages": [(one, uuid4()) for one in queries.packages(request.user.organisation_id)],
    }
    return render(request, "payments/account.html", context)
