"""Which muscles are out, which need a reason or a change, which are free – at one glance.

A row per region of the atlas; in it the muscles by decision. Regions in which everything has the
same answer on both sides are one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.anatomy import atlas
from filiform.clinic.assessment.vocabulary import CONSEQUENCES, SIDES
from filiform.screening import Decision, MuscleGroup

ORDER: tuple[Decision, ...] = ("blocked", "justify", "modify", "clear")


@dataclass
class Part:
    """The muscles of a region that have one answer. whole: all of the region, on both sides."""

    decision: Decision
    says: str
    look: str
    mark: str
    muscles: list[str] = field(default_factory=list)
    whole: bool = False


@dataclass
class RegionRow:
    name: str
    parts: list[Part]


@dataclass
class Glance:
    """counted: how many muscles, each side for itself, have which answer."""

    counted: list[tuple[int, str, str, str]]
    rows: list[RegionRow]
    same: bool
    """Whether the whole body has one answer, so that rows say nothing more."""


def body_at_a_glance(groups: Sequence[MuscleGroup]) -> Glance:
    """The answer for every muscle, sorted by region and decision."""
    found: dict[str, dict[Decision, dict[str, set[str]]]] = {}
    count: dict[Decision, int] = {}
    for group in groups:
        count[group.decision] = count.get(group.decision, 0) + len(group.muscles)
        for site in group.muscles:
            region = found.setdefault(atlas().muscles[site.muscle].region, {})
            region.setdefault(group.decision, {}).setdefault(site.muscle, set()).add(site.side)
    rows = [
        RegionRow(_local(atlas().muscle_regions[region].name), _parts(found[region]))
        for region in atlas().muscle_regions
        if region in found
    ]
    counted = [(count[one], *_look(one)) for one in ORDER if one in count]
    return Glance(counted, rows, len(counted) == 1)


def _look(decision: Decision) -> tuple[str, str, str]:
    says, look, mark = CONSEQUENCES[decision]
    return str(says), look, mark


def _parts(answers: dict[Decision, dict[str, set[str]]]) -> list[Part]:
    whole = len(answers) == 1
    parts = []
    for decision in ORDER:
        if decision in answers:
            named = sorted(_named(one, sides) for one, sides in answers[decision].items())
            parts.append(Part(decision, *_look(decision), muscles=named, whole=whole))
    return parts


def _named(muscle: str, sides: set[str]) -> str:
    name = _local(atlas().muscles[muscle].name)
    if len(sides) == 2:
        return name
    side = str(dict(SIDES).get(next(iter(sides)), "")).lower()
    return _("%(muscle)s, %(side)s") % {"muscle": name, "side": side}


def _local(words: object) -> str:
    return str(words.in_language(get_language() or "en"))  # type: ignore[attr-defined]
