"""From the rows of the atlas' tables to its structs; every defect names file, line and field.

The columns, their types and what they mean stand in docs/reference/atlas.md.
"""

from __future__ import annotations

import msgspec

from filiform.anatomy.areas import Areas
from filiform.anatomy.hazards_urdu import warned
from filiform.anatomy.model import (
    Hazard,
    Landmark,
    Muscle,
    Needling,
    Outline,
    PainSource,
    Prevalence,
    TriggerPoint,
)
from filiform.anatomy.schema import needling_schema
from filiform.anatomy.tables import (
    DataError,
    build,
    count_or_none,
    number_or_none,
    parts,
    rows,
    toml_rows,
    yes_or_no,
)
from filiform.words import Words

MUSCLE_COLUMNS = (
    *("id", "name_en", "name_ur", "latin_name", "snomed", "aliases", "region", "privileges"),
    *("over_lung", "origin", "insertion", "innervation", "actions", "mimics_en", "mimics_ur"),
    *("factors", "confidence", "sources"),
)
TRIGGER_POINT_COLUMNS = (
    *("muscle_id", "trp", "site_en", "site_ur", "site_point"),
    *("essential_zones", "spillover_zones"),
    *("confidence", "sources"),
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
OUTLINE_COLUMNS = ("muscle_id", "outline", "lies", "confidence")
LANDMARK_COLUMNS = ("id", "name", "definition", "region", "bilateral")


class RegionHazard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of hazards.toml: a hazard shared by the muscles of a region."""

    muscles: tuple[str, ...]
    structure: Words
    mitigation: Words
    sources: tuple[str, ...]
    evidence: str = ""
    confidence: str = "textbook"


def muscles(
    text: str,
    points: dict[str, tuple[TriggerPoint, ...]],
    notes: dict[str, Needling],
    skin: dict[str, Outline],
    shared: tuple[RegionHazard, ...],
) -> dict[str, Muscle]:
    found: dict[str, Muscle] = {}
    for place, row in rows("muscles.tsv", text, MUSCLE_COLUMNS):
        muscle_id = row["id"]
        if muscle_id in found:
            raise DataError(f"{place}, id: {muscle_id!r} is used twice")
        for name, table in (
            ("trigger_points.tsv", points),
            ("needling.tsv", notes),
            ("outlines.tsv", skin),
        ):
            if muscle_id not in table:
                raise DataError(f"{place}, id: {muscle_id!r} has no row in {name}")
        found[muscle_id] = build(
            Muscle,
            place,
            {
                **{name: row[name] for name in ("id", "latin_name", "snomed", "region")},
                **{name: row[name] for name in ("origin", "insertion", "innervation")},
                "mimics": {"en": row["mimics_en"], "ur": row["mimics_ur"]},
                "name": {"en": row["name_en"], "ur": row["name_ur"]},
                "aliases": parts(row["aliases"]),
                "privileges": parts(row["privileges"]),
                "over_lung": yes_or_no(place, "over_lung", row["over_lung"]),
                "actions": parts(row["actions"]),
                "factors": parts(row["factors"], ", "),
                "confidence": row["confidence"],
                "sources": parts(row["sources"]),
                "outline": skin[muscle_id],
                "trigger_points": points[muscle_id],
                "needling": notes[muscle_id],
                "hazards": _hazards_of(notes[muscle_id], shared),
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
    # Last: the note is prose, and what the regions share is told first.
    structure, mitigation = warned(note)
    own = Hazard(
        structure=structure,
        mitigation=mitigation,
        evidence="",
        confidence=note.confidence,
        sources=note.sources,
    )
    return (*shared, own)


def trigger_points(text: str, areas: Areas) -> dict[str, tuple[TriggerPoint, ...]]:
    found: dict[str, tuple[TriggerPoint, ...]] = {}
    for place, row in rows("trigger_points.tsv", text, TRIGGER_POINT_COLUMNS):
        point = build(
            TriggerPoint,
            place,
            {
                "muscle_id": row["muscle_id"],
                "number": row["trp"],
                "site": {"en": row["site_en"], "ur": row["site_ur"]},
                "site_point": areas.point(place, row["site_point"]),
                "essential_zones": areas.zones(place, row, "essential"),
                "spillover_zones": areas.zones(place, row, "spillover"),
                "confidence": row["confidence"],
                "sources": parts(row["sources"]),
            },
        )
        before = found.get(point.muscle_id, ())
        # Plans and drawings name a point by muscle and number: both rows would answer to it.
        if any(other.number == point.number for other in before):
            raise DataError(f"{place}, trp: {point.id} is there twice")
        found[point.muscle_id] = (*before, point)
    return found


def outlines(text: str, areas: Areas) -> dict[str, Outline]:
    found: dict[str, Outline] = {}
    for place, row in rows("outlines.tsv", text, OUTLINE_COLUMNS):
        fields = {name: row[name] for name in ("muscle_id", "lies", "confidence")}
        outline = build(Outline, place, {**fields, "areas": areas.outline(place, row["outline"])})
        if outline.muscle_id in found:
            raise DataError(f"{place}, muscle_id: {outline.muscle_id!r} is there twice")
        found[outline.muscle_id] = outline
    return found


def needling(text: str) -> dict[str, Needling]:
    """Needling notes by muscle; every row is held against needling.schema.toml first."""
    schema, found = needling_schema(), dict[str, Needling]()
    for place, row in rows("needling.tsv", text, schema.columns):
        schema.check(place, row)
        note = build(
            Needling,
            place,
            {
                **{name: row[name] for name in _AS_WRITTEN},
                **{name: row[name] == "yes" for name in ("one_side", "near_spine", "over_viscera")},
                **{name: parts(row[name]) for name in ("positions", "grips", "sources")},
                **{name: _span(place, row, name) for name in ("diameter", "length", "depth")},
                "direction": {"en": row["direction_en"], "ur": row["direction_ur"]},
            },
        )
        if note.muscle_id in found:
            raise DataError(f"{place}, muscle_id: {note.muscle_id!r} is there twice")
        found[note.muscle_id] = note
    return found


_AS_WRITTEN = (
    *("muscle_id", "position_text", "usual_grip", "palpation_text", "needle_text", "backstop"),
    *(
        "depth_basis",
        "depth_text",
        "approach",
        "technique_max",
        "pistoning",
        "electrical",
        "guidance",
    ),
    *("technique_text", "structures_at_risk", "mitigation", "training_level", "confidence"),
)


def _span(place: str, row: dict[str, str], name: str) -> dict[str, float] | None:
    low_column, high_column = f"{name}_min_mm", f"{name}_max_mm"
    low = number_or_none(place, low_column, row[low_column])
    high = number_or_none(place, high_column, row[high_column])
    # Half a range reads as "up to", which nobody wrote.
    if (low is None) != (high is None):
        raise DataError(f"{place}, {low_column}/{high_column}: give both ends or none")
    return None if low is None or high is None else {"low_mm": low, "high_mm": high}


def landmarks(text: str) -> dict[str, Landmark]:
    found: dict[str, Landmark] = {}
    for place, row in rows("landmarks.tsv", text, LANDMARK_COLUMNS):
        bilateral = yes_or_no(place, "bilateral", row["bilateral"])
        mark = build(Landmark, place, {**row, "bilateral": bilateral})
        if mark.id in found:
            raise DataError(f"{place}, id: {mark.id!r} is used twice")
        found[mark.id] = mark
    return found


def pain_sources(text: str, areas: Areas) -> dict[str, PainSource]:
    found: dict[str, PainSource] = {}
    for place, row in rows("pain_sources.tsv", text, PAIN_SOURCE_COLUMNS):
        sided = yes_or_no(place, "sided", row["sided"])
        flag = {"en": row["red_flag_en"], "ur": row["red_flag_ur"]} if row["red_flag_en"] else None
        source = build(
            PainSource,
            place,
            {
                **{name: row[name] for name in ("id", "kind", "urgency")},
                "name": {"en": row["name_en"], "ur": row["name_ur"]},
                "sided": sided,
                "site_point": row["site_point"] and areas.point(place, row["site_point"]),
                "essential_zones": areas.zones(place, row, "essential", sided=sided),
                "spillover_zones": areas.zones(place, row, "spillover", sided=sided),
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


def prevalence(text: str, muscles: set[str]) -> tuple[Prevalence, ...]:
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


def hazards(text: str) -> tuple[RegionHazard, ...]:
    return toml_rows("hazards.toml", text, "hazard", RegionHazard)
