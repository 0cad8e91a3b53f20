"""Screening: may this patient be needled, here, today? With reasons a colleague can check."""

from filiform.screening.asking import UnknownAnswerError, check_answers, questions
from filiform.screening.engine import screen
from filiform.screening.groups import BLOOD_THINNERS, PREGNANCY
from filiform.screening.results import (
    Decision,
    FoundIndication,
    FoundRedFlag,
    Question,
    Screening,
    ScreeningReason,
    SiteVerdict,
)
from filiform.screening.rulebook import Rule, RuleError, indications, red_flags, release, rules
from filiform.screening.sites import Site, UnknownMuscleError

__all__ = [
    "BLOOD_THINNERS",
    "PREGNANCY",
    "Decision",
    "FoundIndication",
    "FoundRedFlag",
    "Question",
    "Rule",
    "RuleError",
    "Screening",
    "ScreeningReason",
    "Site",
    "SiteVerdict",
    "UnknownAnswerError",
    "UnknownMuscleError",
    "check_answers",
    "indications",
    "questions",
    "red_flags",
    "release",
    "rules",
    "screen",
]
