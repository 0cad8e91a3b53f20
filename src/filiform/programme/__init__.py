"""What goes with the needling: stretches, exercises, self-release, manual therapy, advice."""

from filiform.programme.adherence import Adherence, DoseStep, HomeDay, adherence, next_step
from filiform.programme.care import (
    CarePlanned,
    proposed,
    reasons_against_plan,
    reasons_to_look_again,
)
from filiform.programme.causes import Cause, causes, causes_for
from filiform.programme.compose import (
    CourseOfStages,
    Findings,
    Goal,
    Screened,
    Stage,
    compose,
    course_json,
)
from filiform.programme.course import course_knowledge
from filiform.programme.doses import BOUNDS, reasons_against_dose
from filiform.programme.knowledge import knowledge, library
from filiform.programme.model import (
    NEEDED,
    ExerciseDose,
    Item,
    ItemKind,
    Phase,
    Programme,
    ProgrammePart,
    dose_words,
)
from filiform.programme.propose import as_json, propose

__all__ = [
    "BOUNDS",
    "NEEDED",
    "Adherence",
    "CarePlanned",
    "Cause",
    "CourseOfStages",
    "DoseStep",
    "ExerciseDose",
    "Findings",
    "Goal",
    "HomeDay",
    "Item",
    "ItemKind",
    "Phase",
    "Programme",
    "ProgrammePart",
    "Screened",
    "Stage",
    "adherence",
    "as_json",
    "causes",
    "causes_for",
    "compose",
    "course_json",
    "course_knowledge",
    "dose_words",
    "knowledge",
    "library",
    "next_step",
    "propose",
    "proposed",
    "reasons_against_dose",
    "reasons_against_plan",
    "reasons_to_look_again",
]
