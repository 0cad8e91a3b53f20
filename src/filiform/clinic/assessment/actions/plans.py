"""Writing how one target is to be needled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from django.utils import timezone

from filiform.anatomy import atlas
from filiform.clinic.assessment import queries
from filiform.clinic.assessment.actions.safety import closed
from filiform.clinic.assessment.details import NONE, PlanDetails
from filiform.clinic.assessment.judgement import LEAST_JUSTIFICATION, in_both, plan_reasons
from filiform.clinic.assessment.models import PlannedNeedling, Target
from filiform.clinic.facts.amending import in_place
from filiform.clinic.facts.recording import recording
from filiform.reasons import Reason, Weight

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

FIELDS = (
    *("position", "technique", "diameter_mm", "length_mm", "depth_mm"),
    *("insertions", "note", "details"),
)


def plan_needling(
    *,
    by: Member,
    target: Target,
    position: str,
    technique: str,
    diameter_mm: float,
    length_mm: float,
    depth_mm: float,
    insertions: int,
    note: str = "",
    details: PlanDetails = NONE,
    on: date | None = None,
) -> PlannedNeedling | tuple[Reason, ...]:
    """Keep a plan for a target as a new version, with the reasons that stood at it.

    Refused with reasons: anything absolute (a depth over the limit, a needle too long), and what
    asks for a written reason while `note` has none. details: place, direction, grip, settings.
    on: the day of needling, today by default.
    """
    values: dict[str, Any] = {
        "position": position,
        "technique": technique,
        "diameter_mm": diameter_mm,
        "length_mm": length_mm,
        "depth_mm": depth_mm,
        "insertions": insertions,
        "note": note.strip(),
        "details": details.stored(),
    }
    visit = target.visit
    reasons = closed(visit) or plan_reasons(
        # A row that is never saved: the plan is judged as it will be read when it is kept.
        target,
        PlannedNeedling(**values),
        visit,
        on or timezone.localdate(),
    )
    refused = _refusal(target, reasons, values["note"])
    if refused:
        return refused
    former = queries.plan_of(target)
    # The page saves all its cards together; the untouched ones keep their version and their day.
    if former and all(getattr(former, name) == values[name] for name in FIELDS):
        return former
    with recording("needling-planned", by=by) as entry:
        plan = in_place(
            PlannedNeedling(
                organisation=by.organisation,
                recorded_by=by,
                patient=target.patient,
                visit=visit,
                target=target,
                replaces=former,
                # What stood when it was decided; rules and body may say something else by the time
                # it is read.
                reasons=msgspec.to_builtins(reasons),
                atlas_release=atlas().release,
                **values,
            )
        )
        entry.about(plan, muscle=target.muscle, side=target.side)
    return plan


def _refusal(target: Target, reasons: tuple[Reason, ...], note: str) -> tuple[Reason, ...]:
    absolute = tuple(one for one in reasons if one.weight is Weight.ABSOLUTE)
    # No note helps against these, so none is asked for.
    if absolute:
        return absolute
    relative = tuple(one for one in reasons if one.weight is Weight.RELATIVE)
    if not relative or len(note) >= LEAST_JUSTIFICATION:
        return ()
    params = {
        **in_both("muscle", atlas().muscles[target.muscle].name),
        "least": LEAST_JUSTIFICATION,
        "got": len(note),
    }
    return (Reason("plan-why-missing", params=params), *relative)
