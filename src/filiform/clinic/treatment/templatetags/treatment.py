"""Small parts of the treatment pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from filiform.clinic.treatment.event_words import event_note
from filiform.clinic.treatment.vocabulary import UNDO_REASONS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

    from filiform.clinic.treatment.models import Act

register = template.Library()


@register.filter
def clock(seconds: int | None) -> str:
    """Seconds as minutes and seconds, "1:05"; with hours from one hour on."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def mm(value: float | None) -> str:
    """A length without trailing zeros, with a point in every language."""
    return "" if value is None else f"{value:g}"


@register.filter
def at(words: dict[str, object], code: str) -> object:
    """The word of a code; the code itself where there is none, as in records of older releases."""
    return words.get(code, code)


@register.simple_tag
def undo_reasons(kind: str) -> list[tuple[str, StrPromise]]:
    """Why an act of this kind may have to be undone: code and words; none where nobody asks."""
    return UNDO_REASONS.get(kind, [])


@register.filter
def event_said(act: Act) -> str:
    """An act of an event in words."""
    return event_note(act)


@register.filter
def signed(value: float | None) -> str:
    """A change with its sign, a real minus for less: "+40", "−3"."""
    if value is None:
        return ""
    return f"{value:+g}".replace("-", "\N{MINUS SIGN}")
