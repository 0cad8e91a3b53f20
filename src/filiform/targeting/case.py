"""One case: where it hurts, what was asked about and is free, what was found on palpation.

Reading is strict: a key or a name that nobody knows is an error that names it and the nearest
known one. `CaseError` is one line: what was got, what is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from rapidfuzz import process

from filiform.anatomy import atlas
from filiform.anatomy.surface import Area, AreaError, PatchWeights, draw, empty, parse_area
from filiform.targeting.complaints import UnknownComplaintError, told
from filiform.targeting.knowledge import SCREEN, finding_kinds

Side = Literal["left", "right"]
CASE_KEYS = ("id", "complaint", "pain", "not_pain", "examination")
FINDING_KEYS = ("muscle", "side", "finding", "present")
FILLED, FINGERTIP_CM = 0.5, 1.0
"""Share of a patch, and radius or width of what a finger points at (design values)."""
SCREEN_KEYS = ("source", "side", "finding", "present")


class CaseError(ValueError):
    """A case can't be used. One line: what was got, what is allowed."""


@dataclass(frozen=True)
class PalpationFinding:
    """One result of examining a muscle, or of the neurological screen of a root, whose id then
    stands as `muscle`. finding: an id of findings.toml. present: None for not sure."""

    muscle: str
    side: Side
    finding: str
    present: bool | None

    def mirror(self) -> PalpationFinding:
        return PalpationFinding(self.muscle, _other(self.side), self.finding, self.present)


@dataclass(frozen=True)
class DrawnArea:
    """One part of the drawing with the name it is called by in the answer."""

    name: str
    weights: PatchWeights


@dataclass(frozen=True)
class PainCase:
    """What is known of a patient's pain.

    pain: the parts of the drawing. free: skin asked about and without pain; where both lie on one
    patch, `free` holds, as the more particular statement. complaint: an id or a known name of
    complaints.toml, several parted by semicolons, or "".
    """

    pain: tuple[DrawnArea, ...] = ()
    free: PatchWeights = field(default_factory=empty)
    findings: tuple[PalpationFinding, ...] = ()
    complaint: str = ""
    id: str | int | None = None

    @cached_property
    def drawing(self) -> PatchWeights:
        """All painful skin, without what is free."""
        drawn = np.zeros_like(self.free.values)
        for area in self.pain:
            drawn = np.maximum(drawn, area.weights.values)
        return PatchWeights(np.maximum(drawn - self.free.values, 0))

    def mirror(self) -> PainCase:
        """The same patient seen in a mirror; names of areas stay."""
        return PainCase(
            tuple(DrawnArea(area.name, area.weights.mirror()) for area in self.pain),
            self.free.mirror(),
            tuple(finding.mirror() for finding in self.findings),
            self.complaint,
            self.id,
        )


def _other(side: Side) -> Side:
    return "right" if side == "left" else "left"


def read_case(given: Any) -> PainCase:
    """A case from decoded JSON (docs/reference/targeting.md). Raises CaseError."""
    if not isinstance(given, dict):
        raise CaseError(f"a case is an object with {', '.join(CASE_KEYS)}; got {_short(given)}")
    _known_keys(given, CASE_KEYS, "a case")
    complaint = _complaint(given.get("complaint"))
    name = given.get("id")
    # In Python true is a whole number; in JSON it isn't.
    if name is not None and (isinstance(name, bool) or not isinstance(name, (str, int))):
        raise CaseError(f"id: expected text or a whole number, got {_short(name)}")
    pain = _areas(given, "pain")
    free = empty()
    for area in _areas(given, "not_pain"):
        free = free.union(area.weights)
    findings = tuple(_finding(entry) for entry in _list(given, "examination"))
    return PainCase(pain, free, findings, complaint, name)


def _complaint(given: Any) -> str:
    """Ids of the complaints and general names that were told, parted by semicolons; "" for none."""
    if given is None:
        return ""
    if not isinstance(given, str):
        raise CaseError(f"complaint: expected text, got {_short(given)}")
    try:
        return "; ".join(one.id for one in told(given))
    except UnknownComplaintError as error:
        raise CaseError(str(error)) from None


def _known_keys(given: dict[str, Any], allowed: tuple[str, ...], what: str) -> None:
    for key in given:
        if key not in allowed:
            raise CaseError(f'unknown key "{_short(key)}"; {what} has {", ".join(allowed)}')


def _list(given: dict[str, Any], key: str) -> list[Any]:
    found = given.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise CaseError(f"{key}: expected a list, got {_short(found)}")
    return found


def _areas(given: dict[str, Any], key: str) -> tuple[DrawnArea, ...]:
    areas: dict[str, DrawnArea] = {}
    for text in _list(given, key):
        if not isinstance(text, str):
            raise CaseError(f"{key}: expected the text of an area, got {_short(text)}")
        try:
            # By its text: the same area twice is one area and has one line in the answer.
            areas[text] = DrawnArea(text, _drawn(parse_area(text)))
        except AreaError as error:
            raise CaseError(f"{key}: {error}") from None
    return tuple(areas.values())


def _drawn(area: Area) -> PatchWeights:
    """Weights of a given area. A dot or line too thin to fill half of any patch is taken as wide as
    a fingertip: whoever puts one dot means that place, and nobody points more finely."""
    found = draw(area)
    if found.values.max() < FILLED and area.size_cm < FINGERTIP_CM:
        return draw(replace(area, size_cm=FINGERTIP_CM))
    return found


def _finding(entry: Any) -> PalpationFinding:
    if not isinstance(entry, dict):
        raise CaseError(f"examination: expected objects with {', '.join(FINDING_KEYS)}")
    # A screen without `source` falls through, and is told that no muscle has such a finding.
    if entry.get("finding") == SCREEN and "source" in entry:
        return _screened(entry)
    _known_keys(entry, FINDING_KEYS, "a finding")
    for key in FINDING_KEYS:
        if key not in entry:
            raise CaseError(
                f'examination: "{key}" is missing; needed are {", ".join(FINDING_KEYS)}'
            )
    muscle = _one_of(entry["muscle"], list(atlas().muscles), "muscle")
    side = _one_of(entry["side"], ["left", "right"], "side")
    kind = _one_of(entry["finding"], list(finding_kinds()), "finding")
    present = _result(entry["present"])
    return PalpationFinding(muscle, "left" if side == "left" else "right", kind, present)


def _screened(entry: dict[str, Any]) -> PalpationFinding:
    """The neurological screen of a nerve root; it stands under `source` instead of `muscle`."""
    _known_keys(entry, SCREEN_KEYS, "a screen")
    for key in SCREEN_KEYS:
        if key not in entry:
            raise CaseError(f'examination: "{key}" is missing; needed are {", ".join(SCREEN_KEYS)}')
    roots = [one.id for one in atlas().pain_sources.values() if one.kind == "nerve-root"]
    source = _one_of(entry["source"], roots, "source")
    side = _one_of(entry["side"], ["left", "right"], "side")
    present = _result(entry["present"])
    return PalpationFinding(source, "left" if side == "left" else "right", SCREEN, present)


def _result(value: Any) -> bool | None:
    """Yes, no, or null for not sure."""
    if value is not None and not isinstance(value, bool):
        raise CaseError(f"present: expected true or false, or null if unsure, got {_short(value)}")
    return value


def _one_of(value: Any, allowed: list[str], what: str) -> str:
    if isinstance(value, str) and value in allowed:
        return value
    # A short list is told whole; of hundreds of muscles only the nearest help.
    if len(allowed) < 12:
        raise CaseError(f'{what} "{_short(value)}" is unknown; allowed are {", ".join(allowed)}')
    near = ", ".join(found[0] for found in process.extract(str(value), allowed, limit=3))
    raise CaseError(f'{what} "{_short(value)}" is unknown; did you mean {near}?')


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "..."
