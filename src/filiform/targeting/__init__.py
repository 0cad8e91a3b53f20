"""What explains this pain: ranked pain sources with probabilities, and what to palpate next."""

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
    "PointChance",
    "Ranked",
    "RedFlag",
    "finding_kinds",
    "parameters",
    "rank",
    "read_case",
    "release",
]
