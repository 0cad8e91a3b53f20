"""One payment: given back, corrected, voided; and its receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.documents.answers import pdf_page
from filiform.clinic.payments import actions, queries
from filiform.clinic.payments.forms import CorrectForm, MoneyWhyForm, RefundForm
from filiform.clinic.payments.models import Payment
from filiform.clinic.payments.receipt import receipt_values
from filiform.clinic.payments.views.serving import payment_or_404, say_no


@staff("take-payments")
@require_safe
def payment(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    return _page(request, payment_or_404(request, payment_id))


@staff("take-payments")
@require_POST
def refund(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    found = payment_or_404(request, payment_id)
    form = RefundForm(request.POST, currency=found.currency, auto_id="refund_%s")
    if not form.is_valid():
        return _page(request, found, refund_form=form)
    data = form.cleaned_data
    answer = actions.refund(by=request.user, payment=found, **data)
    return _after(request, found, answer, _("The refund is recorded, with a receipt of its own."))


@staff("take-payments")
@require_POST
def correct(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    found = payment_or_404(request, payment_id)
    form = CorrectForm(request.POST, currency=found.currency, auto_id="correct_%s")
    if not form.is_valid():
        return _page(request, found, correct_form=form)
    answer = actions.correct(by=request.user, payment=found, **form.cleaned_data)
    return _after(request, found, answer, _("The payment is corrected; the former entry stays."))


@staff("take-payments")
@require_POST
def void(request: StaffRequest, payment_id: UUID) -> HttpResponse:
    found = payment_or_404(request, payment_id)
    form = MoneyWhyForm(request.POST, auto_id="void_%s")
    if not form.is_valid():
        return _page(request, found, void_form=form)
    answer = actions.void(by=request.user, payment=found, **form.cleaned_data)
    return _after(request, found, answer, _("The payment is void. Its receipt says so."))


@staff("take-payments")
@require_safe
def receipt(request: StaffRequest, receipt_id: UUID) -> HttpResponse:
    """The paper, in the patient's language; `?language=` asks for the other one."""
    found = queries.receipt_in(request.user.organisation_id, receipt_id)
    if found is None:
        raise Http404
    asked = request.GET.get("language", "") or found.patient.language
    language = "ur" if asked == "ur" else "en"
    with override(language):
        values, name = receipt_values(found, by=request.user)
    return pdf_page(
        request,
        "payments/papers/receipt.typ",
        values,
        name=name,
        saw_what="receipt",
        patient=found.patient_id,
        language=language,
        subject=found,
    )


def _after(request: StaffRequest, found: Payment, answer: Any, said: str) -> HttpResponse:
    if isinstance(answer, tuple) and answer:
        say_no(request, answer)
    else:
        messages.success(request, said)
    if found.visit_id:
        return redirect("payments:visit", found.visit_id)
    return redirect("payments:account", found.patient_id)


def _page(request: StaffRequest, found: Payment, **forms: Any) -> HttpResponse:
    back = queries.refunded(found.origin)
    now = {"amount": found.amount, "how": found.how}
    currency = found.currency
    context = {
        "payment": found,
        "patient": found.patient,
        "back": back,
        "left": found.amount - back,
        "refund_form": RefundForm(
            currency=currency,
            initial={**now, "amount": found.amount - back},
            auto_id="refund_%s",
        ),
        "correct_form": CorrectForm(currency=currency, initial=now, auto_id="correct_%s"),
        "void_form": MoneyWhyForm(auto_id="void_%s"),
        **forms,
    }
    return render(request, "payments/payment.html", context, status=422 if forms else 200)
