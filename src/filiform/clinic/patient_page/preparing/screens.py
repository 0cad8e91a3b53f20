"""Which screens a patient is shown before a visit, and in which order.

    changed ─▶ conditions, allergies, medicines ─▶ safety questions ─▶ where it hurts ─▶ story
            ─▶ measures ─▶ consent to read ahead ─▶ send

The list is made anew from what is recorded and answered so far: a medicine that is told brings its
questions, "no medicine" takes those away that ask about medicines. So a screen is named by an id
that says what it asks, never by its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from filiform.clinic.assessment.queries import former_story
from filiform.clinic.consent.models import ConsentText
from filiform.clinic.consent.queries import current_text
from filiform.clinic.intake import queries as intake
from filiform.clinic.intake.vocabulary import SECTIONS
from filiform.clinic.progress.scores import psfs_activities
from filiform.disclosure import Disclosure, Kind, Statement
from filiform.screening import Question, questions, rules
from filiform.screening.concepts import concepts

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.visits.models import Visit

Answers = dict[str, Any]
QUESTION = "q:"
ACTIVITY = "activity-"
MOST_ACTIVITIES = 3
"""Of the patient-specific function; the scale takes five, a phone's patience three (design)."""


@dataclass(frozen=True)
class Screen:
    """kind: which template shows it and how its answer is read. about: the section, the question,
    the text or the activity that it asks about."""

    id: str
    kind: str
    title: str
    about: Any = None

    @property
    def template(self) -> str:
        kind = "rating" if self.kind == "ability" else self.kind
        return f"patient_page/prepare/{kind}.html"


def screens(patient: Patient, visit: Visit, answers: Answers, on: date) -> list[Screen]:
    """All screens of this patient before this visit, as far as is known by now."""
    return list(_screens(patient, visit, answers, on))


def _screens(patient: Patient, visit: Visit, answers: Answers, on: date) -> Iterator[Screen]:
    known = known_before(patient)
    if known:
        yield Screen("changed", "changed", _("Has anything changed?"))
    # Who says that nothing has changed is not walked through the same lists again.
    if not known or answers.get("changed") != "no":
        for section in SECTIONS:
            yield Screen(section.id, "section", str(section.ask), section)
    for question in open_questions(patient, visit, answers, on):
        text = question.ask.in_language(get_language() or "en")
        yield Screen(QUESTION + question.id, "question", text, question)
    yield Screen("where", "drawing", _("Where does it hurt?"))
    if not (visit.episode_id and former_story(visit)):
        yield Screen("complaint", "words", _("What brings you? In your own words"))
        yield Screen("onset", "one", _("When did it start?"))
        yield Screen("mechanism", "one", _("How did it start?"))
    yield Screen("aggravating", "many", _("What makes it worse?"))
    yield Screen("easing", "many", _("What makes it better?"))
    yield Screen("pain_now", "rating", _("How strong is your pain now?"))
    yield Screen("pain_worst", "rating", _("How strong was it at its worst in the last 24 hours?"))
    yield Screen("pain_average", "rating", _("How strong was it on average in the last week?"))
    yield from _function(patient, answers)
    yield Screen("notes", "words", _("Is there anything else we should know?"))
    to_read = consent_text(visit)
    if to_read is not None:
        yield Screen("consent", "consent", _("What you will be asked to agree to"), to_read)
    yield Screen("send", "send", _("Ready to send"))


def _function(patient: Patient, answers: Answers) -> Iterator[Screen]:
    """The same activities at every visit: only who has named none yet is asked which."""
    named = psfs_activities(patient)[:MOST_ACTIVITIES]
    if not named:
        yield Screen("activities", "activities", _("What can't you do well because of it?"))
        named = answers.get("activities") or []
    for number, activity in enumerate(named):
        title = _("How well can you do this today?")
        yield Screen(f"{ACTIVITY}{number}", "ability", title, activity)


def known_before(patient: Patient) -> bool:
    """Whether the record has anything disclosed that may have changed."""
    return bool(intake.rows(patient) or intake.given(patient))


def last_asked(patient: Patient) -> date | None:
    """The day on which something was last disclosed or answered."""
    days = [row.recorded_at for row in intake.rows(patient)]
    days += [row.recorded_at for row in intake.given(patient).values()]
    days += [row.recorded_at for row in intake.asked(patient).values()]
    return localdate(max(days)) if days else None


def open_questions(patient: Patient, visit: Visit, answers: Answers, on: date) -> list[Question]:
    """The safety questions that a patient can answer days ahead and hasn't answered yet."""
    recorded = intake.disclosure_of(patient, visit)
    # Asked before each treatment (a meal, alcohol): days ahead the answer is worth nothing.
    unasked = {rule.id for rule in rules() if rule.each_time or rule.who_answers != "patient"}
    return [
        one
        for one in questions(_with_answers(recorded, answers), on=on)
        if one.id not in recorded.answers and one.id not in unasked
    ]


def _with_answers(recorded: Disclosure, answers: Answers) -> Disclosure:
    """The disclosure as it will be, for choosing what is still to be asked; it judges nothing."""
    facts, asked = list(recorded.facts), set(recorded.asked_for)
    for section in SECTIONS:
        given = answers.get(section.id) or {}
        if given.get("done"):
            asked |= set(section.kinds)
        # By place: ids are only for this choice of questions, nothing is kept under them.
        for number, one in enumerate(given.get("told", ())):
            facts.append(
                Statement(
                    id=f"home/{section.id}-{number}",
                    kind=Kind(one["kind"]),
                    text=one["text"],
                    codings=concept_codings(one.get("concept", "")),
                )
            )
    return msgspec.structs.replace(recorded, facts=tuple(facts), asked_for=frozenset(asked))


def concept_codings(concept: str) -> tuple[Any, ...]:
    from_list = concepts().get(concept)
    return from_list.codings if from_list else ()


def consent_text(visit: Visit) -> ConsentText | None:
    return current_text(visit.organisation, get_language() or "en")
