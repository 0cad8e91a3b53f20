"""Amounts, ways and reasons as people type them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.clinic.payments import money
from filiform.clinic.payments.vocabulary import WAYS
from filiform.clinic.web.widgets import Chips
from filiform.times import plain_digits


class AmountField(forms.CharField):
    """An amount in the clinic's currency, typed in any digits; cleaned to the smallest unit."""

    def __init__(self, *, may_be_nothing: bool = False, **options: Any) -> None:
        self.currency = money.USUAL
        self.may_be_nothing = may_be_nothing
        widget = forms.TextInput({"inputmode": "decimal", "class": "short", "dir": "ltr"})
        super().__init__(**{"widget": widget, "max_length": 20, "label": _("Amount"), **options})

    def clean(self, value: Any) -> int:
        text = str(super().clean(value))
        # Only where it says so: a payment of nothing would take a receipt's number.
        if self.may_be_nothing and plain_digits(text) == "0":
            return 0
        try:
            return money.read(text, self.currency)
        except money.NotMoney as error:
            example = money.written(2500 * 10 ** money.currency(self.currency).digits,
                                    self.currency, get_language() or "en")  # fmt: skip
            raise ValidationError(
                _("“%(text)s” is not an amount that we can read. Write it like %(example)s."),
                params={"text": text, "example": example},
            ) from error

    def prepare_value(self, value: Any) -> Any:
        return money.typed(value, self.currency) if isinstance(value, int) else value


class MoneyForm(forms.Form):
    """A form whose amounts are in one currency."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            if isinstance(one, AmountField):
                one.currency = currency
                unit = money.currency(currency).name.in_language(get_language() or "en")
                one.label = f"{one.label} ({unit})"  # a form lives as long as its page


def why_field() -> forms.CharField:
    return forms.CharField(label=_("Why?"), max_length=300)


class PayForm(MoneyForm):
    payment_id = forms.UUIDField(widget=forms.HiddenInput)
    amount = AmountField()
    how = forms.ChoiceField(label=_("How?"), choices=WAYS, widget=Chips, initial="cash")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # New for each page; a refused form comes back with the one that it was sent with.
        initial = {"payment_id": uuid4(), **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)


class RefundForm(PayForm):
    why = why_field()


class CorrectForm(MoneyForm):
    amount = AmountField()
    how = forms.ChoiceField(label=_("How?"), choices=WAYS, widget=Chips)
    why = why_field()


class MoneyWhyForm(forms.Form):
    why = why_field()


class PriceForm(MoneyForm):
    amount = AmountField(may_be_nothing=True, label=_("Price"), help_text=_("Enter 0 to waive it."))
    why = why_field()


class CashForm(MoneyForm):
    counted = AmountField(may_be_nothing=True, label=_("Cash counted"))


class PackageForm(MoneyForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    name_ur = forms.CharField(
        label=_("Name in Urdu"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"dir": "rtl", "lang": "ur"}),
    )
    visits = forms.IntegerField(
        label=_("Visits"),
        min_value=2,
        max_value=60,
        widget=forms.NumberInput({"class": "short", "inputmode": "numeric"}),
    )
    price = AmountField(label=_("Price of all together"))
    valid_days = forms.IntegerField(
        label=_("Valid for (days)"),
        min_value=7,
        max_value=730,
        initial=180,
        widget=forms.NumberInput({"class": "short", "inputmode": "numeric"}),
    )


class CurrencyForm(forms.Form):
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in money.CURRENCIES], widget=Chips
    )
