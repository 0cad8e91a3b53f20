"""{% exercise_figure item patient=patient %}: the picture of an exercise, to be set in motion.

A page that uses it loads exercise-figure.js and exercise-figure.css; without them start and end
stand there and don't move. Nothing is shown for what has no picture (advice, hands-on treatment).
"""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.patients.models import Patient
from filiform.clinic.patients.queries import body
from filiform.programme import Item
from filiform.programme.computed import ComputedStretch, computed_stretches, why_this_posture
from filiform.programme.figures import build_for, drawn_exercises, figure_of, figure_release
from filiform.words import Words

register = template.Library()


@register.filter
def build_of(patient: Patient) -> str:
    """The build that resembles a patient, as {% exercise_figure %} takes it."""
    measured = body(patient)
    return build_for(patient.sex, measured.height_cm, measured.weight_kg)


@register.filter
def computed(item: Item) -> tuple[tuple[str, Words, ComputedStretch], ...]:
    """Why a stretch has this posture: (muscle, sentence, what was computed) for each target."""
    if item.kind != "stretch":
        return ()
    table = computed_stretches()
    return tuple((muscle, why_this_posture(muscle), table[muscle]) for muscle in item.muscles)


@register.simple_tag
def exercise_figure(
    item: Item | str, *, patient: Patient | None = None, build: str = "", language: str = ""
) -> SafeString:
    """item: as the programme gives it, or its id ("cross-body:left"). patient: whom it shall
    resemble, or build for pages that ask once. language: of the page by default."""
    name, of_item = (item, "") if isinstance(item, str) else (item.id, item.side)
    exercise, _colon, of_name = name.partition(":")
    if exercise not in drawn_exercises():
        return SafeString("")
    # Without a patient some build has to be shown.
    chosen = build or (build_of(patient) if patient is not None else "woman")
    found = figure_of(exercise, chosen)
    turned = (language or get_language() or "en").startswith("ur")
    side = "left" if "left" in (of_item, of_name) else "right"
    still = _address(exercise, chosen, side, "turned" if turned else "still")
    return format_html(
        '<exercise-figure data-play="{}" data-stop="{}" data-moving="{}"><img src="{}" width="{}"'
        ' height="{}" alt="{}" loading="lazy" decoding="async"></exercise-figure>',
        _("Show the movement"),
        _("Stop the movement"),
        _address(exercise, chosen, side, "moving") if found.moves else "",
        still,
        found.still_width,
        found.height,
        # What is done stands beside it in words: the picture's name needs no more.
        _("Picture: how it begins and how it ends")
        if found.moves
        else _("Picture of the exercise"),
    )


def _address(exercise: str, build: str, side: str, kind: str) -> str:
    return reverse("programme:figure", args=[figure_release(), exercise, build, side, kind])
