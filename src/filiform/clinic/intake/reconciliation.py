"""What of a document is offered for the record, what stands here already, what is left out.

Everything that screening would use is offered, also what is over: a rule may look back at it.
So the same patient gets the same answer from the document and from what was added of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from filiform.clinic.intake.classifying import Classified, with_classified
from filiform.clinic.intake.models import DisclosedFact
from filiform.clinic.patients import folding
from filiform.disclosure import Disclosure, Kind, Statement, Status
from filiform.exchange.fhir.model import HEIGHT, WEIGHT, ReadBundle
from filiform.screening import indications, red_flags, rules
from filiform.screening.measures import measure_of
from filiform.screening.pregnancy import pregnancy
from filiform.screening.rulebook import Trigger
from filiform.screening.triggers import matches
from filiform.screening.triggers import patient as seen_on
from filiform.screening.understanding import unknown_facts

NEVER: dict[Status, str] = {
    Status.ENTERED_IN_ERROR: "entered-in-error",
    Status.REFUTED: "refuted",
    Status.PLANNED: "planned",
}
OVER: dict[Status, str] = {
    Status.RESOLVED: "resolved",
    Status.INACTIVE: "resolved",
    Status.REMISSION: "resolved",
    Status.STOPPED: "stopped",
    Status.COMPLETED: "stopped",
}


@dataclass(frozen=True)
class Offer:
    """One fact of the document.

    ticked: added unless somebody unticks it.
    why: a code of `vocabulary.LEFT_OUT` when it is not ticked.
    amends: the row that an earlier document gave for the same resource, now different.
    """

    fact: Statement
    ticked: bool
    why: str = ""
    amends: DisclosedFact | None = None


@dataclass(frozen=True)
class Preview:
    """The whole document sorted."""

    read: ReadBundle
    offered: tuple[Offer, ...]
    optional: tuple[Offer, ...]
    there: tuple[Statement, ...]
    left_out: tuple[tuple[str, str], ...]
    """(text, code of `vocabulary.LEFT_OUT` or of the reader)"""
    unknown: tuple[Statement, ...] = ()
    """What no rule, no list of harmless things and nobody in this clinic knows."""
    height_cm: float | None = None
    height_on: date | None = None
    weight_kg: float | None = None
    weight_on: date | None = None

    @property
    def has_something(self) -> bool:
        return bool(self.offered or self.optional or self.height_cm or self.weight_kg)

    def measured_on(self, kind: str) -> date | None:
        return {"height_cm": self.height_on, "weight_kg": self.weight_on}[kind]


def preview(
    read: ReadBundle,
    *,
    rows: Iterable[DisclosedFact],
    voided: Iterable[DisclosedFact],
    on: date,
    measured: dict[str, date],
    classified: Classified | None = None,
    listed: Iterable[DisclosedFact] = (),
) -> Preview:
    """Sort a document against what stands here.

    rows: the facts of this file that hold. voided: those taken back. listed: facts of all files of
    the person, which a "nothing" of the document may contradict. on: the day of treatment.
    measured: the day of the last height_cm and weight_kg that stand here.
    classified: what the clinic takes unknown names to mean.
    """
    disclosure = with_classified(read.disclosure(on=on), classified or {})
    used = used_by_screening(disclosure, on=on)
    standing, taken_back = list(rows), list(voided)
    offered: list[Offer] = []
    optional: list[Offer] = []
    there: list[Statement] = []
    left_out: list[tuple[str, str]] = [
        (one.text, one.why) for one in read.left_out if not _still_a_fact(one, read)
    ]
    seen: set[tuple[object, ...]] = set()
    # Lists of several sources are put together into one document, and some keep the "nothing" of
    # the one beside what another lists. What is listed is what screening has to see.
    something = _kinds_listed([*standing, *listed]) | _kinds_told(read)
    for fact in read.facts:
        planned = fact.kind is Kind.MEDICINE and fact.status is Status.PLANNED
        if planned:
            # Whoever ticks it says that it is taken.
            fact = msgspec.structs.replace(fact, status=Status.ACTIVE)
        why = _why_never(fact)
        key = _content(fact)
        if why or key in seen:
            left_out.append((fact.text, why or "duplicate"))
            continue
        seen.add(key)
        # Asked before it is known whether the fact is there: an amended one is both.
        row = _same_resource(fact, standing)
        if any(_same(fact, one) for one in standing):
            there.append(fact)
            continue
        why = "planned-medicine" if planned else _why_not_ticked(fact, used, read, on)
        # Somebody has looked at it and taken it back: it is offered, and must be meant anew.
        if not why and any(_same(fact, one) for one in taken_back):
            why = "voided"
        if not why and fact.none_known and fact.kind in something:
            left_out.append((fact.text, "contradicts"))
            continue
        place = optional if why else offered
        place.append(Offer(fact, ticked=not why, why=why, amends=row))
    return Preview(
        read=read,
        offered=tuple(offered),
        optional=tuple(optional),
        there=tuple(there),
        left_out=tuple(left_out),
        unknown=unknown_facts(seen_on(disclosure, on)),
        **_body(read, disclosure, on=on, measured=measured),
    )


def _body(
    read: ReadBundle, disclosure: Disclosure, *, on: date, measured: dict[str, date]
) -> dict[str, Any]:
    """Height and weight of the document where they are newer than what was measured here."""
    found: dict[str, Any] = {}
    for kind, codes in (("height_cm", HEIGHT), ("weight_kg", WEIGHT)):
        value = getattr(disclosure, kind)
        days = [
            fact.start
            for fact in read.facts
            if fact.start is not None
            and fact.start <= on
            and fact.value is not None
            and any(coding.code in codes for coding in fact.codings)
        ]
        day = max(days, default=None)
        if value is not None and day is not None and (kind not in measured or day > measured[kind]):
            # Both names begin with six letters: height_on, weight_on.
            found |= {kind: round(value, 1), f"{kind[:6]}_on": day}
    return found


def used_by_screening(disclosure: Disclosure, *, on: date) -> set[str]:
    """Ids of resources that at least one part of a rule speaks of on a day.

    Each trigger is asked by itself, without what must come together with it: that may be
    disclosed later.
    """
    who = seen_on(disclosure, on)
    used = {
        match.evidence.resource
        for trigger in _all_triggers()
        for match in matches(_alone(trigger), who)
    }
    expecting = pregnancy(disclosure, on=on)
    if expecting is not None:
        # Pregnancy is worked out from several facts at once, which no single trigger names.
        used |= {_resource(fact) for fact in expecting.facts}
    return used


def _all_triggers() -> Iterator[Trigger]:
    for when in [entry.when for known in (rules(), red_flags(), indications()) for entry in known]:
        for trigger in when:
            part: Trigger | None = trigger
            while part is not None:
                yield part
                part = part.with_


def _alone(trigger: Trigger) -> Trigger:
    if trigger.measure is not None:
        return msgspec.structs.replace(trigger, with_=None, distinct=1)
    return msgspec.structs.replace(
        trigger,
        with_=None,
        distinct=1,
        unless_measured=None,
        sex=None,
        # A rule of age alone speaks of everybody of that age, and of no fact.
        age_from_years=None if _has_subject(trigger) else trigger.age_from_years,
        age_under_years=None if _has_subject(trigger) else trigger.age_under_years,
    )


def _has_subject(trigger: Trigger) -> bool:
    return bool(
        trigger.concepts or trigger.icd10 or trigger.atc or trigger.text or trigger.pregnancy
    )


def _why_never(fact: Statement) -> str:
    if fact.family:
        return "family"
    return NEVER.get(fact.status, "")


def _why_not_ticked(fact: Statement, used: set[str], read: ReadBundle, on: date) -> str:
    """Empty when the fact holds today, or when a rule looks at it."""
    if _resource(fact) in used or fact.none_known:
        return ""
    if fact.kind is Kind.OBSERVATION:
        if measure_of(fact) is None:
            return "unused-value"
        return "" if _newest(fact, read, on) else "older-value"
    if fact.kind is Kind.PROCEDURE:
        return "unused-operation"
    if fact.status in OVER:
        return OVER[fact.status]
    return "resolved" if fact.end is not None and fact.end < on else ""


def _newest(fact: Statement, read: ReadBundle, on: date) -> bool:
    """Whether no later value of the same measure stands in the document."""
    measure, day = measure_of(fact), fact.start or fact.recorded
    days = [
        other.start or other.recorded
        for other in read.facts
        if other.kind is Kind.OBSERVATION and measure_of(other) == measure and not _why_never(other)
    ]
    # A value dated ahead by a slip must not make today's an older one.
    past = [one for one in days if one is not None and one <= on]
    return day is not None and bool(past) and day == max(past)


def _content(fact: Statement) -> tuple[object, ...]:
    return (
        fact.kind, _folded(fact.text), fact.status, fact.start, fact.end, fact.side, fact.site,
        fact.value, fact.unit, fact.none_known,
    )  # fmt: skip


def _same(fact: Statement, row: DisclosedFact) -> bool:
    """The same said once more: kind, words or code, status, days, side and value agree."""
    if row.kind != fact.kind or row.none_known != fact.none_known:
        return False
    if fact.none_known:
        return True
    agrees = (
        row.status == fact.status
        and row.start == fact.start
        and row.end == fact.end
        and (row.side or None) == fact.side
        and row.value == fact.value
    )
    return agrees and _names_the_same(fact, row)


def _names_the_same(fact: Statement, row: DisclosedFact) -> bool:
    if _folded(fact.text) == _folded(row.text):
        return True
    # A code says the same in two languages; one that both have is enough.
    codes = {(coding.system, coding.code) for coding in fact.codings}
    return bool(codes & {(coding["system"], coding["code"]) for coding in row.codings})


def _same_resource(fact: Statement, rows: Iterable[DisclosedFact]) -> DisclosedFact | None:
    """What an earlier document said under the same address about the same thing."""
    for row in rows:
        if (
            row.document_id is not None
            and row.resource == fact.id
            and row.kind == fact.kind
            and _names_the_same(fact, row)
        ):
            return row
    return None


def _kinds_listed(rows: Iterable[DisclosedFact]) -> set[str]:
    return {row.kind for row in rows if not row.none_known}


def _kinds_told(read: ReadBundle) -> set[str]:
    return {fact.kind for fact in read.facts if not fact.none_known and not _why_never(fact)}


def _still_a_fact(one: object, read: ReadBundle) -> bool:
    """The reader names some facts also among what it left out; those are sorted as facts."""
    resource = getattr(one, "resource", "")
    return any(_resource(fact) == resource for fact in read.facts)


def _resource(fact: Statement) -> str:
    # A reader makes several facts of one resource, "#" and a number behind its address.
    return fact.id.split("#")[0]


def _folded(text: str) -> str:
    return " ".join(folding.words(text))
