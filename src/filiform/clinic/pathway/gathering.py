"""The pathway of a visit, asked from the rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from filiform.clinic.aftercare import steps as aftercare
from filiform.clinic.assessment import steps as assessment
from filiform.clinic.assessment.queries import targets
from filiform.clinic.consent import steps as consent
from filiform.clinic.facts.reading import one_reading
from filiform.clinic.pathway.state import NEEDLING_STEPS, Pathway, compose
from filiform.clinic.programme import steps as programme
from filiform.clinic.progress import steps as progress
from filiform.clinic.staff.credentials import reasons_against
from filiform.clinic.treatment import steps as treatment
from filiform.clinic.visits.step import StepState

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

ROOMS: dict[str, Callable[..., StepState]] = {
    "story": assessment.story,
    "safety": assessment.safety,
    "targets": assessment.targets,
    "plan": assessment.plan,
    "consent": consent.state,
    "treat": treatment.state,
    "programme": programme.state,
    "aftercare": aftercare.state,
    "progress": progress.state,
}
"""Step → the room's function that says how it stands, in the order of a visit."""


def pathway_of(visit: Visit, *, by: Member, on: date, steps: Iterable[str] = ROOMS) -> Pathway:
    """How a visit stands on the clinic's day `on`, if `by` needles. Read from the record now."""
    # What several rooms read of one patient is read once for all of them.
    with one_reading():
        return compose(
            visit.state,
            papers=reasons_against(by, [target.muscle for target in targets(visit)], on=on),
            steps={step: ROOMS[step](visit, by=by, on=on) for step in steps},
        )


def before_needling(visit: Visit, *, by: Member, on: date) -> Pathway:
    """The same with the steps before the first needle alone, as `start` asks."""
    return pathway_of(visit, by=by, on=on, steps=NEEDLING_STEPS)
