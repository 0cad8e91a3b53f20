"""Two files side by side, for somebody who decides whether they are one person's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from filiform.clinic.chart.merging import differing
from filiform.clinic.intake import sections
from filiform.clinic.visits.models import Visit

if TYPE_CHECKING:
    from filiform.clinic.intake.sections import Listed
    from filiform.clinic.patients.models import Patient


@dataclass(frozen=True)
class OneFile:
    """One of the two files."""

    patient: Patient
    visits: int
    last: Visit | None
    """The last visit, or the next one."""


class Disclosed(NamedTuple):
    """One section of the disclosure in either file. differs: they don't list the same."""

    kept: Listed
    closed: Listed
    differs: bool


@dataclass(frozen=True)
class FilesCompared:
    kept: OneFile
    closed: OneFile
    differing: list[str]
    disclosed: list[Disclosed]

    @property
    def sides(self) -> tuple[OneFile, OneFile]:
        return self.kept, self.closed


def comparison(kept: Patient, closed: Patient) -> FilesCompared:
    pairs = zip(sections.own_sections(kept), sections.own_sections(closed), strict=True)
    return FilesCompared(
        kept=_side(kept),
        closed=_side(closed),
        differing=differing(kept, closed),
        disclosed=[Disclosed(here, there, _said(here) != _said(there)) for here, there in pairs],
    )


def _side(patient: Patient) -> OneFile:
    visits = Visit.objects.filter(patient=patient)
    return OneFile(patient, visits.count(), visits.order_by("-planned_at").first())


def _said(listed: Listed) -> tuple[str, frozenset[tuple[str, str]]]:
    """What a section says, as far as two of them are compared."""
    # Without day and order: the same allergy, told on another day, is no difference to look at.
    return listed.state, frozenset((row.text.casefold(), row.status) for row in listed.rows)
