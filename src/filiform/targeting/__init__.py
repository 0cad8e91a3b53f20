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
from filiform.targeting.complaints import KnownComplaint, UnknownComplaintError, complaints, taken
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
    "UnknownComplaintError",
    "account",
    "complaints",
    "finding_kinds",
    "parameters",
    "rank",
    "read_case",
    "release",
    "taken",
    "zones_of",
]
