"""What changes a programme and the plan round it. Nothing that was recorded is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from filiform.anatomy import atlas
from filiform.clinic.facts.amending import amended, hold, in_place, voided
from filiform.clinic.facts.recording import recording
from filiform.clinic.programme import queries
from filiform.clinic.programme.care import reasons_against_scores
from filiform.clinic.programme.models import (
    DoneInClinic,
    HomeTick,
    ProgrammeItem,
    ProgrammeTemplate,
)
from filiform.clinic.visits.models import Visit
from filiform.programme import ExerciseDose, Item, reasons_against_dose
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
        # Whatever its dose: a second tap must not put back the proposed one.
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
        # What is for every muscle goes with each of them.
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
    with recording("programme-dose-changed", by=by) as entry:
        hold(row.visit)
        latest = _current(row.visit, row.phase, row.item)
        if latest is None:
            entry.about(row, item=row.item)
            return (Reason(code="programme-item-gone"),)
        # Against what holds, not what was on the screen: putting back what somebody has changed
        # meanwhile is a change.
        if latest.dose == stored and latest.note == note:
            entry.about(latest, item=latest.item, again=True)
            return latest
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


def as_stored(dose: ExerciseDose | None) -> dict[str, int]:
    """The parts of a dose that apply."""
    stored: dict[str, int] = msgspec.to_builtins(dose) if dose is not None else {}
    return stored


def dose_from(parts: Mapping[str, int | None], applies: Iterable[str]) -> ExerciseDose | None:
    """A dose of the parts that apply; None when none does."""
    given = {name: parts[name] for name in applies if parts.get(name) is not None}
    return ExerciseDose(**given) if given else None


def keep_template(*, by: Member, visit: Visit, name: str) -> ProgrammeTemplate:
    """Keep what is chosen in a visit under a name; the same name again takes its place."""
    rows = [
        # Whose side it was is this patient's; the template is for anybody's.
        {"phase": row.phase, "item": row.item.partition(":")[0], "dose": row.dose, "note": row.note}
        for row in queries.chosen(visit)
    ]
    with recording("programme-template-kept", by=by) as entry:
        hold(by.organisation)
        former = ProgrammeTemplate.objects.current().filter(
            # "Neck" and "neck" are one template to whoever looks for it.
            organisation=by.organisation,
            name__iexact=name,
        )
        template = in_place(
            ProgrammeTemplate(
                organisation=by.organisation,
                recorded_by=by,
                name=name,
                rows=rows,
                replaces=former.first(),
            )
        )
        entry.about(template, rows=len(rows))
    return template


def drop_template(*, by: Member, template: ProgrammeTemplate) -> None:
    """Take a template off the list; what was chosen by it stays chosen."""
    with recording("programme-template-dropped", by=by) as entry:
        hold(by.organisation)
        entry.about(template)
        if ProgrammeTemplate.objects.current().filter(pk=template.pk).exists():
            voided(template, by=by, why="taken off the list of templates")


def apply_template(
    *, by: Member, visit: Visit, template: ProgrammeTemplate, on: date
) -> tuple[int, int]:
    """Choose what a template names, where it is proposed for this patient.

    Answers how many were chosen and how many were left out: what screening or the targets leave
    out is not brought in by a name, nor a dose that is out of bounds by now.
    """
    programme = queries.proposals(visit, on=on)
    wanted = {(row["phase"], row["item"]): row for row in template.rows}
    found: set[tuple[str, str]] = set()
    count = 0
    for phase in programme.phases:
        for item in (*phase.items, *phase.more):
            key = (phase.id, item.id.partition(":")[0])
            if key not in wanted:
                continue
            row = wanted[key]
            dose = msgspec.convert(row["dose"], ExerciseDose) if row["dose"] else None
            chosen = choose(
                by=by, visit=visit, phase=phase.id, item=item, dose=dose,
                note=row["note"], release=programme.release,
            )  # fmt: skip
            if isinstance(chosen, ProgrammeItem):
                found.add(key)
                count += 1
    return count, len(set(wanted) - found)


def record_done(
    *, by: Member, row: ProgrammeItem, dose: ExerciseDose | None,
    pain_before: int | None = None, pain_after: int | None = None, note: str = "",
) -> DoneInClinic | tuple[Reason, ...]:  # fmt: skip
    """What was done at the visit, how much, and what the patient said to it; the newer holds."""
    reasons = (*reasons_against_dose(dose), *reasons_against_scores(pain_before, pain_after))
    if reasons:
        return reasons
    with recording("done-in-clinic", by=by) as entry:
        hold(row.visit)
        former = (
            DoneInClinic.objects.current()
            # By the item, whichever version: its dose may have been changed since it was noted.
            .filter(visit=row.visit, programme_item__item=row.item)
            .first()
        )
        done = in_place(
            DoneInClinic(
                organisation=by.organisation, recorded_by=by, patient=row.patient,
                visit=row.visit, programme_item=row, dose=as_stored(dose),
                pain_before=pain_before, pain_after=pain_after, note=note, replaces=former,
            )
        )  # fmt: skip
        entry.about(done, item=row.item)
    return done


def tick(
    *, row: ProgrammeItem, day: date, today: date, felt: int | None = None,
    pain_before: int | None = None, pain_after: int | None = None, by: Member | None = None,
) -> HomeTick | tuple[Reason, ...]:  # fmt: skip
    """The patient did an exercise on a day, and how it felt; a day ticked twice holds the newer.

    row: any version of the item, the one that was on the patient's screen: what was changed, or
    even taken out, meanwhile does not undo that it was done. by: None for the patient's own phone.
    """
    if day > today:
        return (Reason("home-future"),)
    if reasons := reasons_against_scores(felt, pain_before, pain_after):
        return reasons
    with recording("home-ticked", by=by, organisation=row.organisation) as entry:
        hold(row.visit)
        former = (
            HomeTick.objects.current()
            .filter(programme_item__visit=row.visit_id, programme_item__item=row.item, on=day)
            .first()
        )
        # `former` was looked for by visit and item: the day may be ticked on a former version.
        ticked = in_place(
            HomeTick(
                organisation=row.organisation, recorded_by=by, patient=row.patient,
                programme_item=row, on=day, felt=felt, pain_before=pain_before,
                pain_after=pain_after, replaces=former,
            )
        )  # fmt: skip
        entry.about(ticked, item=row.item)
    return ticked


def untick(*, row: ProgrammeItem, day: date) -> HomeTick | None:
    """The patient's finger slipped: the day is taken back, and stays readable as taken back."""
    with recording("home-unticked", by=None, organisation=row.organisation) as entry:
        hold(row.visit)
        former = (
            HomeTick.objects.current()
            .filter(programme_item__visit=row.visit_id, programme_item__item=row.item, on=day)
            .first()
        )
        entry.about(former or row, patient=row.patient, item=row.item)
        if former is None:
            return None
        return in_place(
            HomeTick(
                organisation=row.organisation, recorded_by=None, patient=row.patient,
                programme_item=former.programme_item, on=day, replaces=former, is_void=True,
                why="taken back on the patient's own page",
            )
        )  # fmt: skip


def keep_as_it_is(*, by: Member, row: ProgrammeItem) -> ProgrammeItem:
    """Somebody has looked at an exercise that hurt twice and leaves it: a version of its own, so
    that only what hurts from now on is told again."""
    with recording("programme-kept-as-it-is", by=by) as entry:
        hold(row.visit)
        latest = _current(row.visit, row.phase, row.item)
        # Gone, or another version already: a second tap, or a colleague, was quicker.
        if latest is None or latest.pk != row.pk:
            entry.about(row, item=row.item, again=True)
            return latest or row
        fresh = amended(latest, by=by, why="too painful at home: looked at, stays as it is")
        entry.about(fresh, item=fresh.item)
    return fresh
