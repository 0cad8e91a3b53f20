"""What is entered about supplies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.staff.models import Member, Site
from filiform.clinic.supplies.models import Lot, NeedleProduct
from filiform.clinic.supplies.queries import size_of
from filiform.clinic.supplies.refusing import size_text
from filiform.clinic.supplies.scanning import NotACode, readings
from filiform.clinic.supplies.vocabulary import DEPTHS, DIAMETER_MM, HOW_TOLD, LENGTH_MM
from filiform.clinic.web.fields import ClockField, DayField, field_of
from filiform.clinic.web.templatetags.filiform import isolated, local_name
from filiform.clinic.web.times import written
from filiform.clinic.web.widgets import Chips, Day

MOST = 9999
"""Packs in one receipt or on one shelf; more is a slip (design value)."""


def _whole(label: Any, low: int, high: int, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "count", "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=low, max_value=high, widget=widget, **options)


class ProductForm(forms.Form):
    gtin = forms.CharField(
        label=_("Number under the barcode (GTIN), or scan it"), max_length=200, required=False
    )
    brand = forms.CharField(label=_("Brand"), max_length=80)
    diameter_mm = forms.FloatField(
        label=_("Diameter, mm"), min_value=DIAMETER_MM[0], max_value=DIAMETER_MM[1]
    )
    length_mm = forms.FloatField(
        label=_("Length, mm"), min_value=LENGTH_MM[0], max_value=LENGTH_MM[1]
    )
    needles_per_pack = _whole(_("Needles in one pack"), 1, 100, initial=1)
    reorder_at = _whole(_("Reorder when this many packs are left"), 0, MOST, initial=20)
    coating = forms.CharField(label=_("Coating"), max_length=40, required=False)
    handle = forms.CharField(label=_("Handle"), max_length=40, required=False)
    supplier = forms.CharField(label=_("Supplier"), max_length=120, required=False)
    supplier_phone = forms.CharField(label=_("Supplier's phone"), max_length=20, required=False)

    def clean_gtin(self) -> str:
        text = self.cleaned_data["gtin"].strip()
        if not text:
            return ""
        try:
            # The product number is the same in every reading of a code, only the lot may not be.
            return readings(text)[0].gtin
        except NotACode:
            raise ValidationError(
                _("“%(got)s” is not a product number: 8, 12, 13 or 14 digits, the last a check."),
                params={"got": text[:40]},
            ) from None


class ProductChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no parameter at run time
    def label_from_instance(self, product: Any) -> str:
        return isolated(f"{size_text(size_of(product))} · {product.brand}")


class SupplySiteChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # no parameter at run time
    def label_from_instance(self, site: Any) -> str:
        return local_name(site)


class SupplySiteForm(forms.Form):
    """Asks at which site, where there are several."""

    site = SupplySiteChoice(
        label=_("Site"), queryset=Site.objects.none(), widget=Chips, empty_label=None
    )

    def __init__(self, *args: Any, by: Member, **options: Any) -> None:
        super().__init__(*args, **options)
        sites = Site.objects.filter(organisation=by.organisation_id).order_by("pk")
        field = field_of(self, "site", SupplySiteChoice)
        field.queryset = sites
        # With one site there is nothing to ask.
        if len(sites) == 1:
            field.widget, field.initial = forms.HiddenInput(), sites[0].pk


class ReceiptForm(SupplySiteForm):
    move_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    scan = forms.CharField(
        label=_("Scan a pack, or type the line under the code"), max_length=200, required=False
    )
    product = ProductChoice(label=_("Needle"), queryset=NeedleProduct.objects.none())
    number = forms.CharField(label=_("Lot"), max_length=40)
    expires_on = DayField(label=_("Expires on"), widget=Day)
    packs = _whole(_("Packs"), 1, MOST)

    def __init__(self, *args: Any, by: Member, **options: Any) -> None:
        super().__init__(*args, by=by, **options)
        products = field_of(self, "product", ProductChoice)
        products.empty_label = _("Choose the needle")
        products.queryset = (
            NeedleProduct.objects.current()
            .filter(organisation=by.organisation_id)
            .order_by("diameter_mm", "length_mm")
        )
        self.order_fields(["scan", "product", "number", "expires_on", "packs", "site"])

    def clean(self) -> dict[str, Any]:
        """A lot has one expiry date: another one than before is a slip now, or was one then."""
        data: dict[str, Any] = super().clean() or {}
        product, number, day = (data.get(name) for name in ("product", "number", "expires_on"))
        if product is None or not number or day is None:
            return data
        known = Lot.objects.current().filter(product=product, number=number.strip()).first()
        if known is not None and known.expires_on != day:
            told = {"lot": known.number, "there": written(known.expires_on), "got": written(day)}
            self.add_error(
                "expires_on",
                _(
                    "Lot %(lot)s stands here as expiring on %(there)s, not on %(got)s. Read the "
                    "pack again; if it does say so, keep these packs apart and ask the supplier."
                )
                % told,
            )
        return data


class StockCountForm(SupplySiteForm):
    found = _whole(_("Packs that are really there"), 0, MOST)


class ContainerForm(SupplySiteForm):
    place = forms.CharField(label=_("Where it stands"), max_length=80)


class NeedlestickForm(forms.Form):
    report_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    injured = forms.CharField(label=_("Who was injured"), max_length=120)
    day = DayField(label=_("Day"), widget=Day)
    clock = ClockField(label=_("Time"), widget=forms.TextInput(attrs={"class": "medium"}))
    depth = forms.ChoiceField(label=_("How deep"), choices=DEPTHS, widget=Chips)
    blood_seen = forms.BooleanField(label=_("Blood was visible on the needle"), required=False)
    source_known = forms.BooleanField(
        label=_("It is known whose needle it was, and that person can be asked"), required=False
    )
    device = forms.CharField(label=_("Which needle (size, lot)"), max_length=120, required=False)
    how = forms.CharField(
        label=_("How it happened"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500,
        required=False,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """From this moment every deadline is counted: a slip into tomorrow would hide them all."""
        data: dict[str, Any] = super().clean() or {}
        if "day" in data and "clock" in data:
            happened_at = timezone.make_aware(datetime.combine(data["day"], data["clock"]))
            if happened_at > timezone.now():
                self.add_error("clock", _("This is still in the future. Say when it happened."))
            data["happened_at"] = happened_at
        return data


class NeedlestickStepForm(forms.Form):
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class RecallForm(forms.Form):
    reason = forms.CharField(label=_("Why, and who says so"), max_length=300)
    is_drill = forms.BooleanField(
        label=_("Only a drill: packs may still be opened"), required=False, initial=True
    )


class ToldForm(forms.Form):
    how = forms.ChoiceField(label=_("How"), choices=HOW_TOLD, widget=Chips)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
