"""Fields that a gloved finger can work: chips for choices, a row of numbers for pain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


class _DrawnAsChips(forms.widgets.ChoiceWidget):
    """Draws the choices in one go: a page of chips has a hundred of them, and a template for each
    took most of the page's time."""

    scale = False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        chosen = set(self.format_value(value))
        labels = [
            self._chip(name, str(option), label, index, given, checked=str(option) in chosen)
            for index, (option, label) in enumerate(self._flat())
        ]
        return format_html(
            '<div class="chips{}">{}</div>',
            " scale" if self.scale else "",
            format_html_join("", "{}", ((label,) for label in labels)),
        )

    def _flat(self) -> Iterator[tuple[Any, Any]]:
        for option, label in self.choices:
            if isinstance(label, (list, tuple)):
                yield from label
            else:
                yield option, label

    def _chip(
        self,
        name: str,
        option: str,
        label: Any,
        index: int,
        given: dict[str, Any],
        *,
        checked: bool,
    ) -> SafeString:
        own = {**given, "checked": True} if checked else dict(given)
        if self.input_type == "checkbox":
            own.pop("required", None)
        if "id" in own:
            own["id"] = self.id_for_label(own["id"], str(index))
        return format_html(
            '<label class="chip"><input type="{}" name="{}" value="{}"{}><span>{}</span></label>',
            self.input_type,
            name,
            option,
            flatatt(own),
            label,
        )


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
