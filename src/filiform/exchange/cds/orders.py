"""Dry needling among the draft orders, and the muscles that it is meant for."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from filiform.anatomy import atlas
from filiform.anatomy.search import normal
from filiform.disclosure import Side
from filiform.exchange.fhir.elements import (
    Json,
    a_text,
    an_object,
    codings_of,
    objects,
    sites_and_side,
    text_of,
)
from filiform.screening import NeedlingSite
from filiform.screening.concept_matching import text_matches
from filiform.screening.folding import words_of
from filiform.screening.sites import muscles_of, regions

NEEDLING_CODES = frozenset({"20560", "20561"})
"""CPT: needle insertion without injection, one or two muscles, three or more muscles."""
_NEEDLING = re.compile(
    r"\b(dry[- ]?needl\w*|intramuscular stimulation|trigger[- ]point needling)\b", re.I
)


class NeedlingOrder(msgspec.Struct, frozen=True):
    """One draft order of dry needling. sites is empty where it names no place we know."""

    reference: str
    resource: Json
    sites: tuple[NeedlingSite, ...]
    place: str


def needling_orders(context: Json) -> tuple[NeedlingOrder, ...]:
    """The orders of dry needling: of those just selected, where the hook says which they are."""
    selected = context.get("selections")
    wanted = {str(one) for one in selected} if isinstance(selected, list) else None
    found = []
    for entry in objects(an_object(context.get("draftOrders")).get("entry")):
        resource = an_object(entry.get("resource"))
        reference = f"{a_text(resource.get('resourceType'))}/{a_text(resource.get('id'))}"
        if (
            wanted is not None
            and reference not in wanted
            and a_text(resource.get("id")) not in wanted
        ):
            continue
        if resource.get("resourceType") == "ServiceRequest" and _is_needling(resource):
            place = objects(resource.get("bodySite"))
            text, _side = sites_and_side(place)
            found.append(NeedlingOrder(reference, resource, _sites(resource), text))
    return tuple(found)


def _is_needling(resource: Json) -> bool:
    # An order not to needle is an order too.
    if resource.get("doNotPerform") is True:
        return False
    concepts = [resource.get("code"), *objects(resource.get("orderDetail"))]
    for concept in concepts:
        codings = codings_of(concept)
        texts = [text_of(concept), *(coding.display for coding in codings)]
        if any(coding.code in NEEDLING_CODES for coding in codings):
            return True
        if any(_NEEDLING.search(text) for text in texts):
            return True
    return False


def _sites(resource: Json) -> tuple[NeedlingSite, ...]:
    """The muscles of an order. A place that names a region means all its muscles."""
    found: list[NeedlingSite] = []
    for place in objects(resource.get("bodySite")):
        _, side = sites_and_side([place])
        texts = [text_of(place), *(coding.display for coding in codings_of(place))]
        codes = [coding.code for coding in codings_of(place)]
        muscles = [code for code in codes if code in atlas().muscles]
        muscles = muscles or _muscles_named(texts) or _muscles_of_regions(texts)
        found += [NeedlingSite(muscle, one) for muscle in muscles for one in _sides(side)]
    return tuple(dict.fromkeys(found))


def _sides(side: Side | None) -> tuple[Side, ...]:
    if side in ("left", "right"):
        return (side,)
    # A side that is not said is either.
    return ("left", "right")


@cache
def _names() -> dict[str, str]:
    """Every name of a muscle in plain words → its id, the longest names first."""
    known = {
        name: muscle.id
        for muscle in atlas().muscles.values()
        for text in (muscle.name.en, muscle.latin_name, muscle.id, *muscle.aliases)
        # Names of a few letters would be found in other words by chance.
        if len(name := normal(text)) >= 5
    }
    # "Upper trapezius" before "trapezius": the longest name is the one that was meant.
    return dict(sorted(known.items(), key=lambda pair: -len(pair[0])))


def _muscles_named(texts: list[str]) -> list[str]:
    for text in texts:
        plain = f" {normal(text)} "
        for name, muscle in _names().items():
            if f" {name} " in plain:
                # Only the longest that fits: "upper trapezius" would bring the whole trapezius
                # along.
                return [muscle]
    return []


def _muscles_of_regions(texts: list[str]) -> list[str]:
    words = words_of(" ".join(texts))
    held: set[str] = set()
    for region in regions().values():
        if any(text_matches(words, name) for name in region.words):
            held |= muscles_of(region.id)
    return sorted(held)
