"""The safety questions of a patient with their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from filiform.clinic.intake.models import Answer
from filiform.clinic.intake.queries import disclosure_of, given
from filiform.screening import questions as core_questions

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.screening import Question


@dataclass(frozen=True)
class AskedQuestion:
    """A safety question with its answer, and who noted it when."""

    question: Question
    answer: Answer | None


def questions_of(patient: Patient, on: date) -> list[AskedQuestion]:
    """The safety questions for this patient: those without an answer first."""
    listed = [
        AskedQuestion(question, given(patient).get(question.id))
        for question in core_questions(disclosure_of(patient), on=on)
    ]
    return sorted(listed, key=lambda one: one.question.answer is not None)
