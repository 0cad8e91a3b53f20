"""The one table of warning signs: what is felt x what was needled x how long ago → how urgent.

    sign ──► rows that hold (region, patient, hours) ──► the most urgent one decides

Every page and every answer of the clinic takes its urgency from here, so that two of them can't
contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import Literal

import msgspec

from filiform.data_files import read_toml
from filiform.words import Words

SignRegion = Literal["", "over_lung", "neck_or_spine"]
PatientFlag = Literal["", "antithrombotic", "pregnant"]
NeedledRegion = Literal[
    "anywhere", "head", "chest_wall", "neck_or_spine", "limb", "girdle", "viscera"
]
"""What of the body was needled, as far as it decides what a check asks about."""
REGIONS: tuple[SignRegion, ...] = ("over_lung", "neck_or_spine")
EVERYTHING = frozenset({"over_lung", "neck_or_spine", "antithrombotic", "pregnant"})
"""Nothing is known about the treatment or the patient: every row may hold."""


class Urgency(StrEnum):
    """Most urgent first."""

    EMERGENCY = "emergency"
    CALL_TODAY = "call-today"
    WATCH = "watch"
    FINE = "fine"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return list(Urgency).index(self)


class SignRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row. region, patient: must hold, "" always holds; from_hours: since the treatment."""

    urgency: Urgency
    sources: tuple[str, ...]
    region: SignRegion = ""
    patient: PatientFlag = ""
    from_hours: float = 0

    def holds(self, flags: frozenset[str], hours: float | None) -> bool:
        """hours None: not known, so the row's time may have come."""
        return (
            (not self.region or self.region in flags)
            and (not self.patient or self.patient in flags)
            and (hours is None or hours >= self.from_hours)
        )


class Sign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A warning sign. felt: the patient's words; name: inside a sentence; then: what to do beside
    going; rings: a message that tells of it is an alarm; asked: stands on pages and in checks.

    asked_after: needled regions that call for it at a check; asked_from_hours, asked_until_hours:
    the first and the last check that asks, in hours since the treatment.
    """

    id: str
    felt: Words
    name: Words
    row: tuple[SignRow, ...]
    then: Words | None = None
    rings: bool = False
    asked: bool = True
    asked_after: tuple[NeedledRegion, ...] = ()
    asked_from_hours: int = 0
    asked_until_hours: int | None = None

    def is_asked(self, needled: Iterable[str], hours: int | None) -> bool:
        """Whether a check that is due `hours` after needling these regions asks about it.

        hours None: at any hour, for a list of everything that a treatment may call for.
        """
        # "anywhere" holds of every treatment; a sign that is asked after nothing is never asked.
        if not {"anywhere", *needled} & set(self.asked_after):
            return False
        if hours is None:
            return True
        until = self.asked_until_hours
        return self.asked_from_hours <= hours and (until is None or hours <= until)

    def urgency(
        self, flags: Iterable[str] = EVERYTHING, hours: float | None = None
    ) -> Urgency | None:
        """The most urgent row that holds; None when none does.

        flags: of over_lung, neck_or_spine, antithrombotic, pregnant those that are so; all of
        them when nothing is known, so that not knowing is the dangerous case.
        """
        held = frozenset(flags)
        found = [row.urgency for row in self.row if row.holds(held, hours)]
        # The most urgent decides: of two rows that hold, neither takes the other's back.
        return min(found, key=lambda urgency: urgency.rank, default=None)


class WhatToDo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """title: heading over signs of an urgency; do: where to go."""

    title: Words
    do: Words


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    urgency: dict[Urgency, WhatToDo]
    sign: tuple[Sign, ...]


@cache
def _table() -> _Table:
    """Raises ValueError naming the file and field on a defect."""
    found = read_toml("filiform.warning_signs", "signs.toml", _Table)
    ids = [sign.id for sign in found.sign]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    # At loading: an urgency without words would fail on the page of somebody in danger.
    if twice or set(found.urgency) != set(Urgency):
        raise ValueError(f"signs.toml: signs that stand twice: {twice}; every urgency needs words")
    return found


@cache
def signs() -> dict[str, Sign]:
    """All signs by id, in the order in which they are told."""
    return {sign.id: sign for sign in _table().sign}


def what_to_do(urgency: Urgency) -> WhatToDo:
    """The heading and the advice of an urgency."""
    return _table().urgency[urgency]


def signs_of(
    urgency: Urgency, flags: Iterable[str] = EVERYTHING, hours: float | None = None
) -> tuple[Sign, ...]:
    """The signs of pages and sheets that are this urgent given the flags, in the table's order."""
    held = frozenset(flags)
    return tuple(
        sign for sign in signs().values() if sign.asked and sign.urgency(held, hours) is urgency
    )


def public_signs(urgency: Urgency) -> tuple[Sign, ...]:
    """The same for somebody of whom nothing is known but that they can read: what was needled is
    taken for the dangerous region; blood thinners are not assumed, for they are asked about in
    words of their own (`thinner_signs`). Pregnancy stands in the sign's own words."""
    return signs_of(urgency, EVERYTHING - {"antithrombotic"})


def thinner_signs() -> tuple[Sign, ...]:
    """Signs that are an emergency with blood thinners and not without."""
    without = EVERYTHING - {"antithrombotic"}
    return tuple(
        sign
        for sign in signs().values()
        if sign.asked
        and sign.urgency(EVERYTHING) is Urgency.EMERGENCY
        and sign.urgency(without) is not Urgency.EMERGENCY
    )


def listed(some: Iterable[Sign]) -> Words:
    """Names of signs as a list inside a sentence: "chest pain, fever or new numbness"."""
    names = [sign.name for sign in some]
    return Words(
        en=_joined([one.en for one in names], ", ", " or "),
        ur=_joined([one.ur for one in names], "، ", " یا "),
    )


def _joined(parts: list[str], comma: str, last: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return comma.join(parts[:-1]) + last + parts[-1]
