"""Amounts: whole units, read as people type them, told as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from tests.tables import check_each

from filiform.clinic.payments import money
from filiform.clinic.payments.forms import AmountField
from filiform.clinic.payments.ledger import Bill, balance

TYPED = {
    "2500": 250000,
    "2,500": 250000,
    "۲٬۵۰۰": 250000,
    " 1 000 ": 100000,
    "0": None,
    "-5": None,
    "1,00,000": 10000000,
    "12.50": None,  # nobody pays paisa
    "12,50": None,  # not twelve hundred and fifty
    "2,5000": None,
    "1e3": None,
    "": None,
    "99999999999999": None,
    "=1+1": None,
}


def test_rupees_are_read_in_any_digits_and_nothing_else_is_taken_for_an_amount() -> None:
    def check(text: str) -> None:
        if TYPED[text] is None:
            with pytest.raises(money.NotMoney):
                money.read(text, "PKR")
        else:
            assert money.read(text, "PKR") == TYPED[text]

    check_each(TYPED, check)


@given(st.integers(1, 10**9), st.sampled_from(sorted(money.CURRENCIES)))
def test_what_a_field_shows_is_read_as_the_same_amount(whole: int, code: str) -> None:
    of = money.currency(code)
    amount = whole * 10 ** (of.digits - of.shown)
    assert money.read(money.typed(amount, code), code) == amount
    assert money.smallest(Decimal(amount).scaleb(-of.digits), code) == amount


def test_an_amount_is_told_without_paisa_and_in_both_languages() -> None:
    assert money.written(250000, "PKR", "en") == "Rs 2,500"
    assert money.written(250000, "PKR", "ur") == "2,500 روپے"
    assert money.written(-1250, "EUR", "en") == "−€ 12.50"


def test_what_was_paid_ahead_does_not_pay_for_another_visit() -> None:
    done, coming = Bill("done", 100, 0), Bill("coming", 100, 100, is_due=False)
    found = balance([done, coming, Bill("covered", 100, covered=True)])
    assert (found.owed, found.ahead, found.net) == (100, 100, 0)


def test_a_price_finer_than_the_currencys_smallest_unit_is_no_money() -> None:
    assert money.smallest(Decimal("0.125"), "KWD") == 125
    with pytest.raises(money.NotMoney, match=r"0\.125"):
        money.smallest(Decimal("0.125"), "PKR")


def test_a_visit_can_be_paid_ahead_and_never_twice() -> None:
    coming = Bill("coming", 100, 30, is_due=False)
    assert (coming.owed, coming.to_pay) == (-30, 70)
    for paid in (Bill("paid", 100, 100), Bill("covered", 100, covered=True), Bill("free", None)):
        assert paid.to_pay == 0, paid.key
    assert Bill("too much", 100, 120).to_pay == 0


def test_a_price_is_waived_in_any_digits_and_no_payment_is() -> None:
    for zero in ("0", "۰", "٠", " 0 "):
        assert AmountField(may_be_nothing=True).clean(zero) == 0
        with pytest.raises(ValidationError):
            AmountField().clean(zero)
