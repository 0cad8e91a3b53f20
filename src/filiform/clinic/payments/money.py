"""Amounts of money: whole numbers of a currency's smallest unit. Pure; no Django.

A float can't hold a tenth of a rupee, and two sums of the same payments must be equal to the last
unit. Digits after the point by ISO 4217; how many are shown is ours: nobody in Pakistan pays paisa.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from filiform.words import Words

LARGEST = 10**12
"""Of one amount, in the smallest unit: far above any clinic's year, far below what a column holds
(a design value)."""
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "01234567890123456789.")


class CurrencyUnit(NamedTuple):
    """digits: after the point, by ISO 4217. shown: of them on pages and papers."""

    code: str
    digits: int
    shown: int
    name: Words


CURRENCIES = {
    one.code: one
    for one in (
        CurrencyUnit("PKR", 2, 0, Words("Rs", "روپے")),
        CurrencyUnit("AED", 2, 2, Words("AED", "درہم")),
        CurrencyUnit("AFN", 2, 0, Words("AFN", "افغانی")),
        CurrencyUnit("BDT", 2, 2, Words("BDT", "ٹکا")),
        CurrencyUnit("EUR", 2, 2, Words("€", "یورو")),
        CurrencyUnit("GBP", 2, 2, Words("£", "پاؤنڈ")),
        CurrencyUnit("INR", 2, 2, Words("₹", "بھارتی روپے")),
        CurrencyUnit("KWD", 3, 3, Words("KWD", "کویتی دینار")),
        CurrencyUnit("SAR", 2, 2, Words("SAR", "ریال")),
        CurrencyUnit("USD", 2, 2, Words("$", "ڈالر")),
    )
}
USUAL = "PKR"


class NotMoney(ValueError):
    """Text that is no amount of this currency."""


def currency(code: str) -> CurrencyUnit:
    """Raises KeyError for one that we don't know."""
    return CURRENCIES[code]


def smallest(amount: Decimal, code: str) -> int:
    """An amount in the smallest unit. Raises NotMoney for parts finer than that."""
    # Decimal throughout: it moves the point and rounds nothing.
    scaled = amount.scaleb(currency(code).digits)
    if scaled != scaled.to_integral_value():
        raise NotMoney(str(amount))
    return int(scaled)


def read(text: str, code: str) -> int:
    """What somebody typed ("2,500", "۲۵۰۰", "12.50") in the smallest unit, above 0.

    Raises NotMoney for anything else: for more digits after the point than are shown, too, since
    an amount that no page shows whole would be wrong on every one; and for "12,50", which is a
    hundred times as much where the comma parts thousands.
    """
    groups = re.split(r"[,،٬]", text.translate(_DIGITS).split(".")[0].strip())
    # 1,00,000 is how a hundred thousand is written here: two digits are right but at the end.
    if len(groups) > 1 and not re.fullmatch(r"\d{1,3}( \d{2,3})* \d{3}", " ".join(groups)):
        raise NotMoney(text)
    plain = re.sub(r"[,،٬\s]", "", text.translate(_DIGITS))
    shown = currency(code).shown
    # No amount up to LARGEST has more digits.
    pattern = r"\d{1,13}" + (rf"(\.\d{{1,{shown}}})?" if shown else "")
    if not re.fullmatch(pattern, plain):
        raise NotMoney(text)
    amount = smallest(Decimal(plain), code)
    if not 0 < amount <= LARGEST:
        raise NotMoney(text)
    return amount


def typed(amount: int, code: str) -> str:
    """As `read` takes it: for a field that is filled in, and for a table of another program."""
    of = currency(code)
    return f"{Decimal(amount).scaleb(-of.digits):.{of.shown}f}"


def written(amount: int, code: str, language: str) -> str:
    """ "Rs 2,500" or "2,500 روپے"; a minus where it is owed the other way."""
    of = currency(code)
    number = f"{Decimal(abs(amount)).scaleb(-of.digits):,.{of.shown}f}"
    # In front of all else: "Rs -500" is read past at a till.
    minus = "−" if amount < 0 else ""
    if language.startswith("ur"):
        return f"{minus}{number} {of.name.ur}"
    return f"{minus}{of.name.en} {number}"
