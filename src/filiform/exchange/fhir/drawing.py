"""A drawing on the body ↔ FHIR R4.

Observation "Pain drawing" (the exact patches in an extension) ─ hasMember ─▶ one Observation for
each painful region (bodySite, strength, quality) ─ bodySite extension ─▶ BodyStructure (region
and side). Systems that know nothing of our extension read the regions; from such systems we read
regions too. docs/reference/drawings.md.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from filiform.anatomy.atlas import atlas
from filiform.anatomy.model import Region
from filiform.anatomy.surface import AreaError, BodyDrawing, of_regions, surface
from filiform.anatomy.surface.listing import ListedRegion, entries
from filiform.disclosure import LOINC, SNOMED
from filiform.exchange.fhir.elements import (
    Json,
    a_number,
    a_text,
    an_object,
    codings_of,
    objects,
    sites_and_side,
    text_of,
)
from filiform.exchange.fhir.index import reference_of
from filiform.exchange.fhir.model import Unread

EXTENSION = "urn:filiform:fhir:drawing"
"""Complex extension of the drawing's Observation: `release` and `text`, both strings."""
REGIONS = "urn:filiform:region"
QUALITIES = "urn:filiform:pain-quality"
KINDS = "urn:filiform:drawing-kind"
BODY_SITE = "http://hl7.org/fhir/StructureDefinition/bodySite"
"""FHIR's own extension that lets a bodySite point at a BodyStructure."""
PAIN = {"system": SNOMED, "code": "22253000", "display": "Pain"}
PAIN_SEVERITY = "72514-3"
"""LOINC: pain severity, 0 to 10 verbal numeric rating."""
SIDES = {
    "left": {"system": SNOMED, "code": "7771000", "display": "Left"},
    "right": {"system": SNOMED, "code": "24028007", "display": "Right"},
}
KIND_NAMES = {"pain": "Pain drawing", "bruise": "Bruise drawing", "soreness": "Soreness drawing"}


class ReadDrawing(NamedTuple):
    """A drawing that was read. exact: patch by patch; else by region, because no more was said.

    kind: pain, bruise or soreness. when: as the record says it, "" where it doesn't.
    """

    drawing: BodyDrawing
    exact: bool
    kind: str
    when: str


def drawing_resources(
    drawing: BodyDrawing, *, patient: str, when: datetime, id_: str, kind: str = "pain"
) -> list[Json]:
    """The drawing as resources, the Observation that holds all first.

    patient: a reference ("Patient/12"). id_: id of the first resource, at most 50 characters of
    FHIR's id; the others continue it. kind: pain, bruise or soreness.
    """
    # Regions that a pen only touched stand in the exact text, and would be false as findings.
    shown = [entry for entry in entries(drawing) if entry.noted]
    at = when.isoformat()
    whole: Json = {
        "resourceType": "Observation",
        "id": id_,
        "extension": [
            {
                "url": EXTENSION,
                "extension": [
                    {"url": "release", "valueString": surface().release},
                    {"url": "text", "valueString": drawing.as_text()},
                ],
            }
        ],
        "status": "final",
        "code": _kind_code(kind),
        "subject": {"reference": patient},
        "effectiveDateTime": at,
    }
    if shown:
        members = [f"Observation/{id_}-{n}" for n in range(len(shown))]
        whole["hasMember"] = [{"reference": member} for member in members]
    found = [whole]
    for number, entry in enumerate(shown):
        found += _part(entry, patient=patient, at=at, id_=id_, number=number, kind=kind)
    return found


def _kind_code(kind: str) -> Json:
    coding = [{"system": KINDS, "code": kind, "display": KIND_NAMES[kind]}]
    return {"coding": coding, "text": KIND_NAMES[kind]}


def _part(
    entry: ListedRegion, *, patient: str, at: str, id_: str, number: int, kind: str
) -> list[Json]:
    place = _place_concept(entry.region)
    structure: Json = {
        "resourceType": "BodyStructure",
        "id": f"{id_}-b{number}",
        "location": place,
        "description": f"{place['text']}, {entry.side}: {entry.extent}",
        "patient": {"reference": patient},
    }
    if entry.side in SIDES:
        structure["locationQualifier"] = [{"coding": [SIDES[entry.side]]}]
    pointer = {"url": BODY_SITE, "valueReference": {"reference": f"BodyStructure/{id_}-b{number}"}}
    told: Json = {
        "resourceType": "Observation",
        "id": f"{id_}-{number}",
        "status": "final",
        "code": {"coding": [PAIN], "text": "Pain"} if kind == "pain" else _kind_code(kind),
        "subject": {"reference": patient},
        "effectiveDateTime": at,
        "bodySite": {"extension": [pointer], **place, "text": f"{place['text']}, {entry.side}"},
    }
    if entry.intensity is not None:
        told["valueInteger"] = entry.intensity
    if entry.quality:
        quality = {"coding": [{"system": QUALITIES, "code": entry.quality}], "text": entry.quality}
        told["component"] = [{"code": {"text": "Quality"}, "valueCodeableConcept": quality}]
    return [told, structure]


def _place_concept(region: str) -> Json:
    known = atlas().regions[region]
    codings: list[Json] = []
    if known.snomed:
        codings.append({"system": SNOMED, "code": known.snomed, "display": known.name.en})
    codings.append({"system": REGIONS, "code": region, "display": known.name.en})
    return {"coding": codings, "text": known.name.en}


# --- reading -----------------------------------------------------------------------------------


def read_drawings(resources: Iterable[object]) -> tuple[list[ReadDrawing], list[Unread]]:
    """Drawings among resources: exact ones from our extension, else pain by body site.

    Whatever can't be read is named, never dropped in silence.
    """
    given: list[Json] = [resource for resource in resources if isinstance(resource, dict)]
    by_reference = {f"{r.get('resourceType')}/{r.get('id')}": r for r in given}
    drawn: list[ReadDrawing] = []
    unread: list[Unread] = []
    taken: set[str] = set()
    for resource in given:
        text = _own_text(resource)
        if text is None or _left_out(resource):
            continue
        try:
            drawing = BodyDrawing.from_text(text)
        except AreaError as error:
            unread.append(Unread(_label(resource), f"{error}; its regions are read instead"))
            continue
        # Its regions say the same more coarsely; read again they would be a second drawing.
        taken |= {reference_of(member) for member in objects(resource.get("hasMember"))}
        taken.add(_label(resource))
        drawn.append(ReadDrawing(drawing, True, _kind_of(resource), _when(resource)))
    # A drawing of ours that can't be read is left out here, and its regions are not: they stand in.
    rest = [r for r in given if _label(r) not in taken and _own_text(r) is None]
    found, unknown = _by_site(rest, by_reference)
    return drawn + found, unread + unknown


def _by_site(
    resources: list[Json], by_reference: dict[str, Json]
) -> tuple[list[ReadDrawing], list[Unread]]:
    """Observations of pain at a body site, gathered by their day."""
    marks: dict[tuple[str, str], list[tuple[str, str, float, str, int | None]]] = {}
    unread: list[Unread] = []
    for resource in resources:
        if resource.get("resourceType") != "Observation" or _left_out(resource):
            continue
        kind = _kind_of(resource)
        if not kind or not resource.get("bodySite"):
            continue
        place, side = _site(resource, by_reference)
        regions = [] if place is None else regions_of(place)
        if not regions:
            said = text_of(resource.get("bodySite")) or "without a name"
            unread.append(Unread(_label(resource), f"body site {said[:60]!r} is none we know"))
            continue
        row = marks.setdefault((kind, _when(resource)), [])
        intensity, quality = _intensity(resource), _quality(resource)
        # A side that is not said may be either, and so both are shown.
        row += [(region, side or "bilateral", 1.0, quality, intensity) for region in regions]
    drawn = [
        ReadDrawing(of_regions(some), False, kind, when) for (kind, when), some in marks.items()
    ]
    return drawn, unread


def _site(resource: Json, by_reference: dict[str, Json]) -> tuple[object, str | None]:
    """The concept of the place and its side, from the BodyStructure where there is one."""
    site = an_object(resource.get("bodySite"))
    _, side = sites_and_side([site])
    for extension in objects(site.get("extension")):
        if extension.get("url") != BODY_SITE:
            continue
        structure = by_reference.get(reference_of(extension.get("valueReference")))
        if structure:
            qualifiers = objects(structure.get("locationQualifier"))
            _, named = sites_and_side(qualifiers)
            return structure.get("location") or site, named or side
    return site, side


def regions_of(concept: object) -> list[str]:
    """Our regions for a body site: by our own code, by SNOMED CT, else by its name."""
    known = atlas().regions
    for coding in codings_of(concept):
        if coding.system == REGIONS and coding.code in known:
            return [coding.code]
    by_snomed = _by_snomed()
    for coding in codings_of(concept):
        if coding.system in (SNOMED, "") and coding.code in by_snomed:
            return list(by_snomed[coding.code])
    name = _plain(text_of(concept))
    return _by_name().get(name, [])


def _plain(name: str) -> str:
    """ "Left shoulder", "Shoulder, left" and "shoulder" are one name."""
    words = name.lower().replace(",", " ").split()
    sides = {"left", "right", "bilateral", "both", "sides", "structure", "region", "of", "the"}
    return " ".join(word for word in words if word not in sides)


@lru_cache(maxsize=1)
def _by_snomed() -> dict[str, tuple[str, ...]]:
    table = files("filiform.exchange.fhir").joinpath("data").joinpath("body_sites.tsv")
    rows = csv.DictReader(table.read_text("utf-8").splitlines(), delimiter="\t")
    broad = {row["snomed"]: tuple(row["regions"].split()) for row in rows}
    exact = {r.snomed: (r.id,) for r in atlas().regions.values() if r.snomed}
    # One of our own regions for a code is finer than the table's, so it wins.
    return broad | exact


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[str]]:
    regions: Iterable[Region] = atlas().regions.values()
    found: dict[str, list[str]] = {
        _plain(group.name.en): [] for group in atlas().region_groups.values()
    }
    for region in regions:
        found[_plain(atlas().region_groups[region.group].name.en)].append(region.id)
    table = files("filiform.exchange.fhir").joinpath("data").joinpath("body_sites.tsv")
    for row in csv.DictReader(table.read_text("utf-8").splitlines(), delimiter="\t"):
        found[_plain(row["name"])] = row["regions"].split()
    # Likewise by name: "shoulder" may be a group and a region.
    return found | {_plain(region.name.en): [region.id] for region in regions}


def _own_text(resource: Json) -> str | None:
    for extension in objects(resource.get("extension")):
        if extension.get("url") == EXTENSION:
            for part in objects(extension.get("extension")):
                if part.get("url") == "text":
                    value = part.get("valueString")
                    return value if isinstance(value, str) else ""
    return None


def _kind_of(resource: Json) -> str:
    """pain, bruise, soreness, or "" for an observation of something else."""
    for coding in codings_of(resource.get("code")):
        if coding.system == KINDS and coding.code in KIND_NAMES:
            return coding.code
        if (coding.system, coding.code) in ((SNOMED, PAIN["code"]), (LOINC, PAIN_SEVERITY)):
            return "pain"
    return "pain" if text_of(resource.get("code")).lower() == "pain" else ""


def _intensity(resource: Json) -> int | None:
    for value in (
        resource.get("valueInteger"),
        an_object(resource.get("valueQuantity")).get("value"),
    ):
        number = a_number(value)
        if number is not None and 0 <= number <= 10:
            return round(number)
    return None


def _quality(resource: Json) -> str:
    for part in objects(resource.get("component")):
        for coding in codings_of(part.get("valueCodeableConcept")):
            if coding.system == QUALITIES:
                return coding.code
    return ""


def _left_out(resource: Json) -> bool:
    return a_text(resource.get("status")) in ("entered-in-error", "cancelled", "registered")


def _when(resource: Json) -> str:
    return a_text(resource.get("effectiveDateTime"))


def _label(resource: Json) -> str:
    return f"{a_text(resource.get('resourceType'))}/{a_text(resource.get('id'))}"
