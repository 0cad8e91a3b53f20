"""The state of one step of a visit, as the rail shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise

from filiform.reasons import Reason

StateName = Literal["done", "open", "attention", "refused", "waiting"]
"""done: nothing left to do. open: can be worked on. attention: something is missing that
another step needs. refused: stands against needling. waiting: what it needs is not there yet."""


@dataclass(frozen=True)
class StepState:
    """How a step stands.

    says: one short phrase for the rail. reasons: everything in this step that stands against a
    needle; the pathway adds them up and nobody else. code: which of the step's attentions it is,
    where the day's page has a phrase of its own for it.
    """

    state: StateName
    says: str | Promise = ""
    reasons: tuple[Reason, ...] = field(default=())
    code: str = ""
