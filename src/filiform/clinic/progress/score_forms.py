"""A score as it is entered by staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.web.fields import DayField, field_of
from filiform.clinic.web.times import comma
from filiform.clinic.web.widgets import Day
from filiform.outcomes.instruments import Instrument, instruments, score
from filiform.outcomes.scales import scales

LEFT_OUT = "-"
"""How an item that was left out is typed."""


NO_NUMBERS = _("These are not all numbers. Write the answers like this: “2 3 - 1”.")


class OutcomeScoreForm(forms.Form):
    """Items one after another, or the total. `numbers` and `total` stand in the cleaned data."""

    score_id = forms.UUIDField(widget=forms.HiddenInput)
    scale = forms.ChoiceField(label=_("Measure"))
    taken_on = DayField(label=_("Day"), widget=Day)
    total = forms.FloatField(label=_("Score"), required=False)
    items = forms.CharField(
        label=_("Or the answers, one after another"),
        help_text=_("As on the clinic's own form: “2 3 - 1”; “-” for one that was left out."),
        max_length=300,
        required=False,
    )
    about = forms.CharField(
        label=_("Activities (PSFS), one per line"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, activities: list[str], **options: Any) -> None:
        # Not by the caller: the id has to be new with every empty form.
        options["initial"] = {
            "score_id": new_id(),
            "taken_on": timezone.localdate(),
            "about": "\n".join(activities),
        }
        super().__init__(*args, **options)
        language = get_language() or "en"
        field_of(self, "scale", forms.ChoiceField).choices = [
            (key, one.name.in_language(language)) for key, one in scales().items()
        ]

    def clean_taken_on(self) -> Any:
        day = self.cleaned_data["taken_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is in the future. Say when it was answered."))
        return day

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        # Both commas: an Urdu keyboard has only its own.
        typed = found.get("items", "").replace(",", " ").replace("،", " ")
        scale, text = found.get("scale"), typed.split()
        found["numbers"] = []
        if not scale:
            return found
        if text:
            self._read_items(found, scale, text)
        elif found.get("total") is None:
            raise ValidationError(_("Enter the score or the answers."))
        else:
            one = scales()[scale]
            if not one.low <= found["total"] <= one.high:
                self.add_error(
                    "total",
                    ValidationError(
                        _("%(got)s is not on this scale: it goes from %(low)s to %(high)s."),
                        params={
                            "got": f"{found['total']:g}",
                            "low": f"{one.low:g}",
                            "high": f"{one.high:g}",
                        },
                    ),
                )
        return found

    def _read_items(self, found: dict[str, Any], scale: str, text: list[str]) -> None:
        if scale not in instruments():
            self.add_error("items", _("Only the score of this measure can be entered."))
            return
        try:
            # float() reads digits of every script, Urdu's too.
            numbers = [None if one == LEFT_OUT else float(one) for one in text]
        except ValueError:
            self.add_error("items", NO_NUMBERS)
            return
        wrong = _wrong(instruments()[scale], numbers)
        if wrong is not None:
            self.add_error("items", wrong)
            return
        kept = score(scale, numbers)
        if kept.value is None:
            self.add_error(
                "items",
                ValidationError(
                    _("Only %(answered)s of %(of)s are answered; this measure needs %(least)s."),
                    params={
                        "answered": kept.answered,
                        "of": kept.of,
                        "least": instruments()[scale].at_least,
                    },
                ),
            )
        found["numbers"] = numbers


def _wrong(one: Instrument, numbers: list[float | None]) -> ValidationError | None:
    """What `score` would refuse, in the reader's language: its own words are for programmers."""
    if len(numbers) > one.items or (one.scoring != "mean" and len(numbers) != one.items):
        return ValidationError(
            _("These are %(got)s answers; this measure has %(items)s."),
            params={"got": len(numbers), "items": one.items},
        )
    for place, number in enumerate(numbers, start=1):
        if number is None:
            continue
        # "nan" is a number to Python, and lies between no two others.
        if not one.item_low <= number <= one.item_high or (
            one.allowed and number not in one.allowed
        ):
            allowed = one.allowed or (one.item_low, one.item_high)
            words = (
                _("Answer %(place)s is %(got)s; allowed are %(allowed)s.")
                if one.allowed
                else _("Answer %(place)s is %(got)s; the answers go from %(low)s to %(high)s.")
            )
            return ValidationError(
                words,
                params={
                    "place": place,
                    "got": f"{number:g}",
                    "low": allowed[0],
                    "high": allowed[-1],
                    "allowed": f"{comma()} ".join(map(str, allowed)),
                },
            )
    return None
