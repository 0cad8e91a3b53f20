"""Fields that a gloved finger can work: chips for choices, a row of numbers for pain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _


class _DrawnAsChips(forms.widgets.ChoiceWidget):
    """Draws the choices in one go: a page of chips has a hundred of them, and a template for each
    took most of the page's time."""

    scale = False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        key = given.pop("id", "")
        if self.input_type == "checkbox":
            # A browser would ask for every one of them.
            given.pop("required", None)
        # What all chips of the row share is written once: a page has a hundred of them.
        begin = format_html('<label class="chip"><input type="{}" name="{}"', self.input_type, name)
        shared, chosen = flatatt(given), set(self.format_value(value))
        chips = []
        for index, (option, label) in enumerate(self._flat()):
            own = f' id="{escape(self.id_for_label(key, str(index)))}"' if key else ""
            checked = " checked" if str(option) in chosen else ""
            chips.append(
                f'{begin} value="{escape(option)}"{own}{shared}{checked}>'
                f"<span>{escape(label)}</span></label>"
            )
        row = " scale" if self.scale else ""
        return mark_safe(f'<div class="chips{row}">{"".join(chips)}</div>')  # noqa: S308 - escaped

    def _flat(self) -> Iterator[tuple[Any, Any]]:
        for option, label in self.choices:
            if isinstance(label, (list, tuple)):
                yield from label
            else:
                yield option, label


class Chips(_DrawnAsChips, forms.RadioSelect):
    """One of several, each a chip of 46 px."""


class ManyChips(_DrawnAsChips, forms.CheckboxSelectMultiple):
    """Any of several."""


class ScaleChips(Chips):
    """The numbers 0 to 10 in a row."""

    scale = True


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
            widget=ScaleChips,
            coerce=int,
            empty_value=None,
            **options,
        )


YES_NO = [("yes", _("Yes")), ("no", _("No"))]
