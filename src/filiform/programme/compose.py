"""The whole course of treatment for some muscles: what, when, how much, and when to stop.

targets ──► choose ──► programme (what fits, phase by phase) ──┐
condition ─► plan of care, evidence for adding needles ────────┼──► four stages with criteria
goals ─────► what lets the patient go ─────────────────────────┘
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from filiform.programme.choice import Choice, Facts, TreatedMuscle, choose
from filiform.programme.course import (
    Adding,
    CarePlan,
    CourseRule,
    OrderStep,
    StagePlan,
    course_knowledge,
)
from filiform.programme.knowledge import knowledge
from filiform.programme.model import Item, Phase, Programme
from filiform.programme.propose import as_json, distinct, programme_of
from filiform.reasons import Reason, Weight, reason_json, sentences
from filiform.words import Language, Words

CALM_ABOVE_NPRS = 3
"""Above this pain at rest the course begins with calming down (design; INTEGRATION-2's limit)."""
FRESH_INJURY_HOURS = 72
"""No needles into a strain before this (INTEGRATION-6)."""
GOAL_POINTS = 2
"""A goal of the patient-specific scale has come nearer by so many points (OUTCOMES-2)."""


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What was told and examined. condition: id of an indication of screening, "" if none fits.
    pain_nprs: at rest, 0-10. injury_hours: since the muscle was strained, None if it was not."""

    condition: str = ""
    pain_nprs: int | None = None
    bending_hurts: bool = False
    hip_tendon_pain: bool = False
    injury_hours: float | None = None


class Screened(msgspec.Struct, frozen=True, kw_only=True):
    """What screening answered. needled: needles are meant to be used. blocked: screening forbids
    them for these muscles. rules: ids of the rules that speak about the patient."""

    needled: bool = True
    blocked: bool = False
    on_antithrombotic: bool = False
    age_years: float | None = None
    pregnant: bool = False
    numb_feet: bool = False
    rules: frozenset[str] = frozenset()


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """An activity in the patient's words; score on the patient-specific scale, 10 as before."""

    activity: str
    score: float | None = None


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """plan: its criteria and visits. phases: what is done at home. leave: the criteria to go on,
    the patient's own goals among them."""

    plan: StagePlan
    phases: tuple[Phase, ...]
    leave: tuple[Words, ...]


class CourseOfStages(msgspec.Struct, frozen=True, kw_only=True):
    """start: the id of the stage to begin with. clinic: what is done at the visit itself."""

    start: str
    stages: tuple[Stage, ...]
    clinic: tuple[Item, ...]
    order: tuple[OrderStep, ...]
    rules: tuple[CourseRule, ...]
    plan: CarePlan
    adding: Adding
    left_out: tuple[Reason, ...]
    programme: Programme


def compose(
    targets: Sequence[TreatedMuscle],
    findings: Findings | None = None,
    screening: Screened | None = None,
    goals: Sequence[Goal] = (),
) -> CourseOfStages:
    """The course for some muscles, the most important first.

    Raises KeyError for an unknown muscle, ValueError for a side, a pain or a goal's score outside
    0 to 10. A condition that the plans don't know gets the general plan and says so.
    """
    findings, screening = findings or Findings(), screening or Screened()
    _check(findings, goals)
    fresh = findings.injury_hours is not None and findings.injury_hours < FRESH_INJURY_HOURS
    needled = screening.needled and not screening.blocked and not fresh
    wanted = distinct(targets)
    choice = choose(wanted, _facts(findings, screening, needled))
    programme = programme_of(wanted, choice)
    known = course_knowledge()
    stages = tuple(_stage(plan, programme, goals) for plan in known.stages)
    against = [*_no_needles(screening, fresh), *_emptied(stages, choice, wanted)]
    pain = findings.pain_nprs
    return CourseOfStages(
        # Pain that nobody asked about is taken for high: calming down harms nobody.
        start="calm" if pain is None or pain > CALM_ABOVE_NPRS else "restore",
        stages=stages,
        clinic=next((one.items for one in programme.phases if one.id == "clinic"), ()),
        order=tuple(step for step in known.order if needled or not step.needled),
        rules=tuple(rule for rule in known.rules if needled or not rule.needled),
        plan=known.plan_of.get(findings.condition, known.plan_of[""]),
        adding=known.adding_of.get(findings.condition, known.adding_of[""]),
        left_out=(*against, *programme.left_out) if wanted else (),
        programme=programme,
    )


def _check(findings: Findings, goals: Sequence[Goal]) -> None:
    scores = [("pain_nprs", findings.pain_nprs), *((goal.activity, goal.score) for goal in goals)]
    for name, score in scores:
        if score is not None and not 0 <= score <= 10:
            raise ValueError(f"{name}: got {score:g}; allowed: 0 to 10")


def _facts(findings: Findings, screening: Screened, needled: bool) -> Facts:
    return Facts(
        needled=needled,
        on_antithrombotic=screening.on_antithrombotic,
        age_years=screening.age_years,
        pregnant=screening.pregnant,
        numb_feet=screening.numb_feet,
        bending_hurts=findings.bending_hurts,
        hip_tendon_pain=findings.hip_tendon_pain,
        rules=screening.rules,
    )


def _stage(plan: StagePlan, programme: Programme, goals: Sequence[Goal]) -> Stage:
    # Who may go home for good is the patient's to say: the goals stand in the last stage.
    own = tuple(_goal(goal) for goal in goals) if plan.id == "return" else ()
    phases = tuple(phase for phase in programme.phases if phase.id in plan.phases)
    return Stage(plan=plan, phases=phases, leave=(*own, *plan.leave))


def _goal(goal: Goal) -> Words:
    # In the patient's own words, whichever their language: set apart from the sentence's direction.
    activity = f"\u2068{goal.activity}\u2069"
    if goal.score is None:
        return Words(en=f"{activity}: as wished.", ur=f"{activity}: جیسا چاہا۔")
    # The scale ends at "as before": from 9 on less than the usual change has to do.
    aim = min(10.0, goal.score + GOAL_POINTS)
    return Words(
        en=f"{activity}: {aim:g} of 10 or more (at first {goal.score:g}).",
        ur=f"{activity}: 10 میں سے {aim:g} یا زیادہ (شروع میں {goal.score:g})۔",
    )


def _no_needles(screening: Screened, fresh: bool) -> list[Reason]:
    if screening.blocked:
        return [Reason("programme-not-needled", Weight.ABSOLUTE)]
    if fresh:
        source = ("INTEGRATION-6",)
        params: dict[str, str | int | float] = {"hours": FRESH_INJURY_HOURS}
        return [Reason("programme-fresh-injury", Weight.RELATIVE, params, (), source)]
    return []


def _emptied(
    stages: tuple[Stage, ...], choice: Choice, targets: tuple[TreatedMuscle, ...]
) -> list[Reason]:
    """The stages of which cautions left no exercise and no stretch, with what left them out."""
    # Compared with what there is for these muscles: a stage that never had work is not emptied.
    meant = _meant(targets)
    found = []
    for stage in stages:
        if any(_is_work(item) for phase in stage.phases for item in phase.items):
            continue
        ids = {one for phase in stage.plan.phases for one in meant[phase]}
        # In the order in which they were refused, so that the same patient gets the same sentence.
        why = [reason for one, reason in choice.refused.items() if one in ids]
        if why:
            found.append(_empty(stage.plan, why))
    return found


def _empty(plan: StagePlan, why: Sequence[Reason]) -> Reason:
    by_code: dict[str, list[Reason]] = {}
    for reason in why:
        by_code.setdefault(reason.code, []).append(reason)
    params: dict[str, str | int | float] = {
        "stage": plan.name.en,
        "stage_ur": plan.name.in_language("ur"),
        "why": " ".join(_together(code, some, "en") for code, some in by_code.items()),
        "why_ur": " ".join(_together(code, some, "ur") for code, some in by_code.items()),
    }
    sources = tuple(dict.fromkeys(source for reason in why for source in reason.sources))
    return Reason("programme-phase-empty", Weight.ABSOLUTE, params, (), sources)


def _together(code: str, reasons: Sequence[Reason], language: Language) -> str:
    """One sentence for everything that one fact leaves out; what to do instead stands elsewhere."""
    comma = "، " if language == "ur" else ", "
    names = {
        key: comma.join(dict.fromkeys(str(reason.params[key]) for reason in reasons))
        for key in ("name", "name_ur")
    }
    return sentences()[code].says.in_language(language) % names


def _is_work(item: Item) -> bool:
    return item.kind in ("exercise", "stretch")


def _meant(targets: tuple[TreatedMuscle, ...]) -> dict[str, set[str]]:
    """Phase → ids of the exercises and stretches that there are for the targets."""
    known = knowledge()
    groups = {known.group_of[muscle_id].id for muscle_id, _ in targets}
    return {
        phase.id: {
            one.id
            for one in known.companions
            if one.kind == "exercise" and phase.id in one.phases and one.groups & groups
        }
        | {known.stretch_of[muscle_id].id for muscle_id, _ in targets if phase.stretch}
        for phase in known.phases
    }


def course_json(course: CourseOfStages, language: str = "en") -> dict[str, object]:
    """The course as plain JSON values: those of `as_json`, and what makes a course of them."""

    def said(words: Words) -> str:
        return words.in_language(language)

    return {
        **as_json(course.programme, language),
        "left_out": [reason_json(reason, language) for reason in course.left_out],
        "start": course.start,
        "stages": [
            {
                "id": stage.plan.id,
                "name": said(stage.plan.name),
                "phases": list(stage.plan.phases),
                "enter": [said(one) for one in stage.plan.enter],
                "leave": [said(one) for one in stage.leave],
                "clinic": said(stage.plan.clinic),
                "visits_per_week": stage.plan.visits_per_week,
                "sources": list(stage.plan.sources),
            }
            for stage in course.stages
        ],
        "order": [said(step.name) for step in course.order],
        "rules": [{"kind": rule.kind, "text": said(rule.says)} for rule in course.rules],
        "plan": {
            "id": course.plan.id,
            "visits": list(course.plan.visits),
            "weeks": list(course.plan.weeks),
            "needling_sessions": course.plan.needling,
            "review": msgspec.to_builtins(course.plan.review),
            "sources": list(course.plan.sources),
        },
        "adding_needling": {
            "adds": course.adding.adds,
            "grade": course.adding.grade,
            "certainty": course.adding.certainty,
            "text": said(course.adding.says),
            "sources": list(course.adding.sources),
        },
    }
