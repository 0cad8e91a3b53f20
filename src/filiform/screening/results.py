"""The answer of screening."""

from __future__ import annotations

from typing import Literal

import msgspec

from filiform.disclosure import Kind
from filiform.reasons import Evidence, Weight
from filiform.screening.rulebook import Effectiveness, FlagUrgency, Need, RuleBasis
from filiform.screening.sites import NeedlingSite
from filiform.words import Words

Decision = Literal["blocked", "justify", "modify", "clear"]

DECISION: dict[Weight, Decision] = {
    Weight.ABSOLUTE: "blocked",
    Weight.RELATIVE: "justify",
    Weight.PRECAUTION: "modify",
}


class ScreeningReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why not, or why not like this, with what in the record says so.

    anywhere: it holds for the whole body, not for some place on it.
    sites: which of the sites asked about it concerns; empty when no site was named.
    suspected: the record only suspects it.
    answered_no: somebody answered no, but the record stands.
    needs: what a written reason for needling all the same needs beside it.
    cleared_to: the class that is left once a letter of clearance is there.
    """

    id: str
    weight: Weight = msgspec.field(name="class")
    scope: str
    place: Words
    name: Words
    why: Words
    instead: Words
    because: tuple[Evidence, ...]
    sources: tuple[str, ...]
    basis: RuleBasis
    suspected: bool = False
    answered_no: bool = False
    sites: tuple[NeedlingSite, ...] = ()
    anywhere: bool = False
    needs: tuple[Need, ...] = ()
    cleared_to: Weight | None = None


class FoundRedFlag(msgspec.Struct, frozen=True, kw_only=True):
    """A sign that sends the patient elsewhere first."""

    id: str
    urgency: FlagUrgency
    name: Words
    think_of: Words
    instead: Words
    because: tuple[Evidence, ...]
    sources: tuple[str, ...]
    basis: RuleBasis


class FoundIndication(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis in the record for which needling has been tried."""

    id: str
    name: Words
    advice: str
    certainty: str
    expect: Words
    effects: tuple[Effectiveness, ...]
    because: tuple[Evidence, ...]
    sources: tuple[str, ...]


class SiteVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one muscle on one side, with the ids of the reasons."""

    muscle: str
    side: str
    decision: Decision
    reasons: tuple[str, ...] = ()


class MuscleGroup(msgspec.Struct, frozen=True, kw_only=True, cache_hash=True):
    """Muscles for which the answer is the same, for the same reasons."""

    decision: Decision
    reasons: tuple[str, ...]
    muscles: tuple[NeedlingSite, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A yes/no question in the patient's words. answer is None while it is open.

    because: what in the record raised it, if anything did.
    """

    id: str
    ask: Words
    answer: bool | None = None
    kind: Kind | None = None
    red_flag: bool = False
    because: tuple[Evidence, ...] = ()


class Screening(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for the sites asked about; without sites, for the whole body.

    decision: the strictest class among `reasons`.
    reasons: what applies at the sites asked about, strictest first.
    elsewhere: what applies only at other places, so that nothing found is hidden.
    outside: the decision that is left once the limited places are avoided.
    muscles: one verdict per site asked about.
    not_understood: what of the present no rule and no list of harmless things knows.
    """

    decision: Decision
    outside: Decision
    reasons: tuple[ScreeningReason, ...]
    elsewhere: tuple[ScreeningReason, ...]
    red_flags: tuple[FoundRedFlag, ...]
    indications: tuple[FoundIndication, ...]
    unanswered: tuple[str, ...]
    muscles: tuple[SiteVerdict, ...]
    release: str
    not_understood: tuple[Evidence, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every question has its answer and everything was understood."""
        return not (self.unanswered or self.not_understood)
