"""Versions: of FHIR, told by the shape of the resources, and of one resource in a history."""

from __future__ import annotations

from filiform.exchange.fhir.elements import Json, a_text, an_object
from filiform.exchange.fhir.model import LeftOut
from filiform.letters import whole_number

_OLDEST = frozenset({"MedicationOrder", "MedicationPrescription", "DiagnosticOrder", "BodySite"})
_NEWEST = frozenset({"MedicationUsage", "DeviceUsage", "DeviceAssociation"})
_STU3_KEYS = frozenset({"taken", "assertedDate", "notDone"})
_TELLING = frozenset(
    {
        "Condition", "AllergyIntolerance", "Procedure", "MedicationRequest", "MedicationStatement",
        "MedicationAdministration", "MedicationDispense", *_OLDEST, *_NEWEST,
    }
)  # fmt: skip
_DSTU2_KEYS = frozenset({"wasNotTaken", "dateRecorded", "notPerformed", "dateWritten"})


def version_of(entries: list[Json]) -> str:
    """Which FHIR the Bundle is written in, by what only one version has; "R4" without a sign.

    R4B differs from R4 in nothing that is read here.
    """
    for entry in entries:
        resource = entry.get("resource")
        if isinstance(resource, dict) and a_text(resource.get("resourceType")) in _TELLING:
            found = _told_by(resource)
            if found:
                return found
    return "R4"


def _told_by(resource: Json) -> str:
    """The version that one resource's shape tells, "" when it could be R4."""
    kind = resource.get("resourceType")
    # Names that only one version had; most elements are alike in all.
    if kind in _OLDEST or _DSTU2_KEYS.intersection(resource):
        return "DSTU2"
    if kind in _NEWEST or "adherence" in resource:
        return "R5"
    inner = an_object(resource.get("medication"))
    if "concept" in inner or isinstance(inner.get("reference"), dict):
        return "R5"
    if _STU3_KEYS.intersection(resource):
        return "STU3"
    return "DSTU2 or STU3" if isinstance(resource.get("clinicalStatus"), str) else ""


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
        told = isinstance(meta, dict) and ("versionId" in meta or "lastUpdated" in meta)
        if not gone and not told:
            continue
        label = f"{resource.get('resourceType')}/{resource.get('id')}"
        if label in gone and gone[label] < number:
            dropped.append(number)
            continue
        rank = _rank(an_object(meta)) if told and resource.get("id") else _UNKNOWN
        if rank == _UNKNOWN:
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


_UNKNOWN = (0, "")


def _rank(meta: Json) -> tuple[int, str]:
    version, updated = a_text(meta.get("versionId")), a_text(meta.get("lastUpdated"))
    # Version ids of some servers are texts; then the time of the last change decides.
    return (whole_number(version, digits=18) or 0, updated)


def _deleted(entries: list[Json]) -> dict[str, int]:
    """ "Type/id" → where in a history (newest first) its deletion stands."""
    found: dict[str, int] = {}
    for number, entry in enumerate(entries):
        request = entry.get("request")
        if not isinstance(request, dict) or entry.get("resource"):
            continue
        if a_text(request.get("method")).upper() == "DELETE":
            # The newest deletion stands first; what came again after it stands before and is kept.
            found.setdefault("/".join(a_text(request.get("url")).split("/")[-2:]), number)
    return found


def _left_out(resource: Json, gone: dict[str, int]) -> LeftOut:
    from_code = an_object(resource.get("code") or resource.get("medicationCodeableConcept"))
    label = f"{resource.get('resourceType')}/{resource.get('id')}"
    text = a_text(from_code.get("text"))
    return LeftOut(label, text, "deleted" if label in gone else "older-version")
