"""What the atlas' pages show; reads the atlas and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from filiform.anatomy import Muscle, PainSource, Prevalence, atlas
from filiform.anatomy.zones import Referral, what_refers_to
from filiform.clinic.atlas.places import Pointed
from filiform.clinic.atlas.vocabulary import CONFIDENCES, KINDS, KINDS_OF_SOURCES

MOST_FOUND = 40
PRESSING_PERCENT = 15
"""From this much of the place on, an emergency's source is named first: a design value, on the side
of caution, because spillover counts half."""


@dataclass(frozen=True)
class Found:
    """A source that refers to a place. points: numbers of a muscle's trigger points that do."""

    name: str
    kind: Any
    side: str
    href: str
    percent: int
    points: tuple[str, ...]
    sure: Any
    look: str
    source: PainSource | None = None


def regions_of_muscles() -> list[tuple[Any, list[Muscle]]]:
    """Muscle regions with their muscles, both in the atlas' order."""
    found = []
    for region in atlas().muscle_regions.values():
        muscles = [m for m in atlas().muscles.values() if m.region == region.id]
        if muscles:
            found.append((region.name, muscles))
    return found


def kinds_of_sources() -> list[tuple[Any, list[PainSource]]]:
    """Pain sources by kind."""
    every = atlas().pain_sources.values()
    return [(name, [s for s in every if s.kind == kind]) for kind, name in KINDS_OF_SOURCES.items()]


def sources_named(text: str) -> list[PainSource]:
    """Pain sources whose name in either language, or id, holds every word of the text."""
    words = text.casefold().split()
    if not words:
        return []

    def names(source: PainSource) -> str:
        # The id too: it holds the level ("facet-c5-6") that a clinician types.
        return f"{source.id} {source.name.en} {source.name.ur}".casefold()

    return [s for s in atlas().pain_sources.values() if all(w in names(s) for w in words)][:12]


def refers_to(place: Pointed) -> list[Found]:
    """Sources that refer to a place, the strongest first; trigger points joined to muscles."""
    rows: dict[tuple[str, str], list[Referral]] = {}
    for referral in what_refers_to(place.weights):
        key = (referral.source.muscle_id or referral.source.id, referral.source.side)
        rows.setdefault(key, []).append(referral)
    return _both_sides([_found(some) for some in rows.values()])[:MOST_FOUND]


def _both_sides(found: list[Found]) -> list[Found]:
    """Left and right as one where they cover the place alike, as in the midline."""
    kept: list[Found] = []
    for one in found:
        twin = next((k for k, other in enumerate(kept) if _twins(other, one)), None)
        if twin is None:
            kept.append(one)
        else:
            kept[twin] = replace(kept[twin], side="bilateral")
    return kept


def _twins(one: Found, other: Found) -> bool:
    same = one.name == other.name and one.points == other.points
    # A point of a hundred apart is rounding at the midline, not a side.
    return same and one.side != other.side and abs(one.percent - other.percent) <= 1


def not_to_be_missed(found: list[Found]) -> list[PainSource]:
    """Of those found, what must be acted on the same day; the more urgent first."""
    pressing = [f for f in found if f.source and f.percent >= PRESSING_PERCENT]
    sources = {f.source.id: f.source for f in pressing if f.source is not None}
    order = ("emergency", "same-day")
    return sorted(
        (s for s in sources.values() if s.urgency in order), key=lambda s: order.index(s.urgency)
    )


def prevalence_of(muscle: Muscle) -> list[Prevalence]:
    """Findings of studies in this muscle; those with a percentage first, highest first."""
    rows = [row for row in atlas().prevalence if row.muscle_id == muscle.id]
    # A study that found a muscle without counting it stands last.
    return sorted(rows, key=lambda row: -(row.percent_high or -1))


def _found(some: list[Referral]) -> Found:
    language = get_language() or "en"
    first = some[0].source
    percent = round(100 * max(referral.strength for referral in some))
    if first.muscle_id:
        muscle = atlas().muscles[first.muscle_id]
        numbers = tuple(sorted(referral.source.id.split("/")[1] for referral in some))
        point = muscle.trigger_point(first.id.split("/")[1])
        sure, look = CONFIDENCES[point.confidence]
        href = f"{reverse('atlas:muscle', args=[muscle.id])}?side={first.side}"
        if len(muscle.trigger_points) > 1:
            # Of several the strongest, which brought the muscle to its place in the list.
            href += f"&point={point.number}"
        else:
            numbers = ()
        name = muscle.name.in_language(language)
        return Found(name, KINDS["trigger-point"], first.side, href, percent, numbers, sure, look)
    source = atlas().pain_sources[first.id]
    sure, look = CONFIDENCES[source.confidence]
    href = reverse("atlas:source", args=[source.id])
    if first.side:
        href += f"?side={first.side}"
    name = source.name.in_language(language)
    return Found(name, KINDS[source.kind], first.side, href, percent, (), sure, look, source)
