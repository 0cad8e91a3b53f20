"""What changes the plan round a programme: causes, the plan of care and its goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from filiform.clinic.facts.amending import hold, in_place, voided
from filiform.clinic.facts.recording import recording
from filiform.clinic.programme.care import reasons_against_scores
from filiform.clinic.programme.models import CauseAnswer, GoalScore, PatientGoal, PlanOfCare
from filiform.clinic.visits.models import Visit
from filiform.programme import CarePlanned, reasons_against_plan
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

MOST_GOALS = 5
"""Activities of the patient-specific scale (OUTCOMES-1)."""


def answer_cause(*, by: Member, visit: Visit, cause: str, state: str) -> CauseAnswer:
    """How a cause stands at a visit; answered again in the same visit, the newer holds."""
    with recording("cause-answered", by=by) as entry:
        hold(visit)
        # Of this visit: how it stood at visits before is a fact of its own.
        former = CauseAnswer.objects.current().filter(visit=visit, cause=cause).first()
        row = in_place(
            CauseAnswer(
                organisation=by.organisation, recorded_by=by, patient=visit.patient,
                visit=visit, cause=cause, state=state, replaces=former,
            )
        )  # fmt: skip
        entry.about(row, cause=cause)
    return row


def plan_care(
    *, by: Member, visit: Visit, plan: CarePlanned, indication: str = "", decided: str = ""
) -> PlanOfCare | tuple[Reason, ...]:
    """Set the plan of an episode, or decide about it at its review: a new version of it."""
    if visit.episode is None:
        return (Reason("care-no-episode"),)
    if reasons := reasons_against_plan(plan):
        return reasons
    with recording("care-planned", by=by) as entry:
        hold(visit)
        # Of the episode: a complaint has one plan, reviewed at whichever visit.
        former = PlanOfCare.objects.current().filter(episode=visit.episode).first()
        row = in_place(
            PlanOfCare(
                organisation=by.organisation, recorded_by=by, patient=visit.patient,
                episode=visit.episode, indication=indication, decided=decided, replaces=former,
                **msgspec.structs.asdict(plan),
            )
        )  # fmt: skip
        entry.about(row, decided=decided)
    return row


def set_goal(
    *, by: Member, visit: Visit, activity: str, patient_does: str = "", clinic_does: str = "",
    score: int | None = None,
) -> PatientGoal | tuple[Reason, ...]:  # fmt: skip
    """A new goal of the episode, with its first score."""
    if visit.episode is None:
        return (Reason("care-no-episode"),)
    if reasons := reasons_against_scores(score):
        return reasons
    with recording("goal-set", by=by) as entry:
        hold(visit)
        goals = PatientGoal.objects.current().filter(episode=visit.episode)
        there = goals.filter(activity=activity).first()
        if there is not None:  # the form was sent twice
            entry.about(there, again=True)
            if score is not None:
                _score(by, visit, there, score)
            return there
        if goals.count() >= MOST_GOALS:
            return (Reason("care-goals-enough", params={"most": MOST_GOALS}),)
        goal = PatientGoal.objects.create(
            organisation=by.organisation, recorded_by=by, patient=visit.patient,
            episode=visit.episode, activity=activity, patient_does=patient_does,
            clinic_does=clinic_does,
        )  # fmt: skip
        entry.about(goal)
        if score is not None:
            _score(by, visit, goal, score)
    return goal


def score_goal(
    *, by: Member, visit: Visit, goal: PatientGoal, score: int
) -> GoalScore | tuple[Reason, ...]:
    """How well a goal goes today; rated again in the same visit, the newer holds."""
    if reasons := reasons_against_scores(score):
        return reasons
    with recording("goal-scored", by=by) as entry:
        hold(visit)
        row = _score(by, visit, goal, score)
        entry.about(row)
    return row


def _score(by: Member, visit: Visit, goal: PatientGoal, score: int) -> GoalScore:
    former = GoalScore.objects.current().filter(visit=visit, goal=goal).first()
    return in_place(
        GoalScore(
            organisation=by.organisation, recorded_by=by, patient=visit.patient,
            goal=goal, visit=visit, score=score, replaces=former,
        )
    )  # fmt: skip


def drop_goal(*, by: Member, goal: PatientGoal) -> None:
    """Take a goal out; its scores stay readable."""
    with recording("goal-dropped", by=by) as entry:
        hold(goal.patient)
        entry.about(goal)
        if PatientGoal.objects.current().filter(pk=goal.pk).exists():
            voided(goal, by=by, why="no longer a goal of the patient")
