"""Screening: may this patient be needled, here, today? With reasons a colleague can check."""

from filiform.screening.asking import UnknownAnswerError, check_answers, questions
from filiform.screening.at_booking import AtBooking, asked_at_booking
from filiform.screening.engine import every_muscle, for_complaint, screen
from filiform.screening.groups import BLOOD_THINNERS, PREGNANCY
from filiform.screening.results import (
    Decision,
    FoundIndication,
    FoundRedFlag,
    MuscleGroup,
    Question,
    Screening,
    ScreeningReason,
    SiteVerdict,
)
from filiform.screening.risk import PersonalRisk, personal_risks
from filiform.screening.rulebook import Rule, RuleError, indications, red_flags, release, rules
from filiform.screening.sites import NeedlingSite, UnknownMuscleError

__all__ = [
    "BLOOD_THINNERS",
    "PREGNANCY",
    "AtBooking",
    "Decision",
    "FoundIndication",
    "FoundRedFlag",
    "MuscleGroup",
    "NeedlingSite",
    "PersonalRisk",
    "Question",
    "Rule",
    "RuleError",
    "Screening",
    "ScreeningReason",
    "SiteVerdict",
    "UnknownAnswerError",
    "UnknownMuscleError",
    "asked_at_booking",
    "check_answers",
    "every_muscle",
    "for_complaint",
    "indications",
    "personal_risks",
    "questions",
    "red_flags",
    "release",
    "rules",
    "screen",
]
