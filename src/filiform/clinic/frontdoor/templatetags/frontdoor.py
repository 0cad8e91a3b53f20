"""Words about opening hours and numbers, and pictures drawn from data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.frontdoor.models import Message, Photograph
from filiform.clinic.frontdoor.texts import Text, TextsInForce
from filiform.clinic.frontdoor.vocabulary import ANSWER_BY, ASIDE, CHANNELS, EVENTS, NEXT, STATES
from filiform.clinic.sending.vocabulary import WHYS
from filiform.clinic.staff.models import Member, OpeningException, Site
from filiform.clinic.staff.open_now import opening_of, opening_words
from filiform.clinic.staff.openings import coming_exceptions
from filiform.clinic.web.templatetags.filiform import local_name
from filiform.clinic.web.times import told

register = template.Library()
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
def whatsapp(number: str) -> str:
    """The address that opens a chat with a number."""
    return f"https://wa.me/{number.lstrip('+')}"


@register.simple_tag
def maps(site: Site) -> str:
    """A search for the place in a map: by its coordinates where they are known."""
    place = _searched(site) if site.latitude is None else f"{site.latitude},{site.longitude}"
    return f"https://www.google.com/maps/search/?{urlencode({'api': 1, 'query': place})}"


@register.simple_tag
def geo(site: Site) -> str:
    """The address (RFC 5870) that a telephone opens with its own map. Without coordinates it is a
    search, as Android's maps understand 0,0."""
    point = "0,0" if site.latitude is None else f"{site.latitude},{site.longitude}"
    return f"geo:{point}?{urlencode({'q': _searched(site)}, quote_via=quote)}"


def _searched(site: Site) -> str:
    """Name, address, road and town, each part once."""
    parts = [site.name, *site.address.split(","), site.road, site.town]
    return ", ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))


@register.inclusion_tag("frontdoor/_sketch.html")
def sketch(site: Site) -> dict[str, Any]:
    """How to find a site, drawn from the names in its address; needs town, area and road."""
    urdu = (get_language() or "en").startswith("ur")
    names = {
        name: (urdu and getattr(site, f"{name}_ur")) or getattr(site, name)
        for name in ("town", "area", "road")
    }
    place = (urdu and site.name_ur) or site.name
    return {"shown": all(names.values()), "place": place, **names}


@register.simple_tag
def coming(site: Site) -> list[OpeningException]:
    """Holidays and other hours of a site that hold today or later."""
    return coming_exceptions(site, on=timezone.now().astimezone(ZoneInfo(site.time_zone)).date())


@register.simple_tag
def photograph_of(photographs: Mapping[UUID, Photograph], thing: Member | Site) -> Any:
    """The photograph of a person or a site, or nothing."""
    return photographs.get(thing.pk)


@register.simple_tag
def bare_name(thing: Any, field: str = "name") -> str:
    """A name as other programs want it: neither elements nor marks."""
    return local_name(thing, field)


@register.filter
def keys(names: str) -> list[str]:
    """Keys of texts, to go over: `"procedure helps"|keys`."""
    return names.split()


@register.simple_tag(takes_context=True)
def text(context: Context, key: str) -> Text:
    """A text of the page by its key."""
    found: Text = context["texts"][key]
    return found


@register.simple_tag(takes_context=True)
def lines(context: Context, key: str, css: str = "") -> SafeString:
    """The paragraphs of a text, words of the glossary on tap; css: the class of each."""
    shown = [_on_tap(context, line) for line in context["texts"][key].lines]
    if css:
        return format_html_join("\n", '<p class="{}">{}</p>', ((css, line) for line in shown))
    return format_html_join("\n", "<p>{}</p>", ((line,) for line in shown))


@register.simple_tag(takes_context=True)
def line(context: Context, key: str) -> SafeString:
    """A text that is one paragraph, inside an element of the template."""
    return in_words(context, " ".join(context["texts"][key].lines))


@register.simple_tag(takes_context=True)
def in_words(context: Context, words: str) -> SafeString:
    return _on_tap(context, words)


def _on_tap(context: Context, words: str) -> SafeString:
    """The words with the first of each term of the glossary as a button that explains it.

    Once on a page: more of them would make it restless. The button needs no script (popover).
    """
    texts: TextsInForce = context["texts"]
    for term in texts.words():
        at = words.casefold().find(term.title.casefold()) if term.title else -1
        if at < 0 or term.key in texts.explained:
            continue
        # Before the rest is gone through, or the rest would explain it again.
        texts.explained.add(term.key)
        end = at + len(term.title)
        button = format_html(
            '<button class="term" type="button" popovertarget="{}">{}</button>',
            term.key,
            words[at:end],
        )
        before, after = _on_tap(context, words[:at]), _on_tap(context, words[end:])
        return format_html("{}{}{}", before, button, after)
    return conditional_escape(words)


@register.inclusion_tag("frontdoor/_open_now.html")
def opening_line(site: Site) -> dict[str, Any]:
    """The same as a line with a clock; green only while it is open."""
    state = opening_of(site)
    words = opening_words(state, ZoneInfo(site.time_zone))
    return {"is_open": state.is_open, "words": words, "because": state.because}


@register.inclusion_tag("frontdoor/_people.html")
def people_in_100(low: int, label: str, high: int = 0) -> dict[str, Any]:
    """A hundred people, so many of them marked; from `low` to `high` a paler mark."""
    upper = max(low, high)
    figures = [
        {
            # Twenty in a row: five rows are counted at a glance.
            "x": 6 + (n % 20) * 12,
            "y": 4 + (n // 20) * 20,
            "mark": "sure" if n < low else "maybe" if n < upper else "",
        }
        for n in range(100)
    ]
    return {"figures": figures, "label": label}
