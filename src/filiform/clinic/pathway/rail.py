"""The steps of a visit with their states: what the rail shows, and which step comes next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

from filiform.clinic.pathway.gathering import pathway_of
from filiform.clinic.visits.step import StepState
from filiform.clinic.visits.vocabulary import STEP_STATE_ICONS, STEP_STATES_IN_WORDS, STEPS

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


class RailEntry(NamedTuple):
    """One step: its code, its address and its state."""

    step: str
    url: str
    state: StepState

    @property
    def name(self) -> object:
        return STEPS[self.step][0]

    @property
    def mark(self) -> str:
        """The icon of the state."""
        return STEP_STATE_ICONS[self.state.state]

    @property
    def state_in_words(self) -> object:
        return STEP_STATES_IN_WORDS[self.state.state]


def rail(visit: Visit, *, by: Member, on: date) -> list[RailEntry]:
    """All steps of a visit in their order. The address is the step's page."""
    return [
        RailEntry(step, reverse(STEPS[step][2], args=[visit.pk]), state)
        for step, state in pathway_of(visit, by=by, on=on).steps.items()
    ]


def next_step(entries: list[RailEntry], visit: Visit) -> RailEntry | None:
    """Where a visit is taken up: at the needles while they are in, else at the first step in
    which something is left to do."""
    by_step = {entry.step: entry for entry in entries}
    if visit.state in ("needles-in", "to-sign") and "treat" in by_step:
        return by_step["treat"]
    # What is left to do after a signature is the patient's way home.
    if visit.state == "done" and "aftercare" in by_step:
        return by_step["aftercare"]
    pending = (entry for entry in entries if entry.state.state != "done")
    return next(pending, entries[0] if entries else None)
