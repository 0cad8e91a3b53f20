"""Where a visit stands, as one value: what forbids a needle, what is missing, what is next.

Each room says how its steps stand (`steps.py` there); here they are put together, once. The rail,
the page before the first needle, the day's page, the banner and `start` itself all read this value,
so that none of them can say "ready" where another refuses. Nothing here reads anything.

steps of the rooms ──┐
the person's papers ─┼──▶ compose ──▶ Pathway ──▶ against, next
state of the visit ──┘
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from filiform.clinic.visits.step import StepState
from filiform.reasons import Reason

NEEDLING_STEPS = ("story", "safety", "targets", "plan", "consent")
"""Steps before the first needle, in the order in which they are mended."""

UNDER_WAY = frozenset({"here", "in-room"})
"""States of a visit in which something has to be done before the first needle."""

STATE_REASONS = {
    "booked": "visit-not-begun",
    "here": "visit-not-begun",
    "to-sign": "visit-to-sign",
    "done": "visit-over",
    "cancelled": "visit-over",
    "missed": "visit-over",
    "left": "visit-over",
}
"""State of a visit → why no needle goes in now."""

WITHDRAWN = "consent-withdrawn"
"""The reason of the step Consent once the patient has taken it back."""

REMOVE_ALL = "remove-all"
"""What comes next when consent is withdrawn with needles in."""

BEGUN_BY_STARTING = "visit-not-begun"
"""The one reason that stands against a needle and not against starting: starting mends it."""


@dataclass(frozen=True)
class Pathway:
    """visit_state: of `visits.models.STATES`. papers: what stands against the person who needles.
    steps: by their codes, in the order of the visit."""

    visit_state: str
    papers: tuple[Reason, ...]
    steps: Mapping[str, StepState]

    @property
    def against(self) -> tuple[Reason, ...]:
        """Everything that stands against a needle now; empty when one may go in."""
        # Last, because it is mended last: by starting.
        of_state = STATE_REASONS.get(self.visit_state)
        return (*self.against_start, *((Reason(of_state),) if of_state else ()))

    @property
    def against_start(self) -> tuple[Reason, ...]:
        """What stands against a needle apart from the visit's own state."""
        return (
            *self.papers,
            *(reason for step in NEEDLING_STEPS for reason in self.steps[step].reasons),
        )

    @property
    def may_start(self) -> bool:
        """Whether `start` would begin the treatment."""
        return all(reason.code == BEGUN_BY_STARTING for reason in self.against)

    @property
    def remove_all(self) -> bool:
        """The patient took the consent back while needles were in: every needle comes out, is
        counted, and none may go in. The treatment's page turns into that one order."""
        withdrawn = any(one.code == WITHDRAWN for one in self.steps["consent"].reasons)
        return withdrawn and self.visit_state == "needles-in"

    @property
    def next(self) -> str:
        """What comes next: "ready", a step, "blocked", "papers", a step's own code, "remove-all",
        or the state of a visit in which nothing is to be prepared."""
        if self.remove_all:
            return REMOVE_ALL
        if self.visit_state not in UNDER_WAY:
            return self.visit_state
        # Before the papers: that this patient is not needled today concerns everybody who treats.
        if any(self.steps[step].state == "refused" for step in ("safety", "targets")):
            return "blocked"
        if self.papers:
            return "papers"
        return next(filter(None, map(self._missing, NEEDLING_STEPS)), "ready")

    def _missing(self, name: str) -> str:
        """The code under which a step is still to be done; empty when it holds nothing up."""
        step = self.steps[name]
        if step.reasons or step.state == "open":
            return step.code or name
        # What is only to be looked at again holds nothing up, but it is told before "ready".
        return step.code if step.state == "attention" else ""


def compose(
    visit_state: str, *, papers: tuple[Reason, ...], steps: Mapping[str, StepState]
) -> Pathway:
    """Put together how a visit stands. Raises KeyError when a step before the needle is missing."""
    lacking = [name for name in NEEDLING_STEPS if name not in steps]
    if lacking:
        raise KeyError(f"no answer from the steps {', '.join(lacking)}")
    return Pathway(visit_state, papers, steps)
