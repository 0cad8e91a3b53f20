"""What changes the intake. Each is one transaction with its audit entry.

Facts are written in `disclosing`, documents reconciled in `importing`; here stand the answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from filiform.clinic.facts.amending import ChangedMeanwhile, hold, in_place
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.recording import recording
from filiform.clinic.intake import queries
from filiform.clinic.intake.disclosing import (
    all_told,
    amend_fact,
    disclose,
    not_asked_after_all,
    void_fact,
)
from filiform.clinic.intake.importing import (
    AnotherPerson,
    Imported,
    drop_import,
    drop_old_uploads,
    hold_import,
    import_document,
)
from filiform.clinic.intake.models import Answer, ChangeCheck
from filiform.clinic.intake.rows import Contradiction
from filiform.clinic.patients.models import Patient
from filiform.screening import check_answers

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

__all__ = [
    "AnotherPerson",
    "ChangedMeanwhile",
    "Contradiction",
    "Imported",
    "all_told",
    "amend_fact",
    "answer",
    "answer_all",
    "confirm_unchanged",
    "disclose",
    "drop_import",
    "drop_old_uploads",
    "hold_import",
    "import_document",
    "not_asked_after_all",
    "void_fact",
]


def answer(
    *, by: Member, patient: Patient, question: str, value: bool, visit: Visit | None = None
) -> Answer:
    """Yes or no to a safety question; takes the place of the answer before.

    Raises filiform.screening.UnknownAnswerError for a question that no rule asks.
    """
    check_answers([question])
    with transaction.atomic():
        hold(patient)
        former = (
            Answer.objects.current()
            .filter(patient=patient, question=question)
            .order_by("-recorded_at", "-pk")
            .first()
        )
        if former is not None and _same_answer(former, value, visit):
            return former
        with recording("question-answered", by=by) as entry:
            given = in_place(
                Answer(
                    organisation=patient.organisation,
                    recorded_by=by,
                    patient=patient,
                    question=question,
                    value=value,
                    visit=visit,
                    replaces=former,
                )
            )
            entry.about(given, question=question)
    return given


def answer_all(
    *,
    by: Member,
    patient: Patient,
    questions: Iterable[str],
    value: bool,
    visit: Visit | None = None,
) -> list[Answer]:
    """The same answer to several questions, all or none: one transaction, one wait for the disk."""
    with one_link():
        return [
            answer(by=by, patient=patient, question=question, value=value, visit=visit)
            for question in questions
        ]


def confirm_unchanged(*, by: Member, visit: Visit, changed: bool) -> ChangeCheck:
    """Note the answer to "has anything changed since last time?" in a visit.

    A second tap on the same answer notes nothing, unless the disclosure was changed in between.
    """
    with transaction.atomic():
        hold(visit.patient)
        last = queries.change_check(visit)
        if last is not None and last.changed == changed and not queries.changed_since_asked(visit):
            return last
        with recording("changes-asked", by=by) as entry:
            check = ChangeCheck.objects.create(
                organisation=visit.organisation,
                recorded_by=by,
                patient=visit.patient,
                visit=visit,
                changed=changed,
            )
            entry.about(check, changed=changed)
    return check


def _same_answer(former: Answer, value: bool, visit: Visit | None) -> bool:
    """The same, today, in the same visit: a second tap, not a second asking."""
    today = timezone.localtime(former.recorded_at).date() == timezone.localdate()
    return today and former.value == value and former.visit_id == (visit.pk if visit else None)
