"""Places of the body: which muscles a region holds, and where a fact of the record lies."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache

import msgspec

from filiform.disclosure import Side, Statement
from filiform.screening.codes import any_within
from filiform.screening.concept_matching import ConceptMatch, text_matches
from filiform.screening.folding import words_of
from filiform.screening.rulebook import RuleError, data_folder
from filiform.words import Words

Sides = frozenset[str]


class UnknownMuscleError(ValueError):
    """A site names a muscle that the atlas does not hold."""


class NeedlingSite(msgspec.Struct, frozen=True):
    """A muscle on one side that is meant to be needled; ids as in the atlas."""

    muscle: str
    side: Side

    def sides(self) -> Sides:
        # A needle in the midline may reach either side: what holds for one holds for it.
        if self.side in ("midline", "bilateral"):
            return frozenset({"left", "right"})
        return frozenset({self.side})


class RuleRegion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A named group of muscles, and the words and codes by which records name the place.

    limb: the limb that it belongs to ("arm", "leg"), for rules that rule out a whole limb.
    """

    id: str
    name: Words
    muscles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    limb: str = ""


class Place(msgspec.Struct, frozen=True, cache_hash=True):
    """Regions on certain sides; no regions means: anywhere, the record does not say where."""

    regions: frozenset[str] = frozenset()
    sides: Sides = frozenset({"left", "right"})

    def holds(self, site: NeedlingSite) -> bool:
        # A place that is not known is no place that is safe.
        if not self.regions:
            return True
        inside = any(site.muscle in muscles_of(region) for region in self.regions)
        return inside and bool(self.sides & site.sides())


@cache
def regions() -> dict[str, RuleRegion]:
    """All regions by id. Raises RuleError naming the region on a defect."""
    raw = tomllib.loads((data_folder() / "regions.toml").read_text("utf-8"))
    found: dict[str, RuleRegion] = {}
    for entry in raw["region"]:
        try:
            region = msgspec.convert(entry, RuleRegion)
        except msgspec.ValidationError as error:
            raise RuleError(f"regions.toml, {entry.get('id', '?')}: {error}") from None
        found[region.id] = region
    for region in found.values():
        for part in region.regions:
            if part not in found:
                raise RuleError(f"regions.toml, {region.id}: no region {part!r}")
    return found


@cache
def muscles_of(region: str) -> frozenset[str]:
    """Ids of all muscles in a region, its parts included."""
    known = regions()
    if region not in known:
        raise RuleError(f"no region {region!r} in regions.toml")
    found = set(known[region].muscles)
    for part in known[region].regions:
        found |= muscles_of(part)
    return frozenset(found)


@cache
def all_muscles() -> frozenset[str]:
    return frozenset().union(*(muscles_of(region) for region in regions()))


def checked(sites: Iterable[NeedlingSite]) -> tuple[NeedlingSite, ...]:
    """The sites, once each. Raises UnknownMuscleError naming the muscle and near ids."""
    found = tuple(dict.fromkeys(sites))
    for site in found:
        if site.muscle not in all_muscles():
            raise UnknownMuscleError(_unknown(site.muscle))
    return found


def _unknown(muscle: str) -> str:
    from rapidfuzz.process import extract

    near = [name for name, score, _ in extract(muscle, sorted(all_muscles()), limit=3)]
    return f"no muscle {muscle!r} in the atlas; near are {', '.join(near)}"


@lru_cache(maxsize=5_000)
def locate(fact: Statement, meaning: ConceptMatch) -> Place:
    """Where a fact lies: by its body site, its text, its codes; sides when it names them."""
    text = f"{fact.site} {fact.text} " + " ".join(coding.display for coding in fact.codings)
    words = words_of(text)
    found = {
        region.id
        for region in regions().values()
        if _mentioned(words, region.words) or any_within(meaning.icd10, region.icd10)
    }
    return Place(frozenset(found), _sides(fact, words))


def _mentioned(words: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return any(text_matches(words, name) for name in names)


def _sides(fact: Statement, words: tuple[str, ...]) -> Sides:
    if fact.side in ("left", "right"):
        return frozenset({fact.side})
    named: set[str] = {side for side in ("left", "right") if side in words}
    named |= {side for word, side in (("بائیں", "left"), ("دائیں", "right")) if word in words}
    # Both named or none: either way neither side is known to be free.
    return frozenset(named or {"left", "right"})


def whole_limb(place: Place) -> Place:
    """The limbs that a place belongs to; a place outside every limb stays as it is."""
    limbs = {regions()[region].limb for region in place.regions if regions()[region].limb}
    return Place(frozenset(limbs), place.sides) if limbs else place
