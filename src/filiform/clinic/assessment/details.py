"""What a plan says beside needle, depth, technique and dose: place, direction, grip, settings.

Kept with the plan as one value, so that a plan of a former release is one without them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from filiform.clinic.assessment.models import PlannedNeedling
from filiform.planning import NeedlePlan
from filiform.planning.headings import usual_heading
from filiform.planning.section_picture import ANGLES
from filiform.planning.settings import Value, usual_settings


class PlanDetails(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """palpation: "flat", "pincer" or "" for the usual grip. entry: the place of entry as
    `anatomy.surface.spots` writes it, "" for the atlas' own. heading: an id of
    `planning.headings`, "" for straight in. angle_deg: to the skin. twitches: sought at most.
    settings: of the technique (`planning.settings`); dwell_min among them is the minutes after
    which the needle's clock rings.
    """

    palpation: str = ""
    entry: str = ""
    heading: str = ""
    angle_deg: float | None = None
    twitches: int | None = None
    settings: dict[str, Value] = {}

    def stored(self) -> dict[str, Any]:
        """As a plan keeps it."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found


NONE = PlanDetails()


def proposed_details(proposal: NeedlePlan) -> PlanDetails:
    """What planning and the notes propose; the settings stay the usual ones of the technique."""
    return PlanDetails(
        palpation=proposal.palpation,
        heading=usual_heading(proposal.muscle, proposal.trigger_point),
        angle_deg=ANGLES[proposal.approach],
        twitches=proposal.twitches[1],
    )


def details_of(plan: PlannedNeedling | None) -> PlanDetails:
    """The details of a plan; those of a plan that has none, and of no plan, say nothing."""
    return msgspec.convert(plan.details, PlanDetails) if plan is not None else NONE


def settings_of_plan(plan: PlannedNeedling) -> dict[str, Value]:
    """What a planned technique is set to: the usual values where the plan names none."""
    # A setting that came with a later release is not in an older plan; its usual value holds then.
    return usual_settings(plan.technique) | details_of(plan).settings


def dwell_min(plan: PlannedNeedling) -> float:
    """Minutes after which a needle of this plan should come out; 0 where it does not stay in."""
    settings = settings_of_plan(plan)
    # With current the needle stays in as long as the current runs.
    minutes = [settings.get("dwell_min"), settings.get("current_min")]
    return max((float(one) for one in minutes if one is not None), default=0.0)
