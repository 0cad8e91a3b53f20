"""Names of muscles and sides in templates."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from filiform.anatomy import atlas
from filiform.clinic.assessment.telling import comma
from filiform.clinic.assessment.vocabulary import SIDES

register = template.Library()


def muscle_name(muscle: str) -> str:
    """The muscle's name in the reader's language; its id where the atlas has dropped it."""
    known = atlas().muscles.get(muscle)
    return known.name.in_language(get_language() or "en") if known else muscle


@register.simple_tag
def muscle_and_side(muscle: str, side: str) -> str:
    """ "Infraspinatus, right" with the comma of the reader's language."""
    return f"{muscle_name(muscle)}{comma()}{str(dict(SIDES).get(side, side)).lower()}"
