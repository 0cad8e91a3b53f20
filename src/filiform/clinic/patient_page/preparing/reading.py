"""What a screen's form says, as it is kept in the draft. Raises NotAnswered with a sentence."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from filiform.clinic.assessment.vocabulary import AGGRAVATING, EASING, MECHANISMS, ONSETS
from filiform.clinic.intake.vocabulary import DisclosureSection
from filiform.clinic.patient_page import drawing
from filiform.clinic.patient_page.preparing.screens import MOST_ACTIVITIES, Answers, Screen
from filiform.letters import as_read, whole_number
from filiform.screening.concepts import concepts

LONGEST_WORDS = 1000
LONGEST_NAME = 200
LONGEST_ACTIVITY = 80
MOST_LISTED = 40
"""Facts of one section; a long list of medicines has twenty. Design values."""
CHIPS: dict[str, tuple[tuple[str, Any], ...]] = {
    "onset": ONSETS,
    "mechanism": MECHANISMS,
    "aggravating": AGGRAVATING,
    "easing": EASING,
}
GOES_ON = "go"
"""The button that leads to the next screen; every other stays on this one."""


class NotAnswered(ValueError):
    """The message says what is lacking or can't be used, and what to do."""


def read(screen: Screen, data: QueryDict, answers: Answers) -> tuple[Any, bool]:
    """(the answer, whether the next screen comes). An answer of None was skipped."""
    before = answers.get(screen.id)
    if screen.kind == "section":
        return _section(screen.about, data, before or {})
    return _READERS[screen.kind](screen, data), True


def _changed(screen: Screen, data: QueryDict) -> str:
    value = data.get("a", "")
    if value not in ("yes", "no"):
        raise NotAnswered(_("Tap yes or no."))
    return value


def _question(screen: Screen, data: QueryDict) -> bool | None:
    given = {"yes": True, "no": False, "unsure": None}
    value = data.get("a", "")
    if value not in given:
        raise NotAnswered(_("Tap yes, no, or “I don't know”."))
    return given[value]


def _drawing(screen: Screen, data: QueryDict) -> str:
    try:
        return drawing.sent(drawing.pain_field(), data).as_text()
    except ValidationError as unusable:
        raise NotAnswered(" ".join(unusable.messages)) from None


def _words(screen: Screen, data: QueryDict) -> str:
    return as_read(data.get("text", ""), lines=True).strip()[:LONGEST_WORDS]


def _one(screen: Screen, data: QueryDict) -> str | None:
    value = data.get("a", "")
    return value if value in dict(CHIPS[screen.id]) else None


def _many(screen: Screen, data: QueryDict) -> list[str]:
    chosen = set(data.getlist("a"))
    return [code for code, _name in CHIPS[screen.id] if code in chosen]


def _rating(screen: Screen, data: QueryDict) -> int | None:
    if "skip" in data:
        return None
    number = whole_number(data.get("a", ""), digits=2)
    if number is None or number > 10:
        raise NotAnswered(_("Say how strong it is: tap a number from 0 to 10."))
    return number


def _activities(screen: Screen, data: QueryDict) -> list[str]:
    given = [as_read(one).strip()[:LONGEST_ACTIVITY] for one in data.getlist("a")]
    return [one for one in dict.fromkeys(given) if one][:MOST_ACTIVITIES]


def _read_ahead(screen: Screen, data: QueryDict) -> str:
    return "read" if data.get("a") == "read" else "later"


_READERS = {
    "changed": _changed,
    "question": _question,
    "drawing": _drawing,
    "words": _words,
    "one": _one,
    "many": _many,
    "rating": _rating,
    "ability": _rating,
    "activities": _activities,
    "consent": _read_ahead,
}


def _section(
    section: DisclosureSection, data: QueryDict, before: dict[str, Any]
) -> tuple[dict[str, Any], bool]:
    """One list: add, take out again, "not any more", nothing, done."""
    told = list(before.get("told", ()))
    gone = set(before.get("gone", ()))
    doing = data.get("do", "add" if data.get("concept") else GOES_ON)
    name = as_read(data.get("text", "")).strip()[:LONGEST_NAME]
    if doing == "none":
        return {"told": [], "gone": sorted(gone), "done": True, "none": True}, True
    if doing.startswith("remove-"):
        number = whole_number(doing.removeprefix("remove-"), digits=3)
        told = [one for place, one in enumerate(told) if place != number]
    elif doing.startswith(("gone-", "still-")):
        verb, _dash, fact = doing.partition("-")
        gone = gone | {fact} if verb == "gone" else gone - {fact}
    elif name or data.get("concept"):
        # Also with "Go on": what was typed and not added must not be lost.
        told = _with(told, _named(section, name, data.get("concept", "")))
    elif doing == "add":
        raise NotAnswered(_("Write what it is, then tap Add."))
    stays = doing != GOES_ON
    found = {"told": told, "gone": sorted(gone), "done": not stays, "none": False}
    return found, not stays


def _named(section: DisclosureSection, name: str, concept: str) -> dict[str, str]:
    known = concepts().get(concept)
    if known is not None and known.kind in section.kinds:
        return {"kind": known.kind.value, "text": name or known.name.en, "concept": known.id}
    return {"kind": section.kind.value, "text": name, "concept": ""}


def _with(told: list[dict[str, str]], one: dict[str, str]) -> list[dict[str, str]]:
    if not one["text"] or any(there["text"].casefold() == one["text"].casefold() for there in told):
        return told
    if len(told) >= MOST_LISTED:
        raise NotAnswered(
            _("These are %(most)s already. Tell us the rest at the visit.") % {"most": MOST_LISTED}
        )
    return [*told, one]
