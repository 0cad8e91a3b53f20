"""Versions: of FHIR, told by the shape of the resources, and of one resource in a history."""

from __future__ import annotations

from filiform.exchange.fhir.elements import Json, a_text, an_object
from filiform.exchange.fhir.model import LeftOut

_OLDEST = frozenset({"MedicationOrder", "MedicationPrescription", "DiagnosticOrder", "BodySite"})
_NEWEST = frozenset({"MedicationUsage", "DeviceUsage", "DeviceAssociation"})
_STU3_KEYS = frozenset({"taken", "assertedDate", "notDone", "context"})
_DSTU2_KEYS = frozenset({"wasNotTaken", "dateRecorded", "notPerformed", "dateWritten"})


def version_of(bundle: Json, entries: list[Json]) -> str:
    """Which FHIR the Bundle is written in, by what only one version has; "R4" without a sign.

    R4B differs from R4 in nothing that is read here.
    """
    for entry in entries:
        resource = an_object(entry.get("resource"))
        kind = resource.get("resourceType")
        if kind in _OLDEST or _DSTU2_KEYS.intersection(resource):
            return "DSTU2"
        if kind in _NEWEST or "adherence" in resource:
            return "R5"
        if isinstance(kind, str) and kind.startswith("Medication"):
            inner = an_object(resource.get("medication"))
            if "concept" in inner or isinstance(inner.get("reference"), dict):
                return "R5"
            if _STU3_KEYS.intersection(resource):
                return "STU3"
        if kind in ("Condition", "AllergyIntolerance") and (
            isinstance(resource.get("clinicalStatus"), str) or "assertedDate" in resource
        ):
            return "STU3" if "assertedDate" in resource else "DSTU2 or STU3"
    return "R4"


def newest_versions(entries: list[Json]) -> tuple[list[Json], list[LeftOut]]:
    """The entries without those that a newer version of the same resource replaces.

    The version's number decides, then the day of its last change; without either both are kept,
    because nobody can tell. A deletion in a history takes the versions before it away.
    """
    newest: dict[str, tuple[tuple[int, str], int]] = {}
    dropped: list[int] = []
    gone = _deleted(entries)
    for number, entry in enumerate(entries):
        resource = entry.get("resource")
        if not isinstance(resource, dict):
            continue
        meta = resource.get("meta")
        label = f"{resource.get('resourceType')}/{resource.get('id')}"
        if label in gone and gone[label] < number:
            dropped.append(number)
            continue
        if not isinstance(meta, dict):
            continue
        rank = _rank(meta)
        if rank == (0, "") or not resource.get("id"):
            continue
        known = newest.get(label)
        if known is None or known[0] < rank:
            if known is not None:
                dropped.append(known[1])
            newest[label] = (rank, number)
        elif rank < known[0]:
            dropped.append(number)
    if not dropped:
        return entries, []
    out = set(dropped)
    left = [_left_out(entries[number]["resource"], gone) for number in sorted(out)]
    return [entry for number, entry in enumerate(entries) if number not in out], left


def _rank(meta: Json) -> tuple[int, str]:
    version, updated = a_text(meta.get("versionId")), a_text(meta.get("lastUpdated"))
    return (int(version) if version.isdecimal() else 0, updated)


def _deleted(entries: list[Json]) -> dict[str, int]:
    """ "Type/id" → where in a history (newest first) its deletion stands."""
    found: dict[str, int] = {}
    for number, entry in enumerate(entries):
        request = entry.get("request")
        if not isinstance(request, dict) or entry.get("resource"):
            continue
        if a_text(request.get("method")).upper() == "DELETE":
            found.setdefault("/".join(a_text(request.get("url")).split("/")[-2:]), number)
    return found


def _left_out(resource: Json, gone: dict[str, int]) -> LeftOut:
    from_code = an_object(resource.get("code") or resource.get("medicationCodeableConcept"))
    label = f"{resource.get('resourceType')}/{resource.get('id')}"
    text = a_text(from_code.get("text"))
    return LeftOut(label, text, "deleted" if label in gone else "older-version")
