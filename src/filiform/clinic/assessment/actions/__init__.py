"""What is written in this room. Each action is one transaction with its audit entry."""

from filiform.clinic.assessment.actions.measured import forget_depth, measure_depth
from filiform.clinic.assessment.actions.plans import plan_needling
from filiform.clinic.assessment.actions.safety import (
    confirm_safety,
    justify,
    record_clearance,
    sign_second,
)
from filiform.clinic.assessment.actions.story import SavedMeanwhile, tell_story
from filiform.clinic.assessment.actions.targets import (
    choose_target,
    drop_target,
    find,
    place_target,
)

__all__ = [
    "SavedMeanwhile",
    "choose_target",
    "confirm_safety",
    "drop_target",
    "find",
    "forget_depth",
    "justify",
    "measure_depth",
    "place_target",
    "plan_needling",
    "record_clearance",
    "sign_second",
    "tell_story",
]
