"""What a patient may tell from home: how each part is checked, compared and taken over.

This room knows the parts that are disclosure; rooms above put theirs into PARTS when they are
ready (story and drawing, scores).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.facts.models import Fact
from filiform.clinic.intake import actions, queries, sections
from filiform.clinic.intake.models import DisclosedFact, SentIn
from filiform.clinic.intake.vocabulary import SECTION_OF, SECTIONS, STATUSES
from filiform.clinic.intake.waiting import sent_in
from filiform.clinic.web.times import comma
from filiform.disclosure import Coding, Kind, Status
from filiform.screening import check_answers, red_flags, rules
from filiform.screening.folding import words_of

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

Differs = Literal["new", "same", "changed", "contradicts"]


@dataclass(frozen=True)
class Told:
    """One thing told. part: a key of PARTS; name, text and value as it says there."""

    part: str
    name: str
    text: str = ""
    value: Any = None


class NotSendable(ValueError):
    """Something that no page of ours sends; the message says what was got and what is allowed."""


@dataclass(frozen=True)
class Compared:
    """One thing that came in beside what the record has. asks: what it is about; said: what came
    in; has: what stands in the record, "" for nothing. All in the reader's language."""

    asks: str
    said: str
    has: str
    differs: Differs


@dataclass(frozen=True)
class PartAtHome:
    """check raises NotSendable. take writes rows into the record and gives the row that came of
    it, None where nothing had to be written.

    together: rows of all parts with the same word are taken over by one tap; "" is each alone.
    """

    check: Callable[[Told], None]
    compare: Callable[[SentIn, Patient, Visit], Compared]
    take: Callable[[Member, Visit, Sequence[SentIn]], Fact | None]
    together: str = ""


# --- answers --------------------------------------------------------------------------------------
def _check_answer(told: Told) -> None:
    check_answers([told.name])
    if not isinstance(told.value, bool):
        raise NotSendable(f"an answer to {told.name} is yes or no, got {told.value!r}")


def asked_as(question: str) -> str:
    """A question of screening in the reader's words; its id where no rule asks it any more."""
    known = {flag.id: flag.ask for flag in red_flags()}
    known |= {rule.id: rule.ask or rule.name for rule in rules()}
    return known[question].in_language(get_language() or "en") if question in known else question


def yes_or_no(value: object) -> str:
    return _("Yes") if value else _("No")


def _compare_answer(row: SentIn, patient: Patient, visit: Visit) -> Compared:
    before = queries.answers(patient, visit).get(row.name)
    differs: Differs = "new" if before is None else "same" if before == row.value else "contradicts"
    # Nothing said before is told apart from a no: "" shows as an empty place.
    has = "" if before is None else yes_or_no(before)
    return Compared(asked_as(row.name), yes_or_no(row.value), has, differs)


def _take_answer(by: Member, visit: Visit, rows: Sequence[SentIn]) -> Fact | None:
    (row,) = rows
    return actions.answer(
        by=by, patient=visit.patient, question=row.name, value=bool(row.value), visit=visit
    )


# --- what is listed -------------------------------------------------------------------------------
def _check_told(told: Told) -> None:
    if told.name not in SECTION_OF:
        raise NotSendable(f"kind {told.name!r} is not asked; allowed are {', '.join(SECTION_OF)}")
    if not told.text.strip():
        raise NotSendable(f"a {told.name} without words; say what it is")
    value = told.value if told.value is not None else {}
    if not isinstance(value, dict):
        raise NotSendable(f"a {told.name}: its value is an object or nothing, got {value!r}")
    status = value.get("status", "active")
    if status not in ("active", "stopped", "resolved"):
        raise NotSendable(f"status {status!r}; allowed are active, stopped, resolved")
    try:
        codings_of(value)
    except msgspec.ValidationError as error:
        raise NotSendable(f"codings: {error}") from None


def codings_of(value: Any) -> tuple[Coding, ...]:
    return msgspec.convert((value or {}).get("codings", ()), tuple[Coding, ...])


def _compare_told(row: SentIn, patient: Patient, visit: Visit) -> Compared:
    asks = str(SECTION_OF[row.name].title)
    status = (row.value or {}).get("status", "active")
    said = row.text if status == "active" else f"{row.text} ({STATUSES[status]})"
    there = _same_named(row, patient)
    if there is not None:
        return Compared(asks, said, there.text, "same" if there.status == status else "changed")
    section = next(one for one in sections.sections(patient) if row.name in one.section.kinds)
    # "Nothing" and a medicine can't both hold: a person decides which.
    if section.state == "none":
        return Compared(asks, said, str(section.section.nothing), "contradicts")
    return Compared(asks, said, _listed(section.rows), "new")


def _same_named(row: SentIn, patient: Patient) -> DisclosedFact | None:
    told = words_of(row.text)
    concept = (row.value or {}).get("concept") or None
    for one in queries.rows(patient):
        # By the concept, too: told in Urdu and typed in English it is one medicine.
        alike = words_of(one.text) == told or (concept is not None and one.concept == concept)
        if one.kind == row.name and not one.none_known and alike:
            return one
    return None


def _listed(rows: Sequence[DisclosedFact]) -> str:
    return f"{comma()} ".join(row.text for row in rows if not queries.is_over(row))


def _take_told(by: Member, visit: Visit, rows: Sequence[SentIn]) -> Fact | None:
    (row,) = rows
    value = row.value or {}
    status = value.get("status", "active")
    there = _same_named(row, visit.patient)
    if there is not None:
        # Taken over twice, or told and typed at the desk meanwhile.
        if there.status == status:
            return there
        why = _("as the patient said from home")
        return actions.amend_fact(by=by, fact=there, why=why, status=status)
    return actions.disclose(
        by=by, patient=visit.patient, kind=row.name, text=row.text, status=status,
        concept=value.get("concept", ""), codings=codings_of(value),
    )  # fmt: skip


# --- what doesn't hold any more -------------------------------------------------------------------
def _check_gone(told: Told) -> None:
    try:
        UUID(told.name)
    except ValueError:
        raise NotSendable(f"{told.name!r} is no fact of the record") from None


def _fact_of(row: SentIn, patient: Patient) -> DisclosedFact | None:
    return next((one for one in queries.rows(patient) if str(one.pk) == row.name), None)


def _compare_gone(row: SentIn, patient: Patient, visit: Visit) -> Compared:
    there = _fact_of(row, patient)
    over = there is None or queries.is_over(there)
    said = _("Not any more: %(what)s") % {"what": row.text}
    asks = str(SECTION_OF[there.kind].title) if there and there.kind in SECTION_OF else ""
    return Compared(asks, said, there.text if there else "", "same" if over else "changed")


def _take_gone(by: Member, visit: Visit, rows: Sequence[SentIn]) -> Fact | None:
    (row,) = rows
    there = _fact_of(row, visit.patient)
    # Already ended, by whichever hand.
    if there is None or queries.is_over(there):
        return there
    # As FHIR has it: a medicine is stopped, an illness resolved, a device not in use.
    stopped = {Kind.MEDICINE: Status.STOPPED, Kind.DEVICE: Status.INACTIVE}
    status = stopped.get(Kind(there.kind), Status.RESOLVED)
    why = _("as the patient said from home")
    return actions.amend_fact(by=by, fact=there, why=why, status=status)


# --- a whole section ------------------------------------------------------------------------------
def _check_section(told: Told) -> None:
    ids = [section.id for section in SECTIONS]
    if told.name not in ids:
        raise NotSendable(f"section {told.name!r}; allowed are {', '.join(ids)}")


def _section_of(row: SentIn, patient: Patient) -> sections.Listed:
    return next(one for one in sections.sections(patient) if one.section.id == row.name)


def _compare_none(row: SentIn, patient: Patient, visit: Visit) -> Compared:
    there = _section_of(row, patient)
    nothing = str(there.section.nothing)
    # What was told on another day, when booking say, gainsays it as much as the record does.
    told = [one.text for one in sent_in(patient) if one.part == "told"
            and one.name in there.section.kinds]  # fmt: skip
    something = [row for row in there.rows if not row.none_known]
    if something or told:
        has = f"{comma()} ".join(filter(None, [_listed(something), *told]))
        return Compared(str(there.section.title), nothing, has, "contradicts")
    same = there.state == "none"
    return Compared(
        str(there.section.title), nothing, nothing if same else "", "same" if same else "new"
    )


def _take_none(by: Member, visit: Visit, rows: Sequence[SentIn]) -> Fact | None:
    """Raises Contradiction while something is listed."""
    (row,) = rows
    section = _section_of(row, visit.patient).section
    return actions.disclose(by=by, patient=visit.patient, kind=section.kind, none_known=True)


def _compare_all(row: SentIn, patient: Patient, visit: Visit) -> Compared:
    there = _section_of(row, patient)
    differs: Differs = "same" if there.state == "listed" else "new"
    said = _("That is all")
    return Compared(str(there.section.title), said, _listed(there.rows), differs)


def _take_all(by: Member, visit: Visit, rows: Sequence[SentIn]) -> Fact | None:
    (row,) = rows
    there = _section_of(row, visit.patient)
    # Of a list on which nothing stands nobody can say that it is all.
    if there.rows:
        actions.all_told(by=by, patient=visit.patient, section=there.section)
    return None


# --- nothing has changed --------------------------------------------------------------------------
def _check_unchanged(told: Told) -> None:
    if told.name not in ("no", "yes"):
        raise NotSendable(f"whether something changed is yes or no, got {told.name!r}")


def _compare_unchanged(row: SentIn, patient: Patient, visit: Visit) -> Compared:
    check = queries.change_check(visit)
    has = "" if check is None else yes_or_no(check.changed)
    said = yes_or_no(row.name == "yes")
    differs: Differs = "new" if check is None else "same" if has == said else "changed"
    return Compared(_("Has anything changed since last time?"), said, has, differs)


def _take_unchanged(by: Member, visit: Visit, rows: Sequence[SentIn]) -> Fact | None:
    (row,) = rows
    return actions.confirm_unchanged(by=by, visit=visit, changed=row.name == "yes")


PARTS: dict[str, PartAtHome] = {
    "unchanged": PartAtHome(_check_unchanged, _compare_unchanged, _take_unchanged),
    "answer": PartAtHome(_check_answer, _compare_answer, _take_answer),
    "told": PartAtHome(_check_told, _compare_told, _take_told),
    "gone": PartAtHome(_check_gone, _compare_gone, _take_gone),
    "none": PartAtHome(_check_section, _compare_none, _take_none),
    "all": PartAtHome(_check_section, _compare_all, _take_all),
}
"""By name, in the order in which they are reviewed: a list is complete after what belongs to it.

    answer     name: a question of `screening`; value: True or False
    told       name: a kind of `disclosure.Kind`; text: its words; value: {status, concept, codings}
    gone       name: id of a fact of the record that doesn't hold any more; text: its words
    none       name: a section; nothing of it
    all        name: a section; what is listed is all
    unchanged  name: "no" or "yes": whether anything changed since last time
"""
