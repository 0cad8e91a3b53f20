"""What a receipt says, in the language that is switched on: who paid what, for which service, to
whom. Nothing clinical."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.documents.heads import head_of
from filiform.clinic.payments import money, queries
from filiform.clinic.payments.vocabulary import WAYS_IN_WORDS
from filiform.clinic.web.phones import readable
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import at_site, written

if TYPE_CHECKING:
    from filiform.clinic.payments.models import Payment, PaymentReceipt
    from filiform.clinic.staff.models import Member


def receipt_values(receipt: PaymentReceipt, *, by: Member) -> tuple[dict[str, Any], str]:
    """For `papers/receipt.typ`, and the file's name. A corrected payment is told as it is now, a
    voided one as void: the number is the same paper's."""
    payment = queries.as_it_is_now(receipt)
    number = f"{receipt.year}/{receipt.number:05}"
    is_refund = payment.kind == "refund"
    title = _("Receipt for a refund") if is_refund else _("Receipt")
    site = receipt.site
    values = {
        "head": head_of(
            title=title,
            organisation=site.organisation,
            name=receipt.patient.name,
            file=receipt.patient.file_number,
            by=by,
        ),
        "void": _("Void: this payment was not taken.") if payment.is_void else "",
        "corrected": _("Corrected: takes the place of the former paper with this number.")
        if payment.replaces_id and not payment.is_void
        else "",
        "amount": money.written(payment.amount, payment.currency, get_language() or "en"),
        "facts": [
            [_("Number"), number],
            [_("Day"), written(payment.taken_on, "j F Y")],
            [_("Given back to") if is_refund else _("Received from"), receipt.patient.name],
            [_("For"), _what(payment)],
            [_("How"), str(WAYS_IN_WORDS[payment.how])],
            [_("Taken by"), local_name(payment.taken_by)],
        ],
        "from": [
            local_name(site.organisation),
            local_name(site),
            local_name(site, "address"),
            readable(site.phone),
        ],
    }
    return values, f"{receipt.patient.file_number}-{receipt.year}-{receipt.number:05}"


def _what(payment: Payment) -> str:
    if payment.sale is not None:
        package = local_name(payment.sale.package)
        return _("%(package)s (%(visits)s visits)") % {
            "package": package,
            "visits": payment.sale.visits,
        }
    found = queries.account_of(payment.visit) if payment.visit else None
    service = found.service.in_language(get_language() or "en") if found and found.service else ""
    seen = payment.visit
    day = written(at_site(seen.planned_at, seen.site_id), "j F Y") if seen else ""
    named = {"service": service or _("Visit"), "day": day}
    return _("%(service)s on %(day)s") % named
