"""The treatments of a patient and the side effects that were told after them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise

from filiform.clinic.aftercare.models import Check, CheckOutcome
from filiform.clinic.aftercare.vocabulary import EVENTS
from filiform.clinic.patients.files import files_of
from filiform.clinic.treatment.models import Act, Treatment
from filiform.clinic.web.muscle_names import muscle_words
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient


TREATMENTS_SHOWN = 25
"""Treatments on one page of the list."""


OUTCOMES_READ = 400
"""Answered checks that are read for side effects."""


@dataclass
class TreatmentRow:
    """One treatment in the list."""

    treatment: Treatment
    muscles: tuple[tuple[Words, str], ...]
    needles: int
    twitches: int
    signed: bool
    checks: tuple[Check, ...]
    effects: tuple[str | Promise, ...]


def treatments(patient: Patient, *, page: int = 1) -> tuple[list[TreatmentRow], bool]:
    """One page of a patient's treatments, the newest first, and whether there are older ones.

    Four queries, however many visits there were.
    """
    start = (page - 1) * TREATMENTS_SHOWN
    found = list(
        Treatment.objects.current()
        .filter(patient=patient)
        .select_related("practitioner", "seal", "visit")
        # One more than is shown tells whether there are older ones, without counting them.
        .order_by("-started_at")[start : start + TREATMENTS_SHOWN + 1]
    )
    shown = found[:TREATMENTS_SHOWN]
    acts = _acts_of(shown)
    checks = _checks_of(shown)
    rows = [_row(treatment, acts[treatment.pk], checks[treatment.pk]) for treatment in shown]
    return rows, len(found) > TREATMENTS_SHOWN


def _acts_of(shown: list[Treatment]) -> dict[UUID, list[Act]]:
    acts: dict[UUID, list[Act]] = defaultdict(list)
    for act in (
        Act.objects.current()
        .filter(treatment__in=shown, kind__in=("insertion", "twitch"))
        .select_related("target")
        .order_by("at")
    ):
        acts[act.treatment_id].append(act)
    return acts


def _checks_of(shown: list[Treatment]) -> dict[UUID, list[Check]]:
    checks: dict[UUID, list[Check]] = defaultdict(list)
    for check in (
        Check.objects.filter(treatment__in=shown).prefetch_related("outcomes").order_by("hours")
    ):
        checks[check.treatment_id].append(check)
    return checks


def _row(treatment: Treatment, acts: list[Act], checks: list[Check]) -> TreatmentRow:
    needled = dict.fromkeys(
        (act.target.muscle, act.target.side)
        for act in acts
        if act.kind == "insertion" and act.target
    )
    counts = Counter(act.kind for act in acts)
    told = dict.fromkeys(
        event
        for check in checks
        for outcome in check.outcomes.all()
        for event in _unwanted(outcome.reasons)
    )
    return TreatmentRow(
        treatment=treatment,
        muscles=tuple((muscle_words(muscle), side) for muscle, side in needled),
        needles=counts["insertion"],
        twitches=counts["twitch"],
        # Read with the treatment: no query for each row.
        signed=hasattr(treatment, "seal"),
        checks=tuple(checks),
        effects=tuple(EVENTS[event] for event in told),
    )


def _unwanted(reasons: list[dict[str, str]]) -> list[str]:
    """Ids of side effects among the stored reasons; soreness that was to be expected is none."""
    # Two answers may point at one side effect; it is told once.
    return list(dict.fromkeys(row["id"] for row in reasons if row["grade"] != "expected"))


@dataclass
class SideEffect:
    """One kind of side effect: how often it was told at checks, and when last."""

    name: str | Promise
    times: int
    last_at: datetime


@dataclass(frozen=True)
class SideEffects:
    """Side effects with what they are out of; a number without its denominator says nothing."""

    told: tuple[SideEffect, ...]
    answered: int
    treatments: int
    needles: int


def side_effects(patient: Patient) -> SideEffects:
    """What the patient told at checks, the most frequent first, and the denominators."""
    files = files_of(patient)
    answers = CheckOutcome.objects.current().filter(patient__in=files, result="answered")
    found: dict[str, SideEffect] = {}
    newest = answers.order_by("-recorded_at").values_list("recorded_at", "reasons")
    for at, reasons in newest[:OUTCOMES_READ]:
        for event in _unwanted(reasons):
            found.setdefault(event, SideEffect(EVENTS[event], 0, at)).times += 1
    held = Treatment.objects.current().filter(patient__in=files)
    needles = Act.objects.current().filter(patient__in=files, kind="insertion")
    return SideEffects(
        told=tuple(sorted(found.values(), key=lambda effect: -effect.times)),
        answered=answers.count(),
        treatments=held.count(),
        needles=needles.count(),
    )
