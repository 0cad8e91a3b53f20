"""The front desk's list: whoever goes out of the door pays with one tap."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from filiform.clinic.access.guards import StaffRequest, staff
from filiform.clinic.payments import actions, money, queries
from filiform.clinic.payments.models import Payment
from filiform.clinic.payments.views.serving import key_of, say_no
from filiform.clinic.payments.vocabulary import WAYS_IN_WORDS
from filiform.clinic.visits.access import visit_page
from filiform.clinic.visits.models import Visit


@staff("take-payments")
@require_safe
def desk(request: StaffRequest) -> HttpResponse:
    rows = queries.desk(request.user.organisation, timezone.localdate())
    open_ones = [row for row in rows if row.account.owed > 0]
    # Who has been treated and owes stands first; the others follow in the order of time.
    rest = [row for row in rows if row.account.owed <= 0]
    before = queries.still_owed(request.user.organisation, timezone.localdate())
    context = {
        "lists": [
            # An id for each button: tapped twice it pays once.
            ("", [(row, uuid4()) for row in (*open_ones, *rest)]),
            (_("From the days before"), [(row, uuid4()) for row in before]),
        ],
        "owed": sum(row.account.owed for row in (*open_ones, *before)),
        "currency": queries.currency_of(request.user.organisation_id),
        "on": timezone.localdate(),
        "ways": WAYS_IN_WORDS,
    }
    return render(request, "payments/desk.html", context)


@require_POST
@visit_page("take-payments")
def one_tap(request: StaffRequest, visit: Visit) -> HttpResponse:
    """Everything that is due for a visit, paid. The amount on the button is sent along: if it is
    another one meanwhile, nothing is taken and the list says so."""
    account = queries.account_of(visit)
    payment_id, how = key_of(request.POST.get("payment_id", "")), request.POST.get("how", "")
    # A second tap finds nothing due any more; that isn't a changed amount.
    again = Payment.objects.filter(organisation=request.user.organisation, pk=payment_id).exists()
    # Nothing due is no payment either: it would be given a receipt and its number.
    due = account.account.to_pay
    if not again and (not due or request.POST.get("amount") != str(due)):
        messages.warning(
            request, _("The amount has changed meanwhile. Nothing was taken: look again.")
        )
    elif how in WAYS_IN_WORDS:
        amount = account.account.to_pay
        answer = actions.pay(
            by=request.user, payment_id=payment_id, amount=amount, how=how, visit=visit
        )
        if isinstance(answer, tuple):
            say_no(request, answer)
        else:
            paid = money.written(answer.amount, answer.currency, get_language() or "en")
            messages.success(
                request,
                _("%(amount)s taken from %(name)s.") % {"amount": paid, "name": visit.patient.name},
            )
    return redirect("payments:desk")
