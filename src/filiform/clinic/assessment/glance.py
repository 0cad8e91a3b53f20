"""Which muscles are out, which need a reason or a change, which are free – at one glance.

A row per region of the atlas; in it the muscles by decision. Regions in which everything has the
same answer on both sides are one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.anatomy import atlas
from filiform.clinic.assessment.vocabulary import CONSEQUENCES, SIDES
from filiform.screening import Decision, MuscleGroup, rules
from filiform.words import Words

ORDER: tuple[Decision, ...] = ("blocked", "justify", "modify", "clear")


@dataclass
class RegionVerdict:
    """The muscles of a region that have one answer for the same reasons.

    whole: all of the region, on both sides. because: names of the reasons that do not hold for
    the whole body anyway.
    """

    says: str
    look: str
    mark: str
    muscles: list[str]
    because: list[str]
    whole: bool


@dataclass
class RegionRow:
    name: str
    parts: list[RegionVerdict]


@dataclass
class Glance:
    """counted: how many muscles, each side for itself, have which answer. everywhere: names of
    the reasons that hold for every muscle. same: whether the whole body has one answer, so that
    rows say nothing more."""

    counted: list[tuple[int, str, str, str]]
    everywhere: list[str]
    rows: list[RegionRow]
    same: bool


DecisionAndWhy = tuple[Decision, tuple[str, ...]]
SidesOfMuscles = dict[str, set[str]]


def body_at_a_glance(groups: Sequence[MuscleGroup]) -> Glance:
    """The answer for every muscle, sorted by region, decision and reasons."""
    # Said once above the table: "pregnancy" beside each of two hundred muscles would hide the rest.
    common = set.intersection(*(set(group.reasons) for group in groups))
    found: dict[str, dict[DecisionAndWhy, SidesOfMuscles]] = {}
    count: dict[Decision, int] = {}
    for group in groups:
        # Each side by itself, as needles go: a rule may hold on the left only.
        count[group.decision] = count.get(group.decision, 0) + len(group.muscles)
        answer = group.decision, tuple(one for one in group.reasons if one not in common)
        for site in group.muscles:
            region = found.setdefault(atlas().muscles[site.muscle].region, {})
            region.setdefault(answer, {}).setdefault(site.muscle, set()).add(site.side)
    rows = [
        RegionRow(_local(atlas().muscle_regions[region].name), _parts(found[region]))
        for region in atlas().muscle_regions
        if region in found
    ]
    counted = [(count[one], *_look(one)) for one in ORDER if one in count]
    everywhere = [one for one in groups[0].reasons if one in common]
    return Glance(counted, _reasons(everywhere), rows, len(groups) == 1)


def _look(decision: Decision) -> tuple[str, str, str]:
    says, look, mark = CONSEQUENCES[decision]
    return str(says), look, mark


def _parts(answers: dict[DecisionAndWhy, SidesOfMuscles]) -> list[RegionVerdict]:
    parts = []
    for decision, because in sorted(answers, key=lambda one: (ORDER.index(one[0]), one[1])):
        sides = answers[decision, because]
        parts.append(
            RegionVerdict(
                *_look(decision),
                muscles=sorted(_named(muscle, held) for muscle, held in sides.items()),
                because=_reasons(because),
                whole=len(answers) == 1,
            )
        )
    return parts


def _reasons(ids: Iterable[str]) -> list[str]:
    known = {rule.id: rule.name for rule in rules()}
    return [_local(known[one]) for one in ids]


def _named(muscle: str, sides: set[str]) -> str:
    name = _local(atlas().muscles[muscle].name)
    if len(sides) == 2:
        return name
    side = str(dict(SIDES).get(next(iter(sides)), "")).lower()
    return _("%(muscle)s, %(side)s") % {"muscle": name, "side": side}


def _local(words: Words) -> str:
    return words.in_language(get_language() or "en")
