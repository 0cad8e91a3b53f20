"""Words for the codes of a disclosure."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from filiform.clinic.intake import queries
from filiform.clinic.intake.models import DisclosedFact
from filiform.clinic.intake.vocabulary import KINDS, LEFT_OUT, SIDES, STATUSES

register = template.Library()


@register.filter
def status_in_words(status: str) -> str | Promise:
    return STATUSES.get(status, status)


@register.filter
def kind_in_words(kind: str) -> str | Promise:
    return dict(KINDS).get(kind, kind)


@register.filter
def side_in_words(side: str) -> str | Promise:
    return dict(SIDES).get(side, side)


@register.filter
def left_out_in_words(why: str) -> str | Promise:
    return LEFT_OUT.get(why, why)


@register.filter
def is_over(row: DisclosedFact) -> bool:
    """Whether it has ended: by its status or by its last day."""
    return queries.is_over(row)
