"""Payments as a table for other programs. No clinical word stands in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from filiform.clinic.payments import money, till
from filiform.clinic.payments.models import Payment

COLUMNS = (
    "day", "site", "receipt", "kind", "amount", "currency", "how", "taken_by", "file_number",
    "patient", "for", "why",
)  # fmt: skip
# How a formula begins for one spreadsheet or another, blanks before it included.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_file(payments: list[Payment]) -> str:
    """With a byte order mark, without which a spreadsheet takes Urdu for something else."""
    receipts = till.receipts_for(payments)
    services = till.services_of(one.visit_id for one in payments if one.visit_id)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in payments:
        receipt = receipts.get(one.origin)
        # By the origin: a corrected payment has the paper of the first.
        number = f"{receipt.year}/{receipt.number}" if receipt else ""
        what = one.sale.package.name if one.sale else services.get(one.visit_id or one.pk, "")
        amount = money.typed(one.signed, one.currency)
        told = (
            one.taken_on.isoformat(), one.site.name, number, one.kind, amount, one.currency,
            one.how, one.taken_by.name, one.patient.file_number, one.patient.name, what, one.why,
        )  # fmt: skip
        writer.writerow(_safe(told, numbers={COLUMNS.index("amount")}))
    return out.getvalue()


def _safe(cells: Iterable[str], numbers: set[int]) -> list[str]:
    """What people typed must not be run by a spreadsheet: a cell that begins like a formula gets an
    apostrophe. Amounts are ours, and a minus before one is a minus."""
    return [
        f"'{cell}" if at not in numbers and cell.startswith(DANGEROUS) else cell
        for at, cell in enumerate(cells)
    ]
