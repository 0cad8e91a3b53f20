"""Shares as people read them."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from filiform.outcomes.rates import EventRate

register = template.Library()

STANDINGS = {
    "higher": _("higher, more than chance explains"),
    "lower": _("lower, more than chance explains"),
    "alike": _("no difference beyond chance"),
    "too-few": _("too few to compare"),
}


def _percent(part: float) -> str:
    """Two figures that count: 12 %, 1.2 %, 0.12 %."""
    value = 100 * part
    # More would promise what such counts can't hold.
    places = 0 if value >= 10 or value == 0 else 1 if value >= 1 else 2 if value >= 0.1 else 3
    return f"{value:.{places}f}"


@register.filter
def share(rate: EventRate) -> str:
    """ "1.2 %"; a dash where there is no denominator."""
    return "–" if rate.share is None else f"{_percent(rate.share)} %"


@register.filter
def interval(rate: EventRate) -> str:
    """ "[0.4–3.1]"; of nothing, all is possible."""
    return f"[{_percent(rate.low)}–{_percent(rate.high)}]"


@register.filter
def standing(code: str) -> str:
    return str(STANDINGS[code])


@register.filter
def percent(part: float) -> str:
    """A share of its own: "98 %"; never "100 %" or "0 %" for what is not certain."""
    if 0.995 <= part < 1:
        return "> 99 %"
    return "< 1 %" if 0 < part < 0.005 else f"{100 * part:.0f} %"
