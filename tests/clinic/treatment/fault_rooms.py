"""Where a treatment with a mistake is played: what every room can do, and the rules alone."""

from __future__ import annotations

from typing import Any, Protocol

from filiform.clinic.treatment.accounting import STEPS, Proof, SearchAccount, reason_against_account
from filiform.clinic.treatment.counting import (
    ActInCount,
    NeedleTally,
    reason_against,
    reasons_against_signature,
)


class Room(Protocol):
    """Where a treatment is played. Every answer is a reason's code, "" for taken."""

    most_needles: int

    def open_packs(self, name: str, packs: int) -> str: ...
    def insert(self, name: str) -> str: ...
    def remove(self, name: str, needle: str) -> str: ...
    def undo(self, name: str, about: str, reason: str) -> str: ...
    def count(self, opened: int, in_bin: int, *, unused: int = 0, broken: int = 0,
              name: str = "") -> str: ...  # fmt: skip
    def count_as(self, who: str, opened: int, in_bin: int) -> str: ...
    def account(self, result: str, **other: Any) -> str: ...
    def sign(self, acts_seen: int | None = None) -> str: ...
    def acts(self) -> int: ...
    def used(self) -> int: ...
    def mismatches(self) -> int: ...


FIRST = Proof("sana", "midcity", "Sana", "pin")
SECOND = Proof("desk", "midcity", "Desk", "pin")
OUTSIDER = Proof("karim", "elsewhere", "Karim", "pin")
PEOPLE = {"second": SECOND, "self": FIRST, "outsider": OUTSIDER, "wrong-pin": None}


class PureRoom:
    """The rules alone: no page, no database."""

    most_needles = 5

    def __init__(self) -> None:
        self.tally = NeedleTally()
        self.signed = False
        self.number = 0
        self.known: set[str] = set()

    def open_packs(self, name: str, packs: int) -> str:
        return self._take(ActInCount(name, "pack", needles=packs))

    def insert(self, name: str) -> str:
        return self._take(ActInCount(name, "insertion"))

    def remove(self, name: str, needle: str) -> str:
        return self._take(ActInCount(name, "removal", needle))

    def undo(self, name: str, about: str, reason: str) -> str:
        return self._take(ActInCount(name, "void", about, reason))

    def count(
        self, opened: int, in_bin: int, *, unused: int = 0, broken: int = 0, name: str = ""
    ) -> str:
        self.number += 1
        name = name or f"count-{self.number}"
        return self._take(ActInCount(name, "count", None, "", opened, unused, in_bin, broken))

    def count_as(self, who: str, opened: int, in_bin: int) -> str:
        raise AssertionError("who may open the page is no rule of the count: play it over HTTP")

    def _take(self, act: ActInCount) -> str:
        if act.id in self.known:
            return ""  # the act that is there already is the answer
        if self.signed:
            return "treatment-sealed"
        reason = reason_against(self.tally, act)
        if reason is not None:
            return reason.code
        self.known.add(str(act.id))
        self.tally.take(act)
        return ""

    def account(
        self, result: str, *, steps: tuple[str, ...] = STEPS, second: str = "second", **other: str
    ) -> str:
        said = SearchAccount(frozenset(steps), result, first=FIRST, second=PEOPLE[second], **other)
        reason = reason_against_account(self.tally, said, writer="sana", clinic="midcity")
        if reason is not None:
            return reason.code
        self.number += 1
        return self._take(ActInCount(f"account-{self.number}", "account"))

    def sign(self, acts_seen: int | None = None) -> str:
        reasons = reasons_against_signature(self.tally, acts_seen=acts_seen)
        self.signed = not reasons
        return reasons[0].code if reasons else ""

    def acts(self) -> int:
        return self.tally.taken

    def used(self) -> int:
        return self.tally.used

    def mismatches(self) -> int:
        return len(self.tally.mismatches)
