"""What changes a programme: choosing, another dose, taking out. Nothing chosen is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from filiform.anatomy import atlas
from filiform.clinic.facts.amending import amended, hold, voided
from filiform.clinic.facts.recording import recording
from filiform.clinic.programme import queries
from filiform.clinic.programme.models import ProgrammeItem
from filiform.clinic.programme.vocabulary import DOSE
from filiform.clinic.visits.models import Visit
from filiform.programme import ExerciseDose, Item
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


def choose(
    *,
    by: Member,
    visit: Visit,
    phase: str,
    item: Item,
    dose: ExerciseDose | None = None,
    note: str = "",
    release: str = "",
) -> ProgrammeItem | tuple[Reason, ...]:
    """Put a proposed item into the programme; choosing it twice is choosing it once.

    dose: None takes the proposed one.
    """
    wanted = item.dose if dose is None else dose
    reasons = reasons_against_dose(wanted)
    if reasons:
        return reasons
    with recording("programme-item-chosen", by=by) as entry:
        hold(visit)  # one tap at a time for a visit
        row = _current(visit, phase, item.id)
        if row is None:
            row = ProgrammeItem.objects.create(
                organisation=by.organisation,
                recorded_by=by,
                patient=visit.patient,
                visit=visit,
                item=item.id,
                kind=item.kind,
                phase=phase,
                muscle=item.muscle,
                side=item.side,
                dose=as_stored(wanted),
                note=note,
                release=release or atlas().release,
            )
        entry.about(row, item=item.id, phase=phase)
    return row


def choose_all(*, by: Member, visit: Visit, on: date, muscle: str = "") -> list[ProgrammeItem]:
    """Every proposal with its proposed dose, or those for one muscle and for all muscles."""
    programme = queries.proposals(visit, on=on)
    rows = [
        choose(by=by, visit=visit, phase=phase.id, item=item, release=programme.release)
        for phase in programme.phases
        for item in phase.items
        if not muscle or muscle in item.muscles or not item.muscle
    ]
    return [row for row in rows if isinstance(row, ProgrammeItem)]


def change_dose(
    *, by: Member, row: ProgrammeItem, dose: ExerciseDose | None, note: str = ""
) -> ProgrammeItem | tuple[Reason, ...]:
    """A new version with another dose or note; the former stays readable."""
    reasons = reasons_against_dose(dose)
    if reasons:
        return reasons
    stored = as_stored(dose)
    if row.dose == stored and row.note == note:
        return row
    with recording("programme-dose-changed", by=by) as entry:
        hold(row.visit)
        latest = _current(row.visit, row.phase, row.item)
        if latest is None:
            return (Reason(code="programme-item-gone"),)
        new = amended(latest, by=by, dose=stored, note=note)
        entry.about(new, item=new.item)
    return new


def remove(*, by: Member, row: ProgrammeItem, why: str = "") -> None:
    """Take an item out; removing it twice changes nothing."""
    with recording("programme-item-removed", by=by) as entry:
        hold(row.visit)
        latest = _current(row.visit, row.phase, row.item)
        if latest is not None:
            voided(latest, by=by, why=why or "taken out of the programme")
        entry.about(row, item=row.item)


def _current(visit: Visit, phase: str, item: str) -> ProgrammeItem | None:
    return ProgrammeItem.objects.current().filter(visit=visit, phase=phase, item=item).first()


def reasons_against_dose(dose: ExerciseDose | None) -> tuple[Reason, ...]:
    """Parts of a dose outside what makes sense, each with its bounds."""
    given = as_stored(dose)
    return tuple(
        Reason(
            code="programme-dose-out-of-bounds",
            params={
                "part": str(bound.name),
                "got": given[part],
                "least": bound.least,
                "most": bound.most,
            },
        )
        for part, bound in DOSE.items()
        if part in given and not bound.least <= given[part] <= bound.most
    )


def as_stored(dose: ExerciseDose | None) -> dict[str, int]:
    """The parts of a dose that apply."""
    stored: dict[str, int] = msgspec.to_builtins(dose) if dose is not None else {}
    return stored


def dose_from(parts: Mapping[str, int | None], applies: Iterable[str]) -> ExerciseDose | None:
    """A dose of the parts that apply; None when none does."""
    given = {name: parts[name] for name in applies if parts.get(name) is not None}
    return ExerciseDose(**given) if given else None
