"""Filters of this room's pages."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.timezone import localtime

from filiform import times
from filiform.clinic.web.phones import spoken
from filiform.words import Words

register = template.Library()


@register.filter
def spoken_number(number: str) -> str:
    """An E.164 number as people read it out."""
    return spoken(number) if number else ""


@register.filter
def digits(number: str) -> str:
    """Digits only, as a WhatsApp address wants them."""
    return "".join(filter(str.isdigit, number))


@register.filter
def in_language(text: Words, language: str) -> str:
    """A text in the patient's language, whatever the page is in."""
    return text.in_language(language)


@register.filter
def due_in(moment: datetime, language: str) -> str:
    """Day and time of a check as the patient reads them, whatever the page is in."""
    return times.written(localtime(moment), "l, j F, H:i", language)


@register.filter
def as_words(row: dict[str, str]) -> Words:
    """A stored text as Words again, so that `|words` can choose the language."""
    return Words(en=row["en"], ur=row.get("ur", ""))
