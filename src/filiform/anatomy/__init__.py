"""The body and the atlas: muscles, trigger points, other pain sources, needling notes, regions."""

from filiform.anatomy.atlas import Atlas, atlas, read_atlas
from filiform.anatomy.model import (
    Hazard,
    Landmark,
    Muscle,
    Needling,
    Outline,
    PainSource,
    Prevalence,
    PrivilegeRegion,
    Region,
    RegionGroup,
    Span,
    TriggerPoint,
)
from filiform.anatomy.tables import DataError

PRIVILEGES = ("general", "head-face", "neck", "thorax", "lumbar-abdomen", "pelvis", "hand-foot")
"""Ids of the region privileges; names and extent stand in `atlas().privileges`."""

__all__ = [
    "PRIVILEGES",
    "Atlas",
    "DataError",
    "Hazard",
    "Landmark",
    "Muscle",
    "Needling",
    "Outline",
    "PainSource",
    "Prevalence",
    "PrivilegeRegion",
    "Region",
    "RegionGroup",
    "Span",
    "TriggerPoint",
    "atlas",
    "read_atlas",
]
