"""The verdict of screening in one or a few sentences, as the page and the print say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from filiform.clinic.assessment.telling import comma
from filiform.reasons import Weight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filiform.screening import Screening, ScreeningReason
    from filiform.words import Words


@dataclass(frozen=True)
class Sentence:
    """A part of the verdict. look: danger, mind, tap or well-done."""

    look: str
    says: str


def sentences(found: Screening) -> list[Sentence]:
    """What the reader has to know, strictest first; never empty."""
    told = [*_flags(found), *_blocks(found), *_relative(found), *_changes(found)]
    told += _elsewhere(found)
    if found.unanswered:
        told.append(Sentence("mind", _open_questions(len(found.unanswered), bare=not told)))
    if found.not_understood:
        names = _listed(one.text for one in found.not_understood)
        says = _("Not understood, ask what it is: %(names)s.") % {"names": names}
        told.append(Sentence("mind", says))
    if not told:
        told = [Sentence("well-done", _("Nothing in the record stands against needling."))]
    return told


def _open_questions(count: int, *, bare: bool) -> str:
    """bare: nothing else has been said, so that silence must not look like a yes."""
    if bare:
        says = ngettext(
            "Not known yet: %(count)s question is open. So far nothing stands against needling.",
            "Not known yet: %(count)s questions are open. So far nothing stands against needling.",
            count,
        )
    else:
        says = ngettext(
            "%(count)s question is still open, so this is not the last word.",
            "%(count)s questions are still open, so this is not the last word.",
            count,
        )
    return says % {"count": count}


def _flags(found: Screening) -> list[Sentence]:
    if not found.red_flags:
        return []
    names = _names(flag.name for flag in found.red_flags)
    return [Sentence("danger", _("Refer first, no needles: %(names)s.") % {"names": names})]


def _blocks(found: Screening) -> list[Sentence]:
    blocks = [one for one in found.reasons if one.weight is Weight.ABSOLUTE]
    everywhere = [one for one in blocks if one.anywhere]
    if everywhere:
        names = _names(one.name for one in everywhere)
        return [Sentence("danger", _("No needles today: %(names)s.") % {"names": names})]
    return [
        Sentence(
            "danger",
            _("Not here today – %(place)s: %(names)s.") % {"place": place, "names": names},
        )
        for place, names in _by_place(blocks)
    ]


def _relative(found: Screening) -> list[Sentence]:
    relative = [one for one in found.reasons if one.weight is Weight.RELATIVE]
    if not relative:
        return []
    everywhere = [one for one in relative if one.anywhere or found.muscles]
    told = []
    if everywhere:
        names = _names(one.name for one in everywhere)
        told = [Sentence("mind", _("Only with a written reason: %(names)s.") % {"names": names})]
    limited = [one for one in relative if one not in everywhere]
    says = _("Only with a written reason – %(place)s: %(names)s.")
    return told + [
        Sentence("mind", says % {"place": place, "names": names})
        for place, names in _by_place(limited)
    ]


def _changes(found: Screening) -> list[Sentence]:
    changes = [one for one in found.reasons if one.weight is Weight.PRECAUTION]
    if not changes:
        return []
    names = _names(one.name for one in changes)
    if found.decision == "blocked":
        return [Sentence("tap", _("Elsewhere with changes: %(names)s.") % {"names": names})]
    return [Sentence("tap", _("With changes: %(names)s.") % {"names": names})]


def _elsewhere(found: Screening) -> list[Sentence]:
    """What would be out at places that are not meant today, so that nobody slips there."""
    blocks = [one for one in found.elsewhere if one.weight is Weight.ABSOLUTE]
    return [
        Sentence("mind", _("Not at all – %(place)s: %(names)s.") % {"place": place, "names": names})
        for place, names in _by_place(blocks)
    ]


def _by_place(reasons: Iterable[ScreeningReason]) -> list[tuple[str, str]]:
    language = get_language() or "en"
    places: dict[str, list[Words]] = {}
    for one in reasons:
        places.setdefault(one.place.in_language(language), []).append(one.name)
    return [(place, _names(names)) for place, names in places.items()]


def _names(names: Iterable[Words]) -> str:
    language = get_language() or "en"
    return _listed(name.in_language(language) for name in names)


def _listed(texts: Iterable[str]) -> str:
    """The first four by name, the rest by number."""
    whole = list(texts)
    first, rest = whole[:4], len(whole) - 4
    text = comma().join(dict.fromkeys(first))
    if rest > 0:
        text = _("%(names)s and %(rest)s more") % {"names": text, "rest": rest}
    return text
