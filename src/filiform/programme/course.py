"""What the room knows of a course: stages, order of a visit, rules, plans, evidence."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

from filiform.data_files import read_toml
from filiform.programme.knowledge import ROOM, knowledge
from filiform.words import Words

Adds = Literal["much", "some", "little", "nothing", "unknown", "conflicting"]
AdviceGrade = Literal["recommend", "consider", "insufficient", "against"]


class StagePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stage ends when its criteria are met, not on a day. phases: the stretches of time after a
    needling whose items belong to it. visits_per_week: in the clinic."""

    id: str
    name: Words
    aim: Words
    phases: tuple[str, ...]
    visits_per_week: float
    clinic: Words
    enter: tuple[Words, ...]
    leave: tuple[Words, ...]
    sources: tuple[str, ...]


class OrderStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a visit. needled: only where needles are used (INTEGRATION-3)."""

    name: Words
    why: Words
    sources: tuple[str, ...]
    needled: bool = False


class CourseRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When to go up a step, down a step, or stop."""

    kind: Literal["up", "down", "stop"]
    says: Words
    sources: tuple[str, ...]
    needled: bool = False


class ReviewGate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """measure: id of a scale of outcomes, which has to change by so many of its points."""

    measure: str
    change: float
    after_visits: int | None = None
    after_weeks: int | None = None


class CarePlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long, how often, how much needling for some conditions (INTEGRATION-6).

    visits, weeks: the least and the most. needling: the most sessions with needles.
    """

    id: str
    conditions: frozenset[str]
    name: Words
    visits: tuple[int, int]
    weeks: tuple[int, int]
    needling: int
    least: Words
    review: ReviewGate
    sources: tuple[str, ...]


class Adding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What needling adds to exercise for a condition; condition "" is for all others."""

    condition: str
    adds: Adds
    grade: AdviceGrade
    certainty: str
    says: Words
    sources: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stage: tuple[StagePlan, ...]
    step: tuple[OrderStep, ...]
    rule: tuple[CourseRule, ...]
    plan: tuple[CarePlan, ...]
    adding: tuple[Adding, ...]


class CourseKnowledge(msgspec.Struct, frozen=True, kw_only=True):
    """plan_of, adding_of: by condition; "" for all that have none of their own."""

    stages: tuple[StagePlan, ...]
    order: tuple[OrderStep, ...]
    rules: tuple[CourseRule, ...]
    plan_of: dict[str, CarePlan]
    adding_of: dict[str, Adding]


@cache
def course_knowledge() -> CourseKnowledge:
    """data/course.toml, checked. Raises ValueError naming the entry and the defect."""
    table = read_toml(ROOM, "course.toml", _Table)
    known = {phase.id for phase in knowledge().phases}
    placed = [phase for stage in table.stage for phase in stage.phases]
    # A phase in two stages would be done twice, one in none never; the clinic's is every visit's.
    if sorted(placed) != sorted(known - {"clinic"}):
        raise ValueError(f"course.toml: the stages hold {placed}, the phases are {sorted(known)}")
    plan_of: dict[str, CarePlan] = {}
    for plan in table.plan:
        # A plan that names no condition is that of all others.
        for condition in plan.conditions or {""}:
            if condition in plan_of:
                raise ValueError(
                    f"course.toml: {condition!r} is in {plan_of[condition].id} and {plan.id}"
                )
            plan_of[condition] = plan
    return CourseKnowledge(
        stages=table.stage,
        order=table.step,
        rules=table.rule,
        plan_of=plan_of,
        adding_of={one.condition: one for one in table.adding},
    )
