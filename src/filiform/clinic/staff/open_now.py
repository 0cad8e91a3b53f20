"""Whether a site is open now, in words: for its own list and for the public pages."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform import times
from filiform.clinic.staff.hours import LOOKED_AHEAD_DAYS, Opening, opening
from filiform.clinic.staff.models import Site
from filiform.clinic.staff.openings import exceptions_of

DAYS_BY_NAME = 6
"""Up to here the name of a weekday says which day it is."""


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
        return _("Call us: we'll agree on a time")
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
