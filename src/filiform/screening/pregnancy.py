"""Whether the record speaks of a pregnancy on a day, and of which trimester."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import msgspec

from filiform.disclosure import LOINC, Disclosure, Kind, Statement, Status
from filiform.letters import whole_number
from filiform.screening.codes import any_within
from filiform.screening.concept_matching import ConceptMatch, match_concepts
from filiform.screening.currency import currency
from filiform.screening.proof import proven
from filiform.screening.rulebook import Trigger

Trimester = Literal["first", "later", "unknown"]

PREGNANT = ("Z33", "Z34", "Z35", "Z3A", "O09", "O10-O16", "O20-O48")
"""ICD-10 for a pregnancy that is going on; not its end (O00–O08), birth or childbed (O80–O99)."""
LONGEST_DAYS = 300
"""A pregnancy entered longer ago is over, whatever its status says. Design value."""
# Up to 13 weeks and 6 days from the last period, as obstetrics counts (ACOG).
FIRST_TRIMESTER_DAYS = 13 * 7 + 6
# 40 weeks from the last period (Naegele's rule): what a due date is counted back by.
TERM_DAYS = 280
NOT_PREGNANT = frozenset({"60001007", "LA26683-5"})
"""SNOMED CT and LOINC for "not pregnant", as the value of an observation."""
ENDED = ("O00-O08", "O80-O84", "Z37", "Z39")
"""ICD-10 for the end of a pregnancy: loss, termination, birth, and care after it."""
ENDS = frozenset({"miscarriage", "caesarean"})
"""Our concepts for the same, in the words of eighteen languages."""
LAST_PERIOD, DUE_DATE, WEEKS = "8665-2", ("11778-8", "11779-6"), ("18185-9", "49051-6")
STATUS = "82810-3"


class Pregnancy(msgspec.Struct, frozen=True):
    trimester: Trimester
    facts: tuple[Statement, ...]
    suspected: bool = False


_LASTING = Trigger(icd10=PREGNANT, within_days=LONGEST_DAYS)


def pregnancy(disclosure: Disclosure, *, on: date) -> Pregnancy | None:
    """The pregnancy of which the record speaks, or None. An unknown trimester stays unknown."""
    denied = _last_denied(disclosure, on)
    meanings = (
        (fact, proven(fact))
        for fact in disclosure.facts
        # A bare measured value speaks of no pregnancy; it may only date one.
        if fact.kind is Kind.CONDITION or (fact.kind is Kind.OBSERVATION and fact.value is None)
    )
    facts = [
        fact
        for fact, meaning in meanings
        if _speaks_of_it(meaning)
        and not _before(fact, denied)
        and currency(fact, meaning, _LASTING, on) == "counts"
    ]
    # An old due date would make every later record pregnant: what a denial ended is left out.
    dated = tuple(fact for fact in disclosure.facts if not _before(fact, denied))
    days, dating = _days_along(dated, on, known=bool(facts))
    # A measured dating outweighs what is said: codes for a trimester are often not renewed.
    if days is not None and 0 <= days <= LONGEST_DAYS:
        trimester: Trimester = "first" if days <= FIRST_TRIMESTER_DAYS else "later"
        return Pregnancy(trimester, (*facts, *dating))
    if not facts:
        return None
    said = {found for fact in facts if (found := _trimester_of(proven(fact))) is not None}
    # Two facts that name different trimesters settle nothing; then the duration is asked.
    if len(said) == 1:
        return Pregnancy(said.pop(), tuple(facts))
    return Pregnancy(_by_duration(facts, on), tuple(facts))


def _last_denied(disclosure: Disclosure, on: date) -> date | None:
    """The last day on which an observation says that she is not pregnant, or a pregnancy ended."""
    unused = Trigger(icd10=PREGNANT)
    days = [
        day
        for fact in disclosure.facts
        if fact.kind is Kind.OBSERVATION
        and any(coding.code in NOT_PREGNANT for coding in fact.codings)
        and currency(fact, proven(fact), unused, on) == "counts"
        and (day := fact.start or fact.recorded) is not None
    ]
    # Without a day of its own an end ends nothing: it may be of a pregnancy years ago.
    days += [
        fact.start
        for fact in disclosure.facts
        if fact.start is not None and fact.start <= on and _is_an_end(fact)
    ]
    return max(days, default=None)


def _is_an_end(fact: Statement) -> bool:
    """Whether a diagnosis or an operation says that a pregnancy is over.

    What the text doubts or denies, plans, or tells of a relative says nothing of the kind.
    """
    if fact.kind not in (Kind.CONDITION, Kind.PROCEDURE) or fact.family or fact.status in _NO_END:
        return False
    meaning = match_concepts(fact)
    if meaning.relative:
        return False
    return bool(meaning.concepts & ENDS) or any_within(meaning.icd10, ENDED)


_NO_END = (
    Status.PLANNED,
    Status.SUSPECTED,
    Status.REFUTED,
    Status.ENTERED_IN_ERROR,
    Status.STOPPED,
    Status.ON_HOLD,
)


def _before(fact: Statement, denied: date | None) -> bool:
    """Whether a fact was said before the last "not pregnant", and is over with it."""
    said = fact.start or fact.recorded
    return denied is not None and said is not None and said < denied


def _speaks_of_it(meaning: ConceptMatch) -> bool:
    return any_within(meaning.icd10, PREGNANT)


def _days_along(
    facts: tuple[Statement, ...], on: date, *, known: bool
) -> tuple[int | None, tuple[Statement, ...]]:
    """Days since the last period, from the newest dating in the record.

    A last period alone says nothing: `known` tells whether a pregnancy is recorded at all.
    """
    found: list[tuple[date, str, int, Statement]] = []
    unused = Trigger(icd10=PREGNANT)
    for fact in facts:
        if fact.kind is not Kind.OBSERVATION or fact.value is None:
            continue
        # Only a mistaken, refuted or merely planned value dates nothing.
        if currency(fact, proven(fact), unused, on) == "no":
            continue
        codes = {coding.code for coding in fact.codings if coding.system == LOINC}
        said = fact.start or fact.recorded or on
        # The reader keeps a day as its number; a damaged one is no day.
        if fact.unit == "date" and 0 < fact.value < date.max.toordinal():
            day = date.fromordinal(int(fact.value))
            if codes & set(DUE_DATE):
                found.append((said, fact.id, (on - day).days + TERM_DAYS, fact))
            elif LAST_PERIOD in codes and known:
                found.append((said, fact.id, (on - day).days, fact))
        elif codes & set(WEEKS):
            found.append((said, fact.id, round(fact.value * 7) + (on - said).days, fact))
    if not found:
        return None, ()
    # The newest dating: an ultrasound corrects the period, and is written down later. The id parts
    # two of one day, so that the order of the record changes nothing.
    newest = max(found, key=lambda one: (one[0], one[1]))
    return newest[2], (newest[3],)


def _trimester_of(meaning: ConceptMatch) -> Trimester | None:
    """From the text ("second trimester") or ICD-10-CM weeks (Z3A.12)."""
    words = " ".join(meaning.words)
    if "first trimester" in words or "1st trimester" in words:
        return "first"
    if any(f"{name} trimester" in words for name in ("second", "third", "2nd", "3rd")):
        return "later"
    for code in meaning.icd10:
        weeks = whole_number(code[3:5]) if code.startswith("Z3A") else None
        if weeks is not None:
            # Z3A.00 is "not specified", Z3A.01 "less than 8 weeks"; else the weeks (ICD-10-CM).
            return "unknown" if weeks == 0 else ("first" if weeks < 14 else "later")
    return None


def _by_duration(facts: list[Statement], on: date) -> Trimester:
    """A pregnancy entered more than 14 weeks ago is past its first trimester."""
    starts = [fact.start for fact in facts if fact.start is not None]
    if starts and on - min(starts) > timedelta(days=FIRST_TRIMESTER_DAYS):
        return "later"
    return "unknown"
