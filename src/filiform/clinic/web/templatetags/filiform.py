"""Tags and filters that every template may use without loading them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from filiform.clinic.web import times
from filiform.clinic.web.addresses import address_of
from filiform.clinic.web.icons import ICONS
from filiform.clinic.web.phones import country_of
from filiform.reasons import Reason
from filiform.reasons import say as say_reason
from filiform.sources import rests_on_unread
from filiform.times import Phrase
from filiform.warning_signs import EmergencyNumber, at_site
from filiform.words import Words

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """An icon of our set; with a label it speaks, without one it is decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    drawn = "".join(f'<path d="{path}"/>' for path in ICONS[name])
    # The paths are ours and the label is escaped above.
    return mark_safe(f'<svg class="icon" viewBox="0 0 24 24" {spoken}>{drawn}</svg>')  # noqa: S308


@register.simple_tag
def address(name: str, key: UUID) -> str:
    """As {% url %} with one id, for lists of many."""
    return address_of(name, key)


@register.simple_tag
def emergency_numbers(site: Any) -> tuple[EmergencyNumber, ...]:
    """Whom to call in an emergency at a site: its own number, then its country's."""
    return at_site(site.emergency_phone, country_of(site.phone))


@register.filter
def words(value: Words | str) -> str:
    """A clinical text in the reader's language."""
    return value.in_language(get_language() or "en") if isinstance(value, Words) else str(value)


@register.filter
def say(reason: Reason) -> str:
    """The sentence of a reason in the reader's language."""
    return say_reason(reason, get_language() or "en")


@register.filter
def unread(keys: Iterable[str]) -> bool:
    """Whether a rule rests on nothing but guidelines that were not read in full."""
    return rests_on_unread(keys)


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """Look a key up in a dictionary; None when it is not there."""
    return mapping.get(key)


@register.simple_tag
def local_name(thing: Any, field: str = "name") -> str:
    """`name` or, for a reader of Urdu, `name_ur` where there is one."""
    if (get_language() or "en").startswith("ur"):
        return getattr(thing, f"{field}_ur", "") or getattr(thing, field)
    return str(getattr(thing, field))


# These stand before Django's own filters of the same names, whose English is American and whose
# Urdu is half English: no template can write a time in another way than `web.times` does.
@register.filter("date", expects_localtime=True, is_safe=False)
def day_or_moment(value: dt.date | dt.time | str | None, shape: str = "j F Y") -> str:
    """A day or moment: `{{ visit.planned_at|date:"j M Y, H:i" }}`. Nothing for what isn't there,
    which templates hand on as an empty text."""
    return "" if value is None or isinstance(value, str) else times.written(value, shape)


@register.filter("time", expects_localtime=True, is_safe=False)
def time_of_day(value: dt.date | dt.time | str | None, shape: str = "H:i") -> str:
    """The time of the day of a moment."""
    return day_or_moment(value, shape)


@register.filter
def told(moment: dt.datetime | None, phrase: Phrase) -> SafeString:
    """ "12 min ago" that the browser tells anew; phrase: ago, in, for."""
    return times.told(moment, phrase)


@register.filter
def kept_told(moment: dt.datetime | None, phrase: Phrase) -> SafeString:
    """The same on a page that is kept (see `web.times`)."""
    return times.kept_told(moment, phrase)


@register.simple_tag
def comma() -> str:
    """The comma between things in the reader's language: `{{ day }}{% comma %} {{ name }}`."""
    return times.comma()
