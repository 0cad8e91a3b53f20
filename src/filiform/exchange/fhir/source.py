"""A resource being read, and what it gives."""

from __future__ import annotations

from datetime import date

import msgspec

from filiform.disclosure import Coding, Kind, Statement, Status
from filiform.exchange.fhir.elements import (
    Json,
    an_object,
    code_of,
    codings_of,
    first_day,
    last_day,
    text_of,
)
from filiform.exchange.fhir.errors import ResourceError, notice
from filiform.exchange.fhir.index import Index
from filiform.exchange.fhir.model import LeftOut, Unread, WhyLeftOut, not_read


class Gathered(msgspec.Struct):
    """What one resource gave."""

    facts: list[Statement] = msgspec.field(default_factory=list)
    left_out: list[LeftOut] = msgspec.field(default_factory=list)
    unread: list[Unread] = msgspec.field(default_factory=list)


class Source:
    """A resource being read: its name, and dates that may be missing or wrong."""

    def __init__(self, resource: Json, label: str, index: Index) -> None:
        self.resource = resource
        self.label = label
        self.index = index
        self.gathered = Gathered()

    def day(self, *paths: str, last: bool = False) -> date | None:
        """The first date that is there; an unreadable one is reported and skipped."""
        for path in paths:
            value: object = self.resource
            for step in path.split("."):
                value = an_object(value).get(step)
            try:
                found = last_day(value, path) if last else first_day(value, path)
            # One unreadable date costs itself, not the fact: the next path may hold a good one.
            except ResourceError as error:
                self.gathered.unread.append(
                    not_read(self.label, error.notice, notice("without-it"))
                )
                continue
            if found is not None:
                return found
        return None

    def code(self, *names: str) -> str:
        return next((code for name in names if (code := code_of(self.resource.get(name)))), "")

    def concept(self, value: object, what: str) -> tuple[str, tuple[Coding, ...]]:
        """Text and codings. Raises ResourceError when there is neither."""
        text, codings = text_of(value), codings_of(value)
        if not text and not codings:
            raise ResourceError(notice(f"no-{what}"))
        return text, codings

    def add(self, fact: Statement) -> None:
        if fact.start is not None and fact.end is not None and fact.end < fact.start:
            says = notice("ends-before", end=fact.end, start=fact.start)
            self.gathered.unread.append(not_read(self.label, says))
            # Of the two the end is given up: a disease that seems to last is asked about.
            fact = msgspec.structs.replace(fact, end=None)
        self.gathered.facts.append(fact)
        why = WHY.get(fact.status)
        if fact.family:
            why = "family"
        # An operation that is completed was done, which is just what the rules look for.
        if why == "completed" and fact.kind is Kind.PROCEDURE:
            why = None
        if why is not None:
            self.gathered.left_out.append(LeftOut(self.label, fact.text, why))

    def leave_out(self, text: str, why: WhyLeftOut) -> None:
        self.gathered.left_out.append(LeftOut(self.label, text, why))


WHY: dict[Status, WhyLeftOut] = {
    Status.RESOLVED: "resolved", Status.INACTIVE: "inactive", Status.REMISSION: "remission",
    Status.STOPPED: "stopped", Status.COMPLETED: "completed", Status.ON_HOLD: "on-hold",
    Status.PLANNED: "planned", Status.REFUTED: "refuted",
    Status.ENTERED_IN_ERROR: "entered-in-error",
}  # fmt: skip

_CLINICAL = {
    "active": Status.ACTIVE, "recurrence": Status.RECURRENCE, "relapse": Status.RECURRENCE,
    "inactive": Status.INACTIVE, "remission": Status.REMISSION, "resolved": Status.RESOLVED,
    "completed": Status.RESOLVED, "unknown": Status.UNKNOWN,
}  # fmt: skip


_OVER = ("abatementString", "abatementAge", "abatementRange")


def clinical_status(source: Source, ended: date | None) -> Status:
    """Verification and clinical status in one; what is absent counts as active."""
    # DSTU2's allergies have one status for both.
    older = source.resource.get("resourceType") in ("AllergyIntolerance", "Condition")
    either = source.code("status") if older else ""
    verification = source.code("verificationStatus") or either
    if verification == "entered-in-error" or source.code("status") == "entered-in-error":
        return Status.ENTERED_IN_ERROR
    if verification == "refuted":
        return Status.REFUTED
    stated = source.code("clinicalStatus") or either
    over = ended is not None or source.resource.get("abatementBoolean") is True
    over = over or any(name in source.resource for name in _OVER)
    absent = Status.RESOLVED if over else Status.ACTIVE
    status = _CLINICAL.get(stated, absent)
    unsure = verification in ("provisional", "differential", "unconfirmed", "suspected")
    # A differential diagnosis that is resolved was never confirmed and is over: no suspicion left.
    if unsure and status in (Status.ACTIVE, Status.RECURRENCE, Status.UNKNOWN):
        return Status.SUSPECTED
    return status
