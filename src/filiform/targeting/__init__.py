"""What explains this pain: ranked pain sources with probabilities, and what to palpate next."""

from filiform.targeting.account import Account, Argument, account, zones_of
from filiform.targeting.answer import (
    Active,
    Band,
    Explanation,
    Next,
    NextScreen,
    Note,
    PointChance,
    Ranked,
    RedFlagSource,
    TakenComplaint,
    TargetingAnswer,
)
from filiform.targeting.case import CaseError, DrawnArea, PainCase, PalpationFinding, read_case
from filiform.targeting.complaints import (
    GeneralName,
    KnownComplaint,
    ToldComplaint,
    UnknownComplaintError,
    complaints,
    general_names,
    taken,
    told,
)
from filiform.targeting.knowledge import SCREEN, FindingKind, finding_kinds, parameters
from filiform.targeting.ranking import rank, release

__all__ = [
    "SCREEN",
    "Account",
    "Active",
    "Argument",
    "Band",
    "CaseError",
    "DrawnArea",
    "Explanation",
    "FindingKind",
    "GeneralName",
    "KnownComplaint",
    "Next",
    "NextScreen",
    "Note",
    "PainCase",
    "PalpationFinding",
    "PointChance",
    "Ranked",
    "RedFlagSource",
    "TakenComplaint",
    "TargetingAnswer",
    "ToldComplaint",
    "UnknownComplaintError",
    "account",
    "complaints",
    "finding_kinds",
    "general_names",
    "parameters",
    "rank",
    "read_case",
    "release",
    "taken",
    "told",
    "zones_of",
]
