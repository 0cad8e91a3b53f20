"""What is written in this room. Each action is one transaction with its audit entry."""

from filiform.clinic.assessment.actions.measured import forget_depth, measure_depth
from filiform.clinic.assessment.actions.pictures import drop_picture, keep_picture
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
from filiform.clinic.assessment.actions.templates import (
    apply_template,
    drop_template,
    keep_template,
)

__all__ = [
    "SavedMeanwhile",
    "apply_template",
    "choose_target",
    "confirm_safety",
    "drop_picture",
    "drop_target",
    "drop_template",
    "find",
    "forget_depth",
    "justify",
    "keep_picture",
    "keep_template",
    "measure_depth",
    "place_target",
    "plan_needling",
    "record_clearance",
    "sign_second",
    "tell_story",
]
