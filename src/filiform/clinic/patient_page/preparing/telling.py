"""A draft as what is sent in: each answer one thing told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from filiform.clinic.intake import queries as intake
from filiform.clinic.intake.parts import Told
from filiform.clinic.intake.vocabulary import SECTIONS
from filiform.clinic.patient_page.preparing.screens import (
    ACTIVITY,
    MOST_ACTIVITIES,
    QUESTION,
    Answers,
    concept_codings,
)
from filiform.clinic.progress.scores import psfs_activities

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient

STORY_CODES = ("onset", "mechanism", "aggravating", "easing")
STORY_RATINGS = ("pain_now", "pain_worst", "pain_average")
STORY_WORDS = ("complaint", "notes")


def told_of(patient: Patient, answers: Answers) -> list[Told]:
    """What was skipped or left empty says nothing and is left out."""
    return [*_disclosed(patient, answers), *_story(answers), *_measured(patient, answers)]


def answer_told(screen: str, value: Any) -> Told | None:
    """The one thing of a screen that may be dangerous by itself: a yes, or free words."""
    if screen.startswith(QUESTION) and value is True:
        return Told("answer", screen.removeprefix(QUESTION), value=True)
    if screen in STORY_WORDS and value:
        return Told("story", screen, value)
    return None


def _disclosed(patient: Patient, answers: Answers) -> Iterator[Told]:
    if answers.get("changed") in ("yes", "no"):
        yield Told("unchanged", answers["changed"])
    for section in SECTIONS:
        given = answers.get(section.id) or {}
        yield from _listed(section.id, given)
        yield from _not_any_more(patient, set(given.get("gone", ())))
    for screen, value in answers.items():
        if screen.startswith(QUESTION) and value is not None:
            yield Told("answer", screen.removeprefix(QUESTION), value=value)


def _listed(section: str, given: dict[str, Any]) -> Iterator[Told]:
    told = given.get("told", ())
    for one in told:
        codings = msgspec.to_builtins(concept_codings(one.get("concept", "")))
        value = {"concept": one.get("concept", ""), "codings": codings}
        yield Told("told", one["kind"], one["text"], value)
    # "Nothing" and "that is all" say different things to screening: the one denies, the other ends.
    if given.get("none"):
        yield Told("none", section)
    elif given.get("done"):
        yield Told("all", section)


def _not_any_more(patient: Patient, gone: set[str]) -> Iterator[Told]:
    for row in intake.rows(patient):
        if str(row.pk) in gone:
            yield Told("gone", str(row.pk), row.text)


def _story(answers: Answers) -> Iterator[Told]:
    for name in STORY_WORDS:
        if answers.get(name):
            yield Told("story", name, answers[name])
    for name in STORY_CODES:
        if answers.get(name):
            yield Told("story", name, value=answers[name])
    for name in STORY_RATINGS:
        if answers.get(name) is not None:
            yield Told("story", name, value=answers[name])
    if answers.get("where"):
        yield Told("drawing", "pain", value=answers["where"])


def _measured(patient: Patient, answers: Answers) -> Iterator[Told]:
    if answers.get("pain_now") is not None:
        yield Told("score", "nprs", value={"items": [answers["pain_now"]]})
    named = (psfs_activities(patient) or answers.get("activities") or [])[:MOST_ACTIVITIES]
    items = [answers.get(f"{ACTIVITY}{number}") for number in range(len(named))]
    # A rating that was skipped stays empty in its place; the others keep their activity.
    if any(one is not None for one in items):
        yield Told("score", "psfs", value={"items": items, "about": named})
