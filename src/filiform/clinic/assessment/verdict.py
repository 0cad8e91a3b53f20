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
class VerdictLine:
    """A part of the verdict. look: danger, mind, tap or well-done."""

    look: str
    says: str


def sentences(found: Screening) -> list[VerdictLine]:
    """What the reader has to know, strictest first; never empty."""
    told = [*_flags(found), *_blocks(found), *_relative(found), *_changes(found)]
    told += _elsewhere(found)
    if found.unanswered:
        # Decided by what was said so far: a question after "no needling" is a remark, alone it is
        # the verdict.
        told.append(VerdictLine("mind", _open_questions(len(found.unanswered), bare=not told)))
    if found.not_understood:
        names = _listed(one.text for one in found.not_understood)
        says = _("Not understood, ask what it is: %(names)s.") % {"names": names}
        told.append(VerdictLine("mind", says))
    if not told:
        told = [VerdictLine("well-done", _("No contraindication to needling in the record."))]
    return told


def _open_questions(count: int, *, bare: bool) -> str:
    """bare: nothing else has been said, so that silence must not look like a yes."""
    if bare:
        says = ngettext(
            "Not known yet: %(count)s question is open. No contraindication found so far.",
            "Not known yet: %(count)s questions are open. No contraindication found so far.",
            count,
        )
    else:
        says = ngettext(
            "%(count)s question is still open, so this may change.",
            "%(count)s questions are still open, so this may change.",
            count,
        )
    return says % {"count": count}


def _flags(found: Screening) -> list[VerdictLine]:
    if not found.red_flags:
        return []
    names = _names(flag.name for flag in found.red_flags)
    return [VerdictLine("danger", _("Refer first, no needling: %(names)s.") % {"names": names})]


def _blocks(found: Screening) -> list[VerdictLine]:
    blocks = [one for one in found.reasons if one.weight is Weight.ABSOLUTE]
    everywhere = [one for one in blocks if one.anywhere]
    # Where nothing may be needled at all, the places of other rules are of no use.
    if everywhere:
        names = _names(one.name for one in everywhere)
        return [VerdictLine("danger", _("No needling today: %(names)s.") % {"names": names})]
    return [
        VerdictLine(
            "danger",
            _("No needling here today – %(place)s: %(names)s.") % {"place": place, "names": names},
        )
        for place, names in _by_place(blocks)
    ]


def _relative(found: Screening) -> list[VerdictLine]:
    relative = [one for one in found.reasons if one.weight is Weight.RELATIVE]
    if not relative:
        return []
    # With muscles chosen the rules are those of the sites; naming the place again would only
    # lengthen it.
    everywhere = [one for one in relative if one.anywhere or found.muscles]
    told = []
    if everywhere:
        names = _names(one.name for one in everywhere)
        told = [VerdictLine("mind", _("Only with a written reason: %(names)s.") % {"names": names})]
    limited = [one for one in relative if one not in everywhere]
    says = _("Only with a written reason – %(place)s: %(names)s.")
    return told + [
        VerdictLine("mind", says % {"place": place, "names": names})
        for place, names in _by_place(limited)
    ]


def _changes(found: Screening) -> list[VerdictLine]:
    changes = [one for one in found.reasons if one.weight is Weight.PRECAUTION]
    if not changes:
        return []
    names = _names(one.name for one in changes)
    if found.decision == "blocked":
        return [VerdictLine("tap", _("Elsewhere with precautions: %(names)s.") % {"names": names})]
    return [VerdictLine("tap", _("With precautions: %(names)s.") % {"names": names})]


def _elsewhere(found: Screening) -> list[VerdictLine]:
    """What would be out at places that are not meant today, so that nobody slips there."""
    blocks = [one for one in found.elsewhere if one.weight is Weight.ABSOLUTE]
    return [
        VerdictLine(
            "mind", _("Contraindicated – %(place)s: %(names)s.") % {"place": place, "names": names}
        )
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
    # Two rules may bear one name.
    text = comma().join(dict.fromkeys(first))
    if rest > 0:
        text = _("%(names)s and %(rest)s more") % {"names": text, "rest": rest}
    return text
