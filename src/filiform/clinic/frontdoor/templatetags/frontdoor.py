"""Words about opening hours and numbers, and pictures drawn from data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform import times
from filiform.clinic.frontdoor.hours import LOOKED_AHEAD_DAYS, Opening, opening
from filiform.clinic.frontdoor.models import Message
from filiform.clinic.frontdoor.vocabulary import ANSWER_BY, ASIDE, CHANNELS, EVENTS, NEXT, STATES
from filiform.clinic.sending.vocabulary import WHYS
from filiform.clinic.staff.models import Site
from filiform.clinic.staff.openings import exceptions_of
from filiform.clinic.web.phones import readable
from filiform.clinic.web.times import told

register = template.Library()
DAYS_BY_NAME = 6
"""Up to here the name of a weekday says which day it is."""
WORDS = {
    "aside": dict(ASIDE),
    "state": dict(STATES),
    "event": dict(EVENTS),
    "next": dict(NEXT),
    "channel": dict(CHANNELS),
    "answer": dict(ANSWER_BY),
    "why": WHYS,
}


@register.filter
def word(code: str, table: str) -> str:
    """The word of a code of this room: `message.state|word:"state"`."""
    return str(WORDS[table].get(code, code))


@register.filter
def waits(message: Message) -> str:
    """How long a message has been waiting, in words that the browser keeps true."""
    if timezone.now() - message.received_at < timedelta(minutes=1):
        return _("just arrived")
    # The only value is an element that `told` has made.
    return mark_safe(_("waiting %(time)s") % {"time": told(message.received_at, "for")})  # noqa: S308


@register.filter
def phone(number: str) -> str:
    return readable(number)


@register.filter
def whatsapp(number: str) -> str:
    """The address that opens a chat with a number."""
    return f"https://wa.me/{number.lstrip('+')}"


@register.simple_tag
def maps(site: Site) -> str:
    """A search for the address in a map."""
    query = urlencode({"api": 1, "query": f"{site.name}, {site.address}"})
    return f"https://www.google.com/maps/search/?{query}"


@register.simple_tag
def open_now(site: Site) -> str:
    """Whether a site is open now, until when, or when it opens next."""
    return opening_words(opening_of(site), ZoneInfo(site.time_zone))


@register.inclusion_tag("frontdoor/_open_now.html")
def opening_line(site: Site) -> dict[str, Any]:
    """The same as a line with a clock; green only while it is open."""
    state = opening_of(site)
    words = opening_words(state, ZoneInfo(site.time_zone))
    return {"is_open": state.is_open, "words": words, "because": state.because}


def opening_of(site: Site) -> Opening:
    """Open now or when, with the holidays that are laid over the weekly hours."""
    now, zone = timezone.now(), ZoneInfo(site.time_zone)
    today = now.astimezone(zone).date()
    first, last = today - timedelta(days=1), today + timedelta(days=LOOKED_AHEAD_DAYS)
    return opening(site.opening_hours, now, zone, exceptions_of(site.pk, first, last))


def opening_words(state: Opening, zone: ZoneInfo) -> str:
    today = timezone.now().astimezone(zone).date()
    if state.is_open:
        if state.closes is None:
            return _("Open now, day and night")
        return _("Open now, until %(time)s") % {
            "time": times.written(state.closes, "H:i", get_language())
        }
    if state.opens is None:
        return _("Call us: we agree on a time")
    words = {
        "time": times.written(state.opens, "H:i", get_language()),
        "day": times.written(state.opens, "l", get_language()),
    }
    days = (state.opens.date() - today).days
    if days == 0:
        return _("Closed now. Opens today at %(time)s") % words
    if days == 1:
        return _("Closed now. Opens tomorrow at %(time)s") % words
    if days > DAYS_BY_NAME:  # after Eid: "on Monday" would be the wrong Monday
        words["day"] = times.written(state.opens, "l j F", get_language())
    return _("Closed now. Opens on %(day)s at %(time)s") % words


@register.inclusion_tag("frontdoor/_people.html")
def people_in_100(low: int, label: str, high: int = 0) -> dict[str, Any]:
    """A hundred people, so many of them marked; from `low` to `high` a paler mark."""
    upper = max(low, high)
    figures = [
        {
            "x": 6 + (n % 20) * 12,
            "y": 4 + (n // 20) * 20,
            "mark": "sure" if n < low else "maybe" if n < upper else "",
        }
        for n in range(100)
    ]
    return {"figures": figures, "label": label}
