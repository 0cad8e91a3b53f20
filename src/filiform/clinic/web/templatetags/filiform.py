"""Tags and filters that every template may use without loading them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django import template
from django.template import Context
from django.urls import NoReverseMatch, ResolverMatch
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.facts.models import new_id
from filiform.clinic.web import times
from filiform.clinic.web.addresses import address_of
from filiform.clinic.web.context import permissions_of
from filiform.clinic.web.icons import ICONS
from filiform.clinic.web.once import NAME
from filiform.clinic.web.phones import country_of, readable
from filiform.clinic.web.stamps import SlotText, stamped
from filiform.reasons import Reason
from filiform.reasons import say as say_reason
from filiform.sources import rests_on_unread
from filiform.times import TimePhrase
from filiform.warning_signs import EmergencyNumber, at_site
from filiform.words import Words

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """An icon of our set; with a label it speaks, without one it is decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    drawn = "".join(f'<path d="{path}"/>' for path in ICONS[name])
    # "Back" points against the reading, "next" along it: the style sheet turns both in Urdu.
    kind = "icon turns" if name in ("back", "next") else "icon"
    # The paths are ours and the label is escaped above.
    return mark_safe(f'<svg class="{kind}" viewBox="0 0 24 24" {spoken}>{drawn}</svg>')  # noqa: S308


@register.simple_tag
def address(name: str, key: UUID) -> str:
    """As {% url %} with one id, for lists of many."""
    return address_of(name, key)


@register.simple_tag
def once() -> SafeString:
    """The id of what a form with one button makes (`web.once`)."""
    return format_html('<input type="hidden" name="{}" value="{}">', NAME, new_id())


@register.simple_tag(takes_context=True)
def stamp(context: Context, template_name: str, **given: Any) -> SafeString:
    """A part of a page of which only ids change: rendered once, then stamped (`web.stamps`)."""
    return stamped(template_name, str(context.get("csrf_token", "")), given)


def _menu_entry(place: ResolverMatch | None) -> str:
    """The room whose entry of the menu a page belongs to; "" for none."""
    if place is None:
        return ""
    # Pages about a patient that the front door has: registering one is work with patients.
    if place.view_name == "frontdoor:register":
        return "patients"
    if place.app_name == "frontdoor" and place.route.startswith("patient"):
        return ""
    return str(place.app_name)


@register.simple_tag(takes_context=True)
def page_top(context: Context) -> SafeString:
    """What stands on top of every page of staff: name of the clinic, menu, switches, lock."""
    request = context["request"]
    place = request.resolver_match
    given = {
        "may": permissions_of(request),
        "here": _menu_entry(place),
        "is_clinics": bool(place) and place.route.startswith("clinic/"),
        "language": context["language"],
        "theme": context["theme"],
        "only_path": SlotText(context.get("only_path") or request.get_full_path()),
        "clinic": SlotText(named(request.user.organisation)),
        "reader": SlotText(named(request.user)),
    }
    return stamped("filiform/_top.html", str(context.get("csrf_token", "")), given)


@register.filter
def in_address(value: Any) -> SafeString:
    """An id in an address: what `{% url %}` becomes (`web.loading`). Raises NoReverseMatch for
    anything else, as the tag would: an address without its id leads somewhere else."""
    if not isinstance(value, UUID):
        try:
            value = UUID(value)
        except (TypeError, ValueError, AttributeError):
            raise NoReverseMatch(f"an address takes an id here, not {value!r}") from None
    # Hexadecimal digits and dashes.
    return mark_safe(str(value))  # noqa: S308


@register.simple_tag
def emergency_numbers(site: Any) -> tuple[EmergencyNumber, ...]:
    """Whom to call in an emergency at a site: its own number, then its country's."""
    return at_site(site.emergency_phone, country_of(site.phone))


@register.filter
def words(value: Words | str) -> str:
    """A clinical text in the reader's language."""
    return value.in_language(get_language() or "en") if isinstance(value, Words) else str(value)


@register.filter
def phone(number: str) -> str:
    return readable(number)


@register.filter
def price(value: Decimal) -> str:
    """ "2,500", or "2,500.50" where it isn't a whole number."""
    return f"{value:,.0f}" if value == value.to_integral() else f"{value:,.2f}"


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


def local_name(thing: Any, field: str = "name") -> str:
    """`name` or, for a reader of Urdu, `name_ur` where there is one: the bare text, for papers
    and for values that a template sets apart itself."""
    if (get_language() or "en").startswith("ur"):
        return getattr(thing, f"{field}_ur", "") or getattr(thing, field)
    return str(getattr(thing, field))


@register.simple_tag(name="local_name")
def name_set_apart(thing: Any, field: str = "name") -> SafeString:
    """The same in a text: a name keeps its own direction, and takes no number beside it along."""
    return set_apart(local_name(thing, field))


@register.simple_tag
def name_and_address(site: Any) -> SafeString:
    """Where a visit is. An address that begins with the site's name, as "MidCity Mall, Rehmanabad"
    does, is not told the name twice."""
    name, address = local_name(site), local_name(site, "address")
    if address.casefold().startswith(name.casefold()):
        return set_apart(address)
    return (
        format_html("{} · {}", set_apart(name), set_apart(address)) if address else set_apart(name)
    )


@register.simple_tag
def plain_name(thing: Any, field: str = "name") -> str:
    """The same for titles, attributes and options, which hold no elements: set apart by marks."""
    return isolated(local_name(thing, field))


@register.filter("bdi")
def set_apart(text: Any) -> SafeString:
    """What a person wrote, or a figure with its unit, as a part of a sentence with a direction
    of its own: `{% blocktranslate with name=patient.name|bdi %}`. Nothing for nothing."""
    # An Urdu sentence with a Latin name in it: without the element "Khan 12 دن" shows as 12 Khan.
    return format_html("<bdi>{}</bdi>", text) if text not in (None, "") else SafeString("")


@register.filter
def named(thing: Any) -> SafeString:
    """{% local_name %} in a sentence: `{% blocktranslate with who=row.recorded_by|named %}`."""
    return name_set_apart(thing) if thing else SafeString("")


@register.filter
def listed(things: Iterable[Any]) -> SafeString:
    """Things after each other with the comma of the reader's language, each set apart."""
    return format_html_join(f"{times.comma()} ", "{}", ((set_apart(words(one)),) for one in things))


@register.filter
def cited(keys: Iterable[str]) -> SafeString:
    """Sources by their keys (see `filiform.sources`). What no source stands for was set by us."""
    return listed([_("chosen here") if key == "design" else key for key in keys])


FIGURE = re.compile(
    r"(?<![\w.])[+−<>≥≤±~≈]?\d[\d.,/]*(?:\s?[×–→]\s?\d[\d.,]*)*(?:\s(?:mm|cm|kPa|kg|min)\b|\s?%)?"
)


@register.filter
def figures(text: str) -> SafeString:
    """A line composed of words and figures, each figure with its unit set apart: without it
    "0.25 × 30 mm" runs from right to left in an Urdu line, and 30–41 reads 41–30."""
    apart, end = [], 0
    text = str(text)
    for found in FIGURE.finditer(text):
        # What the browser keeps together anyway needs no element: "3", "12:30".
        if found[0].strip("0123456789.,/"):
            apart += [conditional_escape(text[end : found.start()]), set_apart(found[0])]
            end = found.end()
    return SafeString("".join([*apart, conditional_escape(text[end:])]))


FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"


@register.filter
def isolated(text: Any) -> str:
    """The same for what holds no elements: a title, an attribute, an option, a message."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if text not in (None, "") else ""


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
def told(moment: dt.datetime | None, phrase: TimePhrase) -> SafeString:
    """ "12 min ago" that the browser tells anew; phrase: ago, in, for."""
    return times.told(moment, phrase)


@register.filter
def kept_told(moment: dt.datetime | None, phrase: TimePhrase) -> SafeString:
    """The same on a page that is kept (see `web.times`)."""
    return times.kept_told(moment, phrase)


@register.simple_tag
def comma() -> str:
    """The comma between things in the reader's language: `{{ day }}{% comma %} {{ name }}`."""
    return times.comma()
