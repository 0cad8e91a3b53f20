"""What the files of one person say together, and where they contradict each other.

What is listed in any of the files counts. "Nothing" and "that is all" were said of one file's list
by somebody who didn't see the others': they hold no longer where another file lists something,
until somebody has asked who sees all. Where one file says yes to a safety question and another no,
the yes counts until then. So putting files together never takes a danger away, and where they
contradict each other it is named and stands against a needle until it was asked again.

For a patient with one file, as nearly everybody has, every function here gives back what it got.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from filiform.clinic.intake.models import Answer, DisclosedFact, KindAsked
from filiform.clinic.intake.vocabulary import SECTION_OF
from filiform.clinic.patients.files import joined_at
from filiform.disclosure import Kind

if TYPE_CHECKING:
    from filiform.clinic.patients.models import FileMerge

Merges = Sequence["FileMerge"]


class Disagreement(NamedTuple):
    """What one file says and another gainsays; kind or question names what is to be asked again.

    says, gainsays: the rows. Of a kind: that there is nothing, and something that is listed.
    """

    says: DisclosedFact | Answer
    gainsays: DisclosedFact | Answer
    kind: Kind | None = None
    question: str = ""


def listed_together(rows: Iterable[DisclosedFact]) -> tuple[DisclosedFact, ...]:
    """Rows of all files, in the order in which they were written, without a "nothing" of a kind
    of which another file lists something."""
    rows = sorted(rows, key=lambda row: (row.recorded_at, row.pk))
    return tuple(row for row in rows if not (row.none_known and _gainsaying(row, rows)))


def asked_together(
    asked: Iterable[KindAsked], rows: Iterable[DisclosedFact], merges: Merges
) -> dict[Kind, KindAsked]:
    """Kind → the last time that it was asked about, where the list is complete with what the
    other files list."""
    listing: dict[str, set[UUID]] = {}
    for row in rows:
        if not row.none_known:
            listing.setdefault(row.kind, set()).add(row.patient_id)
    found = {}
    for when in sorted(asked, key=lambda one: (one.recorded_at, one.pk)):
        others = listing.get(when.kind, set())
        if all(_knew(when.recorded_at, when.patient_id, file, merges) for file in others):
            found[Kind(when.kind)] = when
    return found


def answered_together(answers: Iterable[Answer], merges: Merges) -> dict[str, Answer]:
    """Question → the newest answer of all files; yes, where another file gainsays it.

    Left open it might not be asked at all: some questions are only put when something raised them.
    """
    last = _last_of_each_file(answers)
    found = {}
    for question, of_file in last.items():
        newest = _newest(of_file)
        other = _other_answer(newest, of_file, merges)
        found[question] = other if other is not None and other.value else newest
    return found


def disagreeing(
    rows: Iterable[DisclosedFact], answers: Iterable[Answer], asked: Mapping[Kind, object],
    merges: Merges,
) -> list[Disagreement]:  # fmt: skip
    """What has to be asked again, since the files disagree and nobody has asked since.

    asked: as `asked_together` gives them.
    """
    rows = list(rows)
    found = []
    for row in rows:
        other = _gainsaying(row, rows) if row.none_known else None
        if other is not None and Kind(other.kind) not in asked:
            found.append(Disagreement(row, other, kind=Kind(other.kind)))
    for question, of_file in _last_of_each_file(answers).items():
        newest = _newest(of_file)
        gainsays = _other_answer(newest, of_file, merges)
        if gainsays is not None:
            found.append(Disagreement(newest, gainsays, question=question))
    return found


def _gainsaying(nothing: DisclosedFact, rows: Iterable[DisclosedFact]) -> DisclosedFact | None:
    """Something that another file lists of what this row says there is nothing of."""
    kinds: Iterable[str] = (nothing.kind,)
    # Said to us, "nothing" stands for the whole section that is asked in one question.
    if nothing.document_id is None and nothing.kind in SECTION_OF:
        kinds = [kind.value for kind in SECTION_OF[Kind(nothing.kind)].kinds]
    for row in rows:
        if not row.none_known and row.kind in kinds and row.patient_id != nothing.patient_id:
            return row
    return None


def _knew(at: datetime, file: UUID, other: UUID, merges: Merges) -> bool:
    """Whether who spoke at a moment in one file could see the other."""
    joined = joined_at(merges, file, other)
    return joined is None or at > joined


def _last_of_each_file(answers: Iterable[Answer]) -> dict[str, dict[UUID, Answer]]:
    found: dict[str, dict[UUID, Answer]] = {}
    for answer in sorted(answers, key=lambda one: (one.recorded_at, one.pk)):
        found.setdefault(answer.question, {})[answer.patient_id] = answer
    return found


def _newest(of_file: Mapping[UUID, Answer]) -> Answer:
    return max(of_file.values(), key=lambda one: (one.recorded_at, one.pk))


def _other_answer(
    newest: Answer, of_file: Mapping[UUID, Answer], merges: Merges
) -> Answer | None:  # fmt: skip
    """An answer of another file that is the opposite, and that who gave the newest didn't see."""
    for file, other in of_file.items():
        unseen = not _knew(newest.recorded_at, newest.patient_id, file, merges)
        if other.value != newest.value and unseen:
            return other
    return None
