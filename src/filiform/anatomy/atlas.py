"""The atlas: everything the project knows about muscles and trigger points, loaded once."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import TypeVar

import msgspec

from filiform.anatomy import search
from filiform.anatomy.model import (
    Hazard,
    Landmark,
    Muscle,
    Needling,
    PainSource,
    Prevalence,
    Privilege,
    Region,
    RegionGroup,
    TriggerPoint,
)
from filiform.anatomy.tables import (
    DataError,
    build,
    count_or_none,
    data_text,
    number_or_none,
    parts,
    rows,
    toml_rows,
    yes_or_no,
)
from filiform.words import Words

MUSCLE_COLUMNS = (
    *("id", "name_en", "name_ur", "latin_name", "aliases", "region", "privileges", "over_lung"),
    *("origin", "insertion", "innervation", "actions", "mimics", "factors"),
    *("confidence", "sources"),
)
TRIGGER_POINT_COLUMNS = (
    *("muscle_id", "trp", "site", "site_point", "essential_zones", "spillover_zones"),
    *("confidence", "sources"),
)
NEEDLING_COLUMNS = (
    *("muscle_id", "positions", "position_text", "grips", "palpation_text"),
    *("diameter_min_mm", "diameter_max_mm", "length_min_mm", "length_max_mm", "needle_text"),
    *("depth_min_mm", "depth_max_mm", "backstop", "depth_text", "direction", "technique"),
    *("structures_at_risk", "mitigation", "training_level", "confidence", "sources"),
)
PAIN_SOURCE_COLUMNS = (
    *("id", "kind", "name_en", "name_ur", "sided", "site_point"),
    *("essential_zones", "spillover_zones", "tells_apart_en", "tells_apart_ur"),
    *("red_flag_en", "red_flag_ur", "urgency", "confidence", "sources"),
)
PREVALENCE_COLUMNS = (
    *("muscle_id", "complaint", "trp_status", "n", "count", "percent_low", "percent_high"),
    *("side", "note", "study", "doi_pmid", "confirmation"),
)
LANDMARK_COLUMNS = ("id", "name", "definition", "region", "bilateral")
Named = TypeVar("Named", Privilege, Region, RegionGroup)
DATA_FILES = (
    *("muscles.tsv", "trigger_points.tsv", "needling.tsv", "landmarks.tsv"),
    *("pain_sources.tsv", "prevalence.tsv"),
    *("hazards.toml", "regions.toml", "privileges.toml", "release.toml"),
)


class RegionHazard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of hazards.toml: a hazard shared by the muscles of a region."""

    muscles: tuple[str, ...]
    structure: Words
    mitigation: Words
    sources: tuple[str, ...]
    evidence: str = ""
    confidence: str = "textbook"


class Atlas(msgspec.Struct, frozen=True, kw_only=True):
    """Muscles, regions, landmarks and privileges by id, in the order of their tables.

    release: the data's version and a digest of its files; stored with every plan.
    """

    release: str
    muscles: dict[str, Muscle]
    regions: dict[str, Region]
    region_groups: dict[str, RegionGroup]
    muscle_regions: dict[str, RegionGroup]
    landmarks: dict[str, Landmark]
    pain_sources: dict[str, PainSource]
    prevalence: tuple[Prevalence, ...]
    privileges: dict[str, Privilege]

    @property
    def trigger_points(self) -> tuple[TriggerPoint, ...]:
        return tuple(point for muscle in self.muscles.values() for point in muscle.trigger_points)

    def muscle(self, muscle_id: str) -> Muscle:
        """Raises KeyError naming the id and the nearest names that exist."""
        try:
            return self.muscles[muscle_id]
        except KeyError:
            near = ", ".join(muscle.id for muscle in self.search_muscles(muscle_id, limit=3))
            hint = f"; did you mean {near}?" if near else ""
            raise KeyError(f"the atlas has no muscle {muscle_id!r}{hint}") from None

    def search_muscles(self, text: str, limit: int = 12) -> tuple[Muscle, ...]:
        """Muscles whose English, Urdu or Latin name, id or short form is like `text`, best first.

        Tolerates misspelling. Empty text finds nothing.
        """
        return tuple(self.muscles[muscle_id] for muscle_id in search.find(self, text, limit))


@cache
def atlas() -> Atlas:
    """The one atlas of this installation. Raises DataError if its data are defective."""
    texts = {name: data_text(name) for name in DATA_FILES}
    return read_atlas(texts)


def read_atlas(texts: dict[str, str]) -> Atlas:
    """The atlas from the texts of DATA_FILES. Raises DataError naming file, row and field."""
    hazards = _hazards(texts["hazards.toml"])
    points = _trigger_points(texts["trigger_points.tsv"])
    needling = _needling(texts["needling.tsv"])
    privileges = _by_id(
        toml_rows("privileges.toml", texts["privileges.toml"], "privilege", Privilege)
    )
    regions = texts["regions.toml"]
    muscle_regions = _by_id(toml_rows("regions.toml", regions, "muscle_region", RegionGroup))
    muscles = _muscles(texts["muscles.tsv"], points, needling, hazards)
    for muscle in muscles.values():
        _check_references(muscle, privileges, muscle_regions)
    for name, table in (("trigger_points.tsv", points), ("needling.tsv", needling)):
        if strangers := set(table) - set(muscles):
            raise DataError(f"{name}: unknown muscles {sorted(strangers)}")
    if strangers := {name for entry in hazards for name in entry.muscles} - set(muscles):
        raise DataError(f"hazards.toml: unknown muscles {sorted(strangers)}")
    return Atlas(
        release=_release(texts),
        muscles=muscles,
        regions=_by_id(toml_rows("regions.toml", regions, "region", Region)),
        region_groups=_by_id(toml_rows("regions.toml", regions, "group", RegionGroup)),
        muscle_regions=muscle_regions,
        landmarks=_landmarks(texts["landmarks.tsv"]),
        pain_sources=_pain_sources(texts["pain_sources.tsv"]),
        prevalence=_prevalence(texts["prevalence.tsv"], set(muscles)),
        privileges=privileges,
    )


def _release(texts: dict[str, str]) -> str:
    version = tomllib.loads(texts["release.toml"])["release"]
    digest = hashlib.sha256("\0".join(texts[name] for name in DATA_FILES).encode()).hexdigest()
    return f"{version}+{digest[:8]}"


def _by_id(entries: Iterable[Named]) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for entry in entries:
        if entry.id in found:
            raise DataError(f"the id {entry.id!r} is used twice")
        found[entry.id] = entry
    return found


def _muscles(
    text: str,
    points: dict[str, tuple[TriggerPoint, ...]],
    needling: dict[str, Needling],
    hazards: tuple[RegionHazard, ...],
) -> dict[str, Muscle]:
    found: dict[str, Muscle] = {}
    for place, row in rows("muscles.tsv", text, MUSCLE_COLUMNS):
        muscle_id = row["id"]
        if muscle_id in found:
            raise DataError(f"{place}, id: {muscle_id!r} is used twice")
        if muscle_id not in needling or muscle_id not in points:
            raise DataError(f"{place}, id: {muscle_id!r} lacks needling notes or trigger points")
        found[muscle_id] = build(
            Muscle,
            place,
            {
                **{name: row[name] for name in ("id", "latin_name", "region", "origin")},
                **{name: row[name] for name in ("insertion", "innervation", "mimics")},
                "name": {"en": row["name_en"], "ur": row["name_ur"]},
                "aliases": parts(row["aliases"]),
                "privileges": parts(row["privileges"]),
                "over_lung": yes_or_no(place, "over_lung", row["over_lung"]),
                "actions": parts(row["actions"]),
                "factors": parts(row["factors"], ", "),
                "confidence": row["confidence"],
                "sources": parts(row["sources"]),
                "trigger_points": points[muscle_id],
                "needling": needling[muscle_id],
                "hazards": _hazards_of(needling[muscle_id], hazards),
            },
        )
    return found


def _hazards_of(note: Needling, entries: tuple[RegionHazard, ...]) -> tuple[Hazard, ...]:
    """Region hazards that name the muscle, then what its own needling note names."""
    shared = [
        build(
            Hazard,
            "hazards.toml",
            {
                "structure": entry.structure,
                "mitigation": entry.mitigation,
                "evidence": entry.evidence,
                "confidence": entry.confidence,
                "sources": entry.sources,
            },
        )
        for entry in entries
        if note.muscle_id in entry.muscles
    ]
    own = Hazard(
        structure=Words(en=note.structures_at_risk),
        mitigation=Words(en=note.mitigation),
        evidence="",
        confidence=note.confidence,
        sources=note.sources,
    )
    return (*shared, own)


def _trigger_points(text: str) -> dict[str, tuple[TriggerPoint, ...]]:
    found: dict[str, tuple[TriggerPoint, ...]] = {}
    for place, row in rows("trigger_points.tsv", text, TRIGGER_POINT_COLUMNS):
        point = build(
            TriggerPoint,
            place,
            {
                "muscle_id": row["muscle_id"],
                "number": row["trp"],
                "site": {"en": row["site"]},
                "site_point": row["site_point"],
                "essential_zones": parts(row["essential_zones"], " | "),
                "spillover_zones": parts(row["spillover_zones"], " | "),
                "confidence": row["confidence"],
                "sources": parts(row["sources"]),
            },
        )
        before = found.get(point.muscle_id, ())
        if any(other.number == point.number for other in before):
            raise DataError(f"{place}, trp: {point.id} is there twice")
        found[point.muscle_id] = (*before, point)
    return found


def _needling(text: str) -> dict[str, Needling]:
    found: dict[str, Needling] = {}
    for place, row in rows("needling.tsv", text, NEEDLING_COLUMNS):
        same = ("muscle_id", "position_text", "palpation_text", "needle_text", "backstop")
        more = ("depth_text", "direction", "technique", "structures_at_risk", "mitigation")
        note = build(
            Needling,
            place,
            {
                **{name: row[name] for name in (*same, *more, "training_level", "confidence")},
                "positions": parts(row["positions"]),
                "grips": parts(row["grips"]),
                "diameter": _span(place, row, "diameter"),
                "length": _span(place, row, "length"),
                "depth": _span(place, row, "depth"),
                "sources": parts(row["sources"]),
            },
        )
        if note.muscle_id in found:
            raise DataError(f"{place}, muscle_id: {note.muscle_id!r} is there twice")
        found[note.muscle_id] = note
    return found


def _span(place: str, row: dict[str, str], name: str) -> dict[str, float] | None:
    low_column, high_column = f"{name}_min_mm", f"{name}_max_mm"
    low = number_or_none(place, low_column, row[low_column])
    high = number_or_none(place, high_column, row[high_column])
    if (low is None) != (high is None):
        raise DataError(f"{place}, {low_column}/{high_column}: give both ends or none")
    return None if low is None or high is None else {"low_mm": low, "high_mm": high}


def _landmarks(text: str) -> dict[str, Landmark]:
    found: dict[str, Landmark] = {}
    for place, row in rows("landmarks.tsv", text, LANDMARK_COLUMNS):
        bilateral = yes_or_no(place, "bilateral", row["bilateral"])
        mark = build(Landmark, place, {**row, "bilateral": bilateral})
        if mark.id in found:
            raise DataError(f"{place}, id: {mark.id!r} is used twice")
        found[mark.id] = mark
    return found


def _pain_sources(text: str) -> dict[str, PainSource]:
    found: dict[str, PainSource] = {}
    for place, row in rows("pain_sources.tsv", text, PAIN_SOURCE_COLUMNS):
        flag = {"en": row["red_flag_en"], "ur": row["red_flag_ur"]} if row["red_flag_en"] else None
        source = build(
            PainSource,
            place,
            {
                **{name: row[name] for name in ("id", "kind", "site_point", "urgency")},
                "name": {"en": row["name_en"], "ur": row["name_ur"]},
                "sided": yes_or_no(place, "sided", row["sided"]),
                "essential_zones": parts(row["essential_zones"], " | "),
                "spillover_zones": parts(row["spillover_zones"], " | "),
                "tells_apart": {"en": row["tells_apart_en"], "ur": row["tells_apart_ur"]},
                "red_flag": flag,
                "confidence": row["confidence"],
                "sources": parts(row["sources"]),
            },
        )
        if source.id in found:
            raise DataError(f"{place}, id: {source.id!r} is used twice")
        found[source.id] = source
    return found


def _prevalence(text: str, muscles: set[str]) -> tuple[Prevalence, ...]:
    found = []
    words = ("muscle_id", "complaint", "trp_status", "side", "note", "study", "doi_pmid")
    for place, row in rows("prevalence.tsv", text, PREVALENCE_COLUMNS):
        if row["muscle_id"] not in muscles:
            raise DataError(f"{place}, muscle_id: the atlas has no muscle {row['muscle_id']!r}")
        low = number_or_none(place, "percent_low", row["percent_low"])
        high = number_or_none(place, "percent_high", row["percent_high"])
        numbers = {name: count_or_none(place, name, row[name]) for name in ("n", "count")}
        texts = {name: row[name] for name in (*words, "confirmation")}
        found.append(
            build(
                Prevalence,
                place,
                {**texts, **numbers, "percent_low": low, "percent_high": high},
            )
        )
    return tuple(found)


def _hazards(text: str) -> tuple[RegionHazard, ...]:
    return toml_rows("hazards.toml", text, "hazard", RegionHazard)


def _check_references(
    muscle: Muscle, privileges: dict[str, Privilege], regions: dict[str, RegionGroup]
) -> None:
    if not muscle.privileges or not muscle.privileges <= set(privileges):
        raise DataError(
            f"muscles.tsv, {muscle.id}, privileges: got {sorted(muscle.privileges)}, "
            f"allowed {sorted(privileges)}"
        )
    if muscle.region not in regions:
        raise DataError(f"muscles.tsv, {muscle.id}, region: {muscle.region!r} is not a region")
    if muscle.over_lung and "thorax" not in muscle.privileges:
        raise DataError(f"muscles.tsv, {muscle.id}: over the lung, so it needs 'thorax'")
