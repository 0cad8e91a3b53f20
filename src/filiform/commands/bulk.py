"""NDJSON bulk exports of a folder, taken apart by patient: one record each, like a file.

An export holds one file a kind of resource, and in each the lines of all patients. Remembered is
where a patient's lines stand, not what they say, so that an export larger than the memory is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

LinePlace = tuple[str, int, int]
"""A line: its file, where it begins, and how long it is, both in bytes."""
_OF_NOBODY = frozenset({"Medication"})
"""Kinds that name no patient and are fetched by those who refer to them."""


class _Reference(msgspec.Struct, frozen=True):
    reference: str = ""


class _Line(msgspec.Struct, frozen=True):
    """What tells whose a resource is."""

    resourceType: str  # noqa: N815 - FHIR's names
    id: str = ""
    subject: _Reference | None = None
    patient: _Reference | None = None
    medicationReference: _Reference | None = None  # noqa: N815


class BulkPatient(msgspec.Struct, frozen=True):
    """One patient of an export. name: the export's folder and the patient's id."""

    name: str
    places: tuple[LinePlace, ...]

    def bundle(self) -> bytes:
        """The patient's resources as a Bundle. Raises OSError."""
        found = [_read(place) for place in self.places]
        entries = b",".join(b'{"resource":' + line + b"}" for line in found)
        return b'{"resourceType":"Bundle","type":"collection","entry":[' + entries + b"]}"


class BadLines(msgspec.Struct, frozen=True):
    """Lines of one file that could be given to nobody. why: how many, and the first of them."""

    name: str
    why: str


def patients_of(files: Iterable[Path]) -> list[BulkPatient | BadLines]:
    """The patients of all exports, one export a folder, by their names; what fits nobody beside."""
    exports: dict[Path, list[Path]] = {}
    for file in files:
        exports.setdefault(file.parent, []).append(file)
    found: list[BulkPatient | BadLines] = []
    # By name, so that two runs over the same folder give the same lines in the same order.
    for folder in sorted(exports):
        found += _Export(folder, sorted(exports[folder])).taken_apart()
    return found


class _Export:
    def __init__(self, folder: Path, files: list[Path]) -> None:
        self.folder = folder
        self.files = files
        self.owned: dict[str, list[LinePlace]] = {}
        self.shared: dict[str, LinePlace] = {}
        self.wanted: dict[str, set[str]] = {}
        self.bad: list[BadLines] = []

    def taken_apart(self) -> list[BulkPatient | BadLines]:
        for file in self.files:
            self._index(file)
        found: list[BulkPatient | BadLines] = []
        for owner in sorted(self.owned):
            # A medicine may stand in a later file than the one that refers to it, so it is looked
            # up at the end.
            also = sorted(self.wanted.get(owner, ()))
            places = [*self.owned[owner], *(self.shared[one] for one in also if one in self.shared)]
            found.append(BulkPatient(f"{self.folder / 'Patient'}/{owner}", tuple(places)))
        return [*found, *self.bad]

    def _index(self, file: Path) -> None:
        unread: list[int] = []
        at = 0
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                place = (str(file), at, len(line))
                # Counted in bytes as read: asking the file where it is would cost a call for every
                # line.
                at += len(line)
                if line.strip() and not self._take(line, place):
                    unread.append(number)
        if unread:
            why = (
                f"{len(unread):,} lines are no FHIR resource of a patient, the first is line"
                f" {unread[0]:,}; an NDJSON export has one resource a line"
            )
            self.bad.append(BadLines(str(file), why))

    def _take(self, line: bytes, place: LinePlace) -> bool:
        try:
            one = msgspec.json.decode(line, type=_Line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return False
        if one.resourceType in _OF_NOBODY:
            self.shared[f"{one.resourceType}/{one.id}"] = place
            return True
        # FHIR calls the same thing `subject` in some kinds and `patient` in others
        # (AllergyIntolerance).
        owner = one.id if one.resourceType == "Patient" else _patient(one.subject or one.patient)
        if not owner:
            # A practitioner or a place is nobody's; what is somebody's says so.
            return one.subject is None and one.patient is None and one.resourceType != "Patient"
        self.owned.setdefault(owner, []).append(place)
        if one.medicationReference is not None:
            # The reference may be absolute; kind and id are its last two parts either way.
            named = "/".join(one.medicationReference.reference.split("/")[-2:])
            self.wanted.setdefault(owner, set()).add(named)
        return True


def _patient(reference: _Reference | None) -> str:
    """The id behind "Patient/17" or "https://ehr.example/fhir/Patient/17"; "" for another."""
    parts = reference.reference.split("/") if reference else []
    return parts[-1] if len(parts) > 1 and parts[-2] == "Patient" else ""


def _read(place: LinePlace) -> bytes:
    file, at, length = place
    # Opened for each: places go to other processes, which an open file could not.
    with open(file, "rb") as lines:
        lines.seek(at)
        return lines.read(length).strip()
