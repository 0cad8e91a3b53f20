"""What targeting knows by itself: parameters, worth of findings, satellites.

The knowledge stands in data/; what is measured, textbook or a design value is said there.
"""

from __future__ import annotations

import csv
import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

import msgspec

from filiform.words import Words

LEAST_ACCURACY, MOST_ACCURACY = 0.05, 0.97
"""Bounds of sensitivity and specificity: no examiner is always right, none always wrong."""


class Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers of the model; meaning and origin stand beside each in data/parameters.toml."""

    pooled_mean: float
    pooled_between: float
    pooled_within: float
    not_looked_for: float
    elsewhere: float
    other_sources_scale: float
    several_points: float
    satellite_odds: float
    affected_side: float
    essential: float
    spillover: float
    over_itself: float
    frequency_patients: float
    blur_steps: int
    leak: float
    observation_patches: float
    most_observations: int
    undrawn: float
    undrawn_limit: float
    asked_free: float
    said_slope: float
    said_shift: float
    said_most: float
    repeated: float


class FindingKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to examine a muscle, and what its result is worth.

    sensitivity and specificity are derived: two examiners of equal accuracy who err independently
    on muscles of which half are active agree with kappa = (sensitivity + specificity - 1) squared,
    so that sum follows from kappa; `validity` shrinks it and `tilt` splits it.
    """

    id: str
    name: Words
    kappa: float
    basis: str
    source: str
    validity: float
    tilt: float
    seconds: float

    @property
    def youden(self) -> float:
        """sensitivity + specificity - 1."""
        return self.validity * math.sqrt(self.kappa)

    @property
    def sensitivity(self) -> float:
        return _bounded((1 + self.youden) / 2 + self.tilt)

    @property
    def specificity(self) -> float:
        return _bounded((1 + self.youden) / 2 - self.tilt)

    def log_ratio(self, present: bool) -> float:
        """Natural logarithm of P(result | active) / P(result | not active)."""
        if present:
            return math.log(self.sensitivity / (1 - self.specificity))
        return math.log((1 - self.sensitivity) / self.specificity)


def _bounded(value: float) -> float:
    return min(max(value, LEAST_ACCURACY), MOST_ACCURACY)


class Satellite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A muscle whose trigger points tend to follow those of a key muscle on the same side."""

    key_id: str
    satellite_id: str
    confidence: str
    source: str


def _text(name: str) -> str:
    return (files("filiform.targeting") / "data" / name).read_text(encoding="utf-8")


@cache
def parameters() -> Parameters:
    """The parameters of this release. Raises ValueError naming the field on a defect."""
    return msgspec.convert(tomllib.loads(_text("parameters.toml")), Parameters)


@cache
def finding_kinds() -> dict[str, FindingKind]:
    """Every finding by id, in the order in which they are examined."""
    entries = tomllib.loads(_text("findings.toml"))["finding"]
    kinds = msgspec.convert(entries, tuple[FindingKind, ...])
    return {kind.id: kind for kind in kinds}


SCREEN = "neurological-screen"


@cache
def screen() -> FindingKind:
    """The neurological screen of a nerve root."""
    (found,) = tomllib.loads(_text("findings.toml"))["screen"]
    return msgspec.convert(found, FindingKind)


def kind_of(finding: str) -> FindingKind:
    """A finding on a muscle, or the screen of a root."""
    return screen() if finding == SCREEN else finding_kinds()[finding]


@cache
def satellites() -> tuple[Satellite, ...]:
    """Published key and satellite muscles.

    A satellite has one key, and a key is nobody's satellite: so the prior stays a set of stars,
    which `coverage` sums exactly. Raises ValueError when the table breaks that.
    """
    rows = tuple(
        msgspec.convert(row, Satellite)
        for row in csv.DictReader(_text("satellites.tsv").splitlines(), delimiter="\t")
    )
    followers = [row.satellite_id for row in rows]
    keys = {row.key_id for row in rows}
    if len(set(followers)) < len(followers) or keys & set(followers):
        raise ValueError("satellites.tsv: a satellite has one key, and a key is no satellite")
    return rows


class OtherSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often a joint, nerve or organ is the source, in 1000 patients of a physiotherapist, or
    of those with one complaint. basis: "design" or "scaled", from a study of other patients."""

    source: str
    complaint: str
    per_1000: float
    basis: str
    origin: str


@cache
def other_sources() -> dict[tuple[str, str], float]:
    """Shares by source and complaint, "" for all patients."""
    rows = _rows("other_sources.tsv", OtherSource)
    scale = parameters().other_sources_scale
    return {(row.source, row.complaint): scale * row.per_1000 / 1000 for row in rows}


class ReferralFrequency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many felt pain in a muscle's zone, or over the muscle itself ("local")."""

    muscle: str
    zone: Literal["essential", "spillover", "local"]
    felt: int
    n: int
    basis: str
    origin: str


@cache
def referral_frequencies() -> tuple[ReferralFrequency, ...]:
    """What was counted; a muscle that is not here has the pooled value, an expert's."""
    return _rows("referral_frequency.tsv", ReferralFrequency)


def frequency(muscle: str, zone: str) -> float:
    """How often an active point is felt in a zone: counted, held by the pooled value as by so many
    patients more."""
    set_to = parameters()
    expected = {
        "essential": set_to.essential,
        "spillover": set_to.spillover,
        "local": set_to.over_itself,
    }[zone]
    own = [row for row in referral_frequencies() if (row.muscle, row.zone) == (muscle, zone)]
    felt, n = sum(row.felt for row in own), sum(row.n for row in own)
    # Three of three must not make a zone certain.
    return (felt + set_to.frequency_patients * expected) / (n + set_to.frequency_patients)


Row = TypeVar("Row")


def _rows(name: str, kind: type[Row]) -> tuple[Row, ...]:
    read = csv.DictReader(_text(name).splitlines(), delimiter="\t")
    # Cells of a table are text; only so do they become the numbers that the class asks for.
    return tuple(msgspec.convert(row, kind, strict=False) for row in read)
