"""Keeping a depth that was measured on the patient at a target's place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from filiform.clinic.assessment import queries
from filiform.clinic.assessment.actions.safety import closed
from filiform.clinic.assessment.models import MeasuredDepth, Target
from filiform.clinic.facts.amending import amended, hold, in_place
from filiform.clinic.facts.recording import recording
from filiform.planning import Body
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

FIELDS = ("depth_mm", "measured_by", "how", "measured_on")


def measure_depth(
    *,
    by: Member,
    target: Target,
    depth_mm: float,
    measured_by: str,
    how: str,
    measured_on: date,
) -> MeasuredDepth | tuple[Reason, ...]:
    """Keep what was measured from the skin to bone or danger, in place of the former number.

    measured_by: whoever stands for it, in words; how: of `planning.MEASURED_BY`. The same again
    changes nothing. Raises OutOfBounds for an impossible depth or way, ValueError without a name.
    """
    values: dict[str, Any] = {
        "depth_mm": depth_mm,
        "measured_by": measured_by.strip(),
        "how": how,
        "measured_on": measured_on,
    }
    # Planning's own bounds: a number that it can't use is never kept.
    signed = Body(measured_depth_mm=depth_mm, measured_by=measured_by, measured_how=how)
    if not signed.measurement_is_signed:
        raise ValueError("measured_by and how: one is empty; allowed: a name, and ultrasound, ...")
    if refused := closed(target.visit):
        return refused
    with recording("depth-measured", by=by) as entry:
        # Two tablets may measure one place at once; the second replaces the first's row.
        hold(target.visit)
        former = queries.measured_depth(target, target.patient)
        if former and all(getattr(former, name) == values[name] for name in FIELDS):
            return former
        row = in_place(
            MeasuredDepth(
                organisation=by.organisation,
                recorded_by=by,
                patient=target.patient,
                visit=target.visit,
                muscle=target.muscle,
                side=target.side,
                trp=target.trp,
                # The number of a closed file stays there as it is; the newer one stands before it.
                replaces=former if former and former.patient_id == target.patient_id else None,
                **values,
            )
        )
        entry.about(row, muscle=target.muscle, side=target.side)
    return row


def forget_depth(*, by: Member, target: Target, why: str) -> None:
    """Take a measured depth back; nothing to take back is fine. Raises ValueError without a why."""
    former = queries.measured_depth(target, target.patient)
    # Called for every card that is saved without a number, so silence is the usual case.
    if former is None or closed(target.visit):
        return
    if not why.strip():
        raise ValueError("why: got nothing; allowed: why the measured depth is taken back")
    # What was measured in a file that was closed since is taken back where it stands.
    is_ours = former.patient_id == target.patient_id
    with recording("depth-measured" if is_ours else "measurement-voided", by=by) as entry:
        entry.about(amended(former, by=by, why=why, is_void=True), muscle=target.muscle)
