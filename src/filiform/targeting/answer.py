"""What `rank` answers: values and codes, no sentences."""

from __future__ import annotations

from typing import Literal

import msgspec

from filiform.targeting.case import Side
from filiform.targeting.network import Kind, SourceSide

Band = Literal["number", "nothing", "more-likely", "possible", "less-likely"]
PROBABLE, POSSIBLE = 0.25, 0.08
"""From so much on a joint, root or nerve is told as more likely, as possible (design values)."""


class PointChance(msgspec.Struct, frozen=True):
    """Probability that one numbered trigger point is active."""

    trp: str
    probability: float


class Ranked(msgspec.Struct, frozen=True, omit_defaults=True):
    """One source. probability: that it is active, given all that is known.

    explains, does_not_explain: names of the given areas. detail: "peripheral-nerve" or "".
    covers: share of the drawing that its published zones reach, 0 to 1. prior: before any evidence.
    """

    source: str
    kind: Kind
    side: SourceSide
    probability: float
    points: tuple[PointChance, ...]
    explains: tuple[str, ...] = msgspec.field()
    does_not_explain: tuple[str, ...] = msgspec.field()
    covers: float = msgspec.field()
    prior: float = msgspec.field()
    detail: str = ""

    @property
    def band(self) -> Band:
        """How people are told how probable it is: a muscle by its number, an organ by nothing (it
        would be read as leave to wait), a joint, root or nerve by a word: their frequencies are
        design values and reports of needling blame muscles only, so no number could be checked.
        """
        if self.kind == "trigger-point":
            return "number"
        if self.kind == "viscus":
            return "nothing"
        if self.probability >= PROBABLE:
            return "more-likely"
        return "possible" if self.probability >= POSSIBLE else "less-likely"


class Next(msgspec.Struct, frozen=True):
    """A finding worth examining, what its result is expected to tell, and how long it takes from
    where the hands are then."""

    muscle: str
    side: Side
    finding: str
    expected_information_bits: float
    seconds: float = 0.0


class NextScreen(msgspec.Struct, frozen=True):
    """A nerve root whose neurological screen is worth its time beside the palpations."""

    source: str
    side: Side
    expected_information_bits: float
    seconds: float


class Active(msgspec.Struct, frozen=True):
    """A source in an explanation."""

    source: str
    side: SourceSide


class Explanation(msgspec.Struct, frozen=True):
    """Some sources active together and the other candidates not, with the probability of that."""

    active: tuple[Active, ...]
    probability: float


class RedFlagSource(msgspec.Struct, frozen=True):
    """A source whose warning must be thought of however improbable it is: by urgency, without a
    number, which would be read as leave to wait. covers may be 0 where the complaint's
    name alone asks for it; then a source of both sides has the side "midline"."""

    source: str
    side: SourceSide
    covers: float
    urgency: str


class Note(msgspec.Struct, frozen=True):
    """Something about the input that the reader should know: a code and what it is about."""

    code: str
    about: str


class TakenComplaint(msgspec.Struct, frozen=True):
    """A complaint as it was understood. studied_as: complaints of prevalence.tsv behind it.

    weight: its share of the prior. general: id of the general name that it was taken for, which
    doesn't say that it is just this one; "" where its own name was told.
    """

    id: str
    name: str
    studied_as: tuple[str, ...]
    weight: float = 1.0
    general: str = ""


class TargetingAnswer(msgspec.Struct, frozen=True):
    """The whole answer; the keys of contracts.md and more."""

    id: str | int | None
    complaint: tuple[TakenComplaint, ...]
    ranked: tuple[Ranked, ...]
    next_examination: tuple[Next, ...]
    next_screen: tuple[NextScreen, ...]
    unexplained_fraction: float
    explanations: tuple[Explanation, ...]
    red_flags: tuple[RedFlagSource, ...]
    notes: tuple[Note, ...]
    release: str
