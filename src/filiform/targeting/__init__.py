"""What explains this pain: ranked pain sources with probabilities, and what to palpate next."""

from filiform.targeting.account import Account, Point, account, zones_of
from filiform.targeting.answer import (
    Active,
    Answer,
    Explanation,
    Next,
    Note,
    PointChance,
    Ranked,
    RedFlag,
)
from filiform.targeting.case import Case, CaseError, Finding, PainArea, read_case
from filiform.targeting.knowledge import FindingKind, finding_kinds, parameters
from filiform.targeting.ranking import rank, release

__all__ = [
    "Account",
    "Active",
    "Answer",
    "Case",
    "CaseError",
    "Explanation",
    "Finding",
    "FindingKind",
    "Next",
    "Note",
    "PainArea",
    "Point",
    "PointChance",
    "Ranked",
    "RedFlag",
    "account",
    "finding_kinds",
    "parameters",
    "rank",
    "read_case",
    "release",
    "zones_of",
]
