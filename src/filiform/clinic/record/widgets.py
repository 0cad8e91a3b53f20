"""Fields that a gloved finger can work: chips for choices, a row of numbers for pain."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class Chips(forms.RadioSelect):
    """One of several, each a chip of 46 px."""

    template_name = "filiform/widgets/chips.html"


class ManyChips(forms.CheckboxSelectMultiple):
    """Any of several."""

    template_name = "filiform/widgets/chips.html"


class Scale(Chips):
    """The numbers 0 to 10 in a row."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["scale"] = True
        return context


class Day(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "medium", **(attrs or {})}, format="%Y-%m-%d")


class PainField(forms.TypedChoiceField):
    """A numeric pain rating from 0 to 10; None when it was not asked."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("0 is no pain, 10 the worst you can imagine"))
        super().__init__(
            choices=[(str(n), str(n)) for n in range(11)],
            widget=Scale,
            coerce=int,
            empty_value=None,
            **options,
        )


YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def yes_no_field(label: Any, *, required: bool = True, **options: Any) -> forms.TypedChoiceField:
    """Two chips; the cleaned value is True, False or None."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        widget=Chips,
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=required,
        **options,
    )
