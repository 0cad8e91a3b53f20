"""The count as the treatment page and the record show it: what agrees, what does not, what is
next, and what may be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from filiform.clinic.facts.models import new_id
from filiform.clinic.treatment.accounting import FOUND
from filiform.clinic.treatment.checks import may_be_undone
from filiform.clinic.treatment.counting import CountMade
from filiform.clinic.treatment.course import Course, time_of
from filiform.clinic.treatment.vocabulary import (
    IMAGING,
    KINDS,
    RESULTS,
    SEARCH_STEPS,
    WAYS,
    WHERE,
    undo_words,
)
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.clinic.web.times import comma

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.treatment.models import Act


@dataclass(frozen=True)
class CountLine:
    """One count, whether it is the last or not."""

    act: Act
    at: datetime
    made: CountMade
    wrong: Sequence[str]

    @property
    def adds_up(self) -> bool:
        return self.made.adds_up


@dataclass(frozen=True)
class AccountLine:
    """One account in words. people: name, and how they showed who they are."""

    act: Act
    at: datetime
    result: Any
    where: Any
    imaging: Any
    steps: Sequence[Any]
    note: str
    people: Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class UndoneLine:
    """An insertion that was undone: where it stood, why, when and by whom."""

    act: Act
    where: str
    why: Any
    words: str
    at: datetime
    by: Member | None


@dataclass(frozen=True)
class UndoOffer:
    """One act that can be undone, by its name. Its kind says which reasons are to choose from."""

    act_id: UUID
    kind: str
    name: str

    @property
    def fresh(self) -> UUID:
        return new_id()


@dataclass(frozen=True)
class CountPanel:
    """Everything about the count. state says what is next:

    count: to be counted, or counted anew. mismatch: the last count does not add up and nobody
    answered for it. account: the last one does, an earlier one did not. accounted: answered for.
    adds-up: every count does.
    """

    state: str
    needles_in: int
    needles_out: int
    counts: Sequence[CountLine]
    accounts: Sequence[AccountLine]
    undone: Sequence[UndoneLine]
    found_later: bool
    """Accounted for as not found, and now everything is there: another account may follow."""

    @property
    def last(self) -> CountLine | None:
        return self.counts[-1] if self.counts else None

    @property
    def needles_used(self) -> int:
        return self.needles_in + self.needles_out

    @property
    def mismatches(self) -> list[CountLine]:
        return [count for count in self.counts if not count.adds_up]


def count_panel(course: Course) -> CountPanel:
    tally = course.tally
    acts = course.by_id
    counts = [
        CountLine(acts[made.id], time_of(acts[made.id]), made, what_is_wrong(made))  # type: ignore[index]  # ids of acts are UUIDs
        for made in tally.counts
    ]
    accounts = [_account_line(act) for act in course.acts if act.kind == "account"]
    account = course.account
    return CountPanel(
        state=_state(course),
        needles_in=tally.needles_in,
        needles_out=tally.out,
        counts=counts,
        accounts=accounts,
        undone=undone_lines(course),
        found_later=bool(
            account is not None
            and account.details["result"] not in FOUND
            and tally.last is not None
            and tally.last.adds_up
            and not tally.moved
        ),
    )


def _state(course: Course) -> str:
    tally = course.tally
    # First of all: a count that no longer holds says nothing of what is to be done.
    if tally.last is None or tally.moved:
        return "count"
    if tally.unaccounted:
        return "account" if tally.last.adds_up else "mismatch"
    return "accounted" if tally.mismatches else "adds-up"


def what_is_wrong(made: CountMade) -> list[str]:
    """Each disagreement of a count as a sentence; empty when it adds up."""
    known = made.used + made.unused
    gaps = (
        # The gravest first: a needle that is nowhere may be in the patient.
        (made.opened - made.in_bin, _missing),
        (made.in_bin - made.opened, _surplus),
        (made.opened - known, _untapped),
        (known - made.opened, _tapped_too_often),
        (made.spoilt - made.unused, _spoilt_missing),
        (made.broken, _broken),
        (0 if made.in_packs is None else made.in_packs - made.opened, _pack_missing),
        (0 if made.in_packs is None else made.opened - made.in_packs, _pack_unrecorded),
    )
    # Each gap stands twice, once for either sign; so one sentence at most is true of it.
    return [say(number) % {"n": number} for number, say in gaps if number > 0]


def _missing(n: int) -> str:
    return ngettext(
        "%(n)s needle that was opened is not in the sharps bin.",
        "%(n)s needles that were opened are not in the sharps bin.",
        n,
    )


def _surplus(n: int) -> str:
    return ngettext(
        "%(n)s more needle is in the sharps bin than was opened.",
        "%(n)s more needles are in the sharps bin than were opened.",
        n,
    )


def _untapped(n: int) -> str:
    return ngettext(
        "%(n)s needle was opened that the record does not know: was one put in and not tapped?",
        "%(n)s needles were opened that the record does not know: were some put in and not tapped?",
        n,
    )


def _tapped_too_often(n: int) -> str:
    return ngettext(
        "The record knows %(n)s needle more than was opened: was one tapped twice?",
        "The record knows %(n)s needles more than were opened: were some tapped twice?",
        n,
    )


def _spoilt_missing(n: int) -> str:
    return ngettext(
        "%(n)s needle never went through the skin, and is not among those opened and not used.",
        "%(n)s needles never went through the skin, and are not among those opened and not used.",
        n,
    )


def _broken(n: int) -> str:
    return ngettext(
        "%(n)s needle is not whole: the rest may be in the patient.",
        "%(n)s needles are not whole: the rest may be in the patient.",
        n,
    )


def _pack_missing(n: int) -> str:
    return ngettext(
        "The packs in the record hold %(n)s needle more than was counted as opened.",
        "The packs in the record hold %(n)s needles more than were counted as opened.",
        n,
    )


def _pack_unrecorded(n: int) -> str:
    return ngettext(
        "%(n)s needle more was opened than the packs in the record hold: open its pack here.",
        "%(n)s needles more were opened than the packs in the record hold: open their packs here.",
        n,
    )


def _account_line(act: Act) -> AccountLine:
    told = act.details
    return AccountLine(
        act=act,
        at=time_of(act),
        result=RESULTS.get(told["result"], told["result"]),
        where=WHERE.get(told["where"], ""),
        imaging=IMAGING.get(told["imaging"], ""),
        steps=[SEARCH_STEPS.get(step, step) for step in told["steps"]],
        note=told["note"],
        people=[(one["name"], WAYS.get(one["way"], "")) for one in told["people"]],
    )


def undone_lines(course: Course) -> list[UndoneLine]:
    """Insertions that were undone, in their order."""
    return [_undone_line(act, void) for act, void in course.undone_needles]


def _undone_line(act: Act, void: Act) -> UndoneLine:
    target = act.target
    return UndoneLine(
        act=act,
        where=muscle_in_words(target.muscle, target.side) if target else "",
        why=undo_words(act.kind, void.details.get("reason", "")),
        words=void.why,
        at=time_of(void),
        by=void.recorded_by,
    )


def undo_offer(course: Course, act: Act | None) -> UndoOffer | None:
    """None for what can't be undone, or not yet."""
    if act is None or not may_be_undone(course, act):
        return None
    acts = course.by_id
    insertion = acts.get(act.needle_id, act) if act.needle_id else act
    target = insertion.target
    where = f"{comma()} {muscle_in_words(target.muscle, target.side)}" if target else ""
    return UndoOffer(act.pk, act.kind, f"{KINDS[act.kind]}{where}")


def undone_note(void: Act, wrong: Act) -> str:
    """What a void undid and why, for the list of what was done."""
    why = undo_words(wrong.kind, void.details.get("reason", ""))
    return f"{KINDS[wrong.kind]}: {why}" if why else str(KINDS[wrong.kind])


def count_note(act: Act) -> str:
    numbers = {name: act.details[name] for name in ("opened", "used", "unused", "in_bin")}
    says = _("%(opened)s opened: %(used)s used, %(unused)s unused; %(in_bin)s in the bin") % numbers
    agrees = _("Adds up.") if act.details["matches"] else _("Does not add up.")
    return f"{says}. {agrees}"


def account_note(act: Act) -> str:
    people = f"{comma()} ".join(one["name"] for one in act.details["people"])
    return f"{RESULTS.get(act.details['result'], '')} ({people})"
