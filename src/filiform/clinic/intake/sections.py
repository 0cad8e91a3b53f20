"""What was disclosed by section, as its page lists it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filiform.clinic.intake.models import DisclosedFact, KindAsked
from filiform.clinic.intake.queries import asked, is_over, own_asked, own_rows, rows
from filiform.clinic.intake.vocabulary import SECTIONS, DisclosureSection

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient


@dataclass(frozen=True)
class Listed:
    """One section of the disclosure with what stands in it."""

    section: DisclosureSection
    rows: list[DisclosedFact]
    none_known: DisclosedFact | None
    asked: KindAsked | None

    @property
    def over(self) -> int:
        """How many of the rows have ended."""
        return sum(is_over(row) for row in self.rows)

    @property
    def state(self) -> str:
        """ "none", "listed" (complete), "some" (nobody said that it is all) or "not-asked"."""
        if self.rows:
            return "listed" if self.asked else "some"
        return "none" if self.none_known or self.asked else "not-asked"


def sections(patient: Patient) -> list[Listed]:
    when = asked(patient)
    return [_listed(section, rows(patient), when.get(section.kind)) for section in SECTIONS]


def own_sections(patient: Patient) -> list[Listed]:
    """The same of this file alone, for comparing two files."""
    when = own_asked(patient)
    return [_listed(section, own_rows(patient), when.get(section.kind)) for section in SECTIONS]


def _listed(
    section: DisclosureSection, rows: Iterable[DisclosedFact], when: KindAsked | None
) -> Listed:
    mine = [row for row in rows if row.kind in section.kinds]
    # A document's "no known problem" says nothing of operations and implants: where several kinds
    # are asked about in one question it stands in the list, and the question stays open.
    whole = [row for row in mine if row.document_id is None or len(section.kinds) == 1]
    none_known = [row for row in whole if row.none_known and row.kind == section.kind]
    return Listed(
        section=section,
        rows=sorted(
            (row for row in mine if row not in none_known), key=lambda row: (is_over(row), row.text)
        ),
        # The latest: two files of a person may each have one.
        none_known=none_known[-1] if none_known else None,
        asked=when,
    )
