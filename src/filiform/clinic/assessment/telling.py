"""A story in words: for the history, for "last time", and for what two people wrote at once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from filiform.anatomy import atlas
from filiform.anatomy.surface import BodyDrawing
from filiform.clinic.assessment.complaints import complaint_name
from filiform.clinic.assessment.models import PainArea, Story
from filiform.clinic.assessment.vocabulary import AGGRAVATING, EASING, MECHANISMS, ONSETS, SIDES
from filiform.clinic.body.pictures import in_words as body_in_words
from filiform.clinic.body.queries import pain_of
from filiform.clinic.body.vocabulary import QUALITIES
from filiform.clinic.web.templatetags.filiform import isolated
from filiform.clinic.web.times import semicolon, written

LABELS: dict[str, Any] = {
    "complaint_code": _("Presenting complaint"),
    "complaint": _("In the patient's own words"),
    "onset": _("When it started"),
    "onset_on": _("The day, if it is known"),
    "mechanism": _("How it started"),
    "drawing": _("Where it hurts"),
    "aggravating": _("Aggravating factors"),
    "easing": _("Easing factors"),
    "pain_now": _("Pain now"),
    "pain_worst": _("Worst in the last 24 hours"),
    "pain_average": _("On average in the last week"),
    "notes": _("Anything else"),
}

_TABLES = {"onset": dict(ONSETS), "mechanism": dict(MECHANISMS)}
_LISTS = {"aggravating": dict(AGGRAVATING), "easing": dict(EASING)}


def comma() -> str:
    return "، " if (get_language() or "en").startswith("ur") else ", "


def region_name(region: str) -> str:
    known = atlas().regions.get(region)
    return known.name.in_language(get_language() or "en") if known else region


def area_in_words(area: PainArea) -> str:
    known = atlas().regions.get(area.region)
    parts = [region_name(area.region)]
    if known is None or known.sided:
        parts.append(str(dict(SIDES).get(area.side, area.side)).lower())
    if area.quality:
        parts.append(str(dict(QUALITIES).get(area.quality, area.quality)).lower())
    text = comma().join(parts)
    return text if area.intensity is None else f"{text}: {area.intensity}/10"


def in_words(told: Story, drawn: BodyDrawing) -> dict[str, str]:
    """Field → its text, only those that say something, in the order of the page."""
    found: dict[str, str] = {}
    # In the page's order, so that two versions stand beside each other line by line.
    for name in LABELS:
        text = (
            f"{semicolon()} ".join(drawn_in_words(drawn))
            if name == "drawing"
            else _field(told, name)
        )
        if text:
            found[name] = text
    return found


def words_of(told: Story) -> dict[str, str]:
    """A story that is in the record, with its drawing, in words."""
    return in_words(told, pain_of(told))


def drawn_in_words(drawn: BodyDrawing) -> list[str]:
    """A line for each painful region of a drawing."""
    return body_in_words(drawn, dict(QUALITIES))


def _field(told: Story, name: str) -> str:
    value = getattr(told, name)
    if value in (None, "", []):
        return ""
    if name == "complaint_code":
        return str(complaint_name(value))
    if name in _TABLES:
        return str(_TABLES[name].get(value, value))
    if name in _LISTS:
        return comma().join(str(_LISTS[name].get(one, one)) for one in value)
    if name == "onset_on":
        return written(value, "j F Y")
    return isolated(value)


def differences(mine: dict[str, str], theirs: dict[str, str]) -> list[tuple[Any, str, str]]:
    """(label, mine, theirs) of every field in which two stories differ."""
    return [
        (label, mine.get(name, ""), theirs.get(name, ""))
        for name, label in LABELS.items()
        if mine.get(name, "") != theirs.get(name, "")
    ]
