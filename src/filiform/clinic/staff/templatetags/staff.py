"""How people and their credentials are shown."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.anatomy import atlas
from filiform.clinic.staff.credentials import Currency
from filiform.clinic.staff.models import Licence, Member, Privilege, Site, Training
from filiform.clinic.staff.open_now import opening_of, opening_words
from filiform.clinic.staff.vocabulary import ROLES
from filiform.clinic.web.templatetags.filiform import isolated

register = template.Library()


@register.simple_tag
def role_names(member: Member) -> str:
    return " · ".join(str(name) for role, name in ROLES if role in member.roles)


@register.simple_tag
def credential_text(row: Licence | Training | Privilege) -> str:
    """A credential in one line."""
    return " · ".join(isolated(part) for part in _texts(row) if part)


@register.inclusion_tag("staff/_credential_row.html")
def credential_row(
    currency: Currency, row: Licence | Training | Privilege, manage: bool = False
) -> dict[str, Any]:
    title, more = _texts(row)
    return {
        "row": row,
        "kind": type(row).__name__.lower(),
        "title": title,
        "more": more,
        "days": currency.days_left(row),
        "manage": manage,
    }


def _texts(row: Licence | Training | Privilege) -> tuple[str, str]:
    if isinstance(row, Licence):
        return row.body, _("Number %(number)s") % {"number": isolated(row.number)}
    if isinstance(row, Training):
        hours = _("%(hours)s hours, completed in %(year)s") % {
            "hours": row.hours,
            "year": row.completed_on.year,
        }
        return row.course, hours
    region = atlas().privileges[row.region]
    language = get_language() or "en"
    return region.name.in_language(language), region.covers.in_language(language)


@register.simple_tag
def open_now(site: Site) -> str:
    """Whether a site is open now, until when, or when it opens next."""
    return opening_words(opening_of(site), ZoneInfo(site.time_zone))
