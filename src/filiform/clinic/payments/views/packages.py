"""The owner's page: what is sold together, and in which currency."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.payments import actions, package_actions, queries
from filiform.clinic.payments.forms import CurrencyForm, MoneyWhyForm, PackageForm
from filiform.clinic.payments.models import Package
from filiform.clinic.payments.views.serving import say_no
from filiform.clinic.web.once import made_by


@staff("manage-staff")
@require_http_methods(["GET", "POST"])
def packages(request: StaffRequest) -> HttpResponse:
    """What is sold; POST adds a package."""
    form = PackageForm(request.POST or None, currency=_currency(request))
    if request.method == "POST" and form.is_valid():
        package_actions.offer_package(by=request.user, key=made_by(request), **form.cleaned_data)
        messages.success(request, _("The package can be sold now."))
        return redirect("payments:packages")
    return _page(request, form)


@staff("manage-staff")
@require_POST
def end(request: StaffRequest, package_id: UUID) -> HttpResponse:
    rows = Package.objects.current().filter(organisation=request.user.organisation)
    package, form = rows.filter(pk=package_id).first(), MoneyWhyForm(request.POST)
    if package is None:
        raise Http404
    if form.is_valid():
        package_actions.end_package(by=request.user, package=package, **form.cleaned_data)
        messages.success(request, _("The package is no longer sold."))
    else:
        messages.error(request, _("Say why it is no longer sold."))
    return redirect("payments:packages")


@staff("manage-staff")
@require_POST
def currency(request: StaffRequest) -> HttpResponse:
    form = CurrencyForm(request.POST)
    if form.is_valid():
        answer = actions.set_currency(by=request.user, **form.cleaned_data)
        if isinstance(answer, tuple):
            say_no(request, answer)
        else:
            messages.success(request, _("Saved."))
    return redirect("payments:packages")


def _currency(request: StaffRequest) -> str:
    return queries.currency_of(request.user.organisation_id)


def _page(request: StaffRequest, form: PackageForm) -> HttpResponse:
    clinic = request.user.organisation_id
    context = {
        "packages": [
            (one, MoneyWhyForm(auto_id=f"end_{one.pk.hex}_%s")) for one in queries.packages(clinic)
        ],
        "form": form,
        "currency": _currency(request),
        "currency_form": CurrencyForm(initial={"currency": _currency(request)}),
        "fixed": queries.has_amounts(clinic),
    }
    status = 422 if form.errors else 200
    return render(request, "payments/packages.html", context, status=status)
