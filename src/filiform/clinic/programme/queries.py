"""What is proposed for a visit's targets, and what was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from filiform.anatomy import atlas
from filiform.clinic.aftercare.knowledge import rules_found
from filiform.clinic.assessment.complaints import COMPLAINTS
from filiform.clinic.assessment.models import PlannedNeedling
from filiform.clinic.assessment.queries import story, targets
from filiform.clinic.assessment.safety import screening
from filiform.clinic.programme.models import ProgrammeItem
from filiform.clinic.programme.vocabulary import CLINIC
from filiform.clinic.treatment.models import Act
from filiform.clinic.web.times import bounds
from filiform.programme import (
    CourseOfStages,
    ExerciseDose,
    Findings,
    Goal,
    Item,
    Phase,
    Programme,
    Screened,
    Stage,
    compose,
    dose_words,
)
from filiform.screening import BLOOD_THINNERS, PREGNANCY
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import Story
    from filiform.clinic.visits.models import Visit


def chosen(visit: Visit) -> list[ProgrammeItem]:
    """The items that hold, in the order in which they were first chosen."""
    return list(
        ProgrammeItem.objects.current().filter(visit=visit).order_by("chosen_at", "recorded_at")
    )


def is_needled(visit: Visit) -> bool:
    """Whether needles are part of the visit: used, or planned for one of its targets."""
    return _was_needled(visit) or PlannedNeedling.objects.current().filter(visit=visit).exists()


def known_places(visit: Visit) -> list[tuple[str, str]]:
    """Muscle and side of the targets. Without what the atlas has dropped since: there is neither
    stretch nor exercise for it, and the others' must not be lost with it."""
    known = atlas().muscles
    return [(one.muscle, one.side) for one in targets(visit) if one.muscle in known]


HURT = frozenset({"strain", "sprain", "accident"})
"""How it started, where tissue was hurt and not only painful."""


def injury_hours(visit: Visit, told: Story) -> float | None:
    """The least hours from an injury to the visit; None where it was none, or its day is unknown.

    Of a day that is known without its hour the end is taken: an injury passes for younger than it
    may be, never for older.
    """
    if told.mechanism not in HURT:
        return None
    if told.onset_on is None:
        return 0.0 if told.onset == "today" else None
    day_over = bounds(told.onset_on)[1]
    # By the planned time: the course must not turn into another one while the patient waits.
    return max(0.0, (visit.planned_at - day_over) / timedelta(hours=1))


def _is_blocked(visit: Visit, on: date) -> bool:
    """Whether screening forbids needles for the targets. Needles that are in were in: what goes
    with them goes with them, whatever should have held them back."""
    # Screening is dear; without a target or with needles in its answer would change nothing.
    if not targets(visit) or _was_needled(visit):
        return False
    return screening(visit, on).decision == "blocked"


def _was_needled(visit: Visit) -> bool:
    return Act.objects.current().filter(treatment__visit=visit, kind="insertion").exists()


def course(visit: Visit, *, on: date, goals: Iterable[Goal] = ()) -> CourseOfStages:
    """The course for the current targets of this patient, with or without needles."""
    # Of the patient and not of the targets: an exercise is for the whole body.
    rules = rules_found(visit.patient, on=on)
    told = story(visit)
    complaint = COMPLAINTS.get(told.complaint_code) if told else None
    return compose(
        known_places(visit),
        Findings(
            condition=complaint.indication if complaint else "",
            pain_nprs=told.pain_now if told else None,
            injury_hours=injury_hours(visit, told) if told else None,
            bending_hurts=told is not None and "bending" in told.aggravating,
        ),
        Screened(
            needled=is_needled(visit),
            blocked=_is_blocked(visit, on),
            on_antithrombotic=bool(rules & BLOOD_THINNERS),
            age_years=visit.patient.age_on(on),
            pregnant=bool(rules & PREGNANCY),
            numb_feet="sensory-loss" in rules,
            rules=rules,
        ),
        tuple(goals),
    )


def proposals(visit: Visit, *, on: date) -> Programme:
    """What goes with the current targets for this patient, phase by phase."""
    return course(visit, on=on).programme


@dataclass(frozen=True)
class ProposedItem:
    """One proposal beside what was made of it."""

    phase: str
    item: Item
    row: ProgrammeItem | None

    @property
    def key(self) -> str:
        """Names the choice in addresses and ids of the page."""
        return f"{self.phase}.{self.item.id.replace(':', '.')}"

    @property
    def dose(self) -> ExerciseDose | None:
        return dose_of(self.row) if self.row else self.item.dose

    @property
    def dose_in_words(self) -> Words | None:
        return said_dose(self.dose) if self.row else self.item.dose_words


@dataclass(frozen=True)
class PhaseItems:
    """One phase with its choices: what is proposed, and what was chosen beside that. more: what
    would suit as well."""

    phase: Phase
    choices: tuple[ProposedItem, ...]
    more: tuple[ProposedItem, ...] = ()


@dataclass(frozen=True)
class StageItems:
    """One stage of the course with its stretches of time at home."""

    stage: Stage
    parts: tuple[PhaseItems, ...]
    is_start: bool


@dataclass(frozen=True)
class Board:
    """The page: the clinic beside home, and what stands apart from the proposals."""

    clinic: tuple[PhaseItems, ...]
    stages: tuple[StageItems, ...]
    orphans: tuple[ProgrammeItem, ...]
    """Chosen before, no longer proposed: the targets have changed since."""
    course: CourseOfStages

    @property
    def home(self) -> tuple[PhaseItems, ...]:
        """The parts of all stages in order."""
        return tuple(part for stage in self.stages for part in stage.parts)

    @property
    def chosen_count(self) -> int:
        parts = (*self.clinic, *self.home)
        return sum(choice.row is not None for part in parts for choice in part.choices)


def board(visit: Visit, *, on: date, goals: Iterable[Goal] = ()) -> Board:
    """Proposals and choices of a visit, stage by stage."""
    found = course(visit, on=on, goals=goals)
    # Rows are taken out as they find their place; what is left over was chosen for other targets.
    rows = {(row.phase, row.item): row for row in chosen(visit)}
    parts = {phase.id: _part(phase, rows) for phase in found.programme.phases}
    return Board(
        clinic=tuple(part for name, part in parts.items() if name == CLINIC),
        stages=tuple(
            StageItems(
                stage,
                tuple(parts[phase.id] for phase in stage.phases),
                stage.plan.id == found.start,
            )
            for stage in found.stages
            if stage.phases
        ),
        orphans=tuple(rows.values()),
        course=found,
    )


def _part(phase: Phase, rows: dict[tuple[str, str], ProgrammeItem]) -> PhaseItems:
    """A phase with its rows, which are taken out of `rows`: what is left there has no place."""

    def placed(item: Item) -> ProposedItem:
        return ProposedItem(phase.id, item, rows.pop((phase.id, item.id), None))

    proposed, more = [placed(item) for item in phase.items], [placed(item) for item in phase.more]
    return PhaseItems(
        phase,
        choices=tuple(proposed + [one for one in more if one.row is not None]),
        more=tuple(one for one in more if one.row is None),
    )


def find(programme: Programme, phase: str, item: str) -> Item | None:
    """A proposed item by its phase and id; None when it is not proposed."""
    return next(
        (
            one
            for part in programme.phases
            if part.id == phase
            for one in (*part.items, *part.more)
            if one.id == item
        ),
        None,
    )


def dose_of(row: ProgrammeItem) -> ExerciseDose | None:
    """The dose that was chosen."""
    return msgspec.convert(row.dose, ExerciseDose) if row.dose else None


def said_dose(dose: ExerciseDose | None) -> Words | None:
    """A dose as people say it."""
    return dose_words(dose) if dose is not None else None


@dataclass(frozen=True)
class When:
    """The stretches of time that share a dose; dose is None for advice."""

    phases: tuple[Words, ...]
    dose: Words | None


@dataclass(frozen=True)
class HandoutLine:
    """One thing on the patient's paper: told once, with its dose as the days go on."""

    item: Item
    side: str
    whens: tuple[When, ...]
    notes: tuple[str, ...]
    cautions: tuple[Words, ...]


@dataclass(frozen=True)
class Handout:
    tasks: tuple[HandoutLine, ...]
    """What is done."""
    advice: tuple[HandoutLine, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.tasks or self.advice)


def handout(visit: Visit, *, on: date) -> Handout:
    """What the patient takes home: the chosen items outside the clinic.

    An exercise that goes on through several stretches of time stands there once. An item that is
    no longer proposed (its target was dropped) is not on the paper.
    """
    found: dict[str, list[tuple[Phase, ProposedItem]]] = {}
    for part in board(visit, on=on).home:
        for choice in part.choices:
            if choice.row is not None:
                # By the item alone: through all its stretches of time it is one line of the paper.
                found.setdefault(choice.item.id, []).append((part.phase, choice))
    lines = [_line(entries) for entries in found.values()]
    return Handout(
        tasks=tuple(line for line in lines if line.item.kind != "advice"),
        advice=tuple(line for line in lines if line.item.kind == "advice"),
    )


def _line(entries: list[tuple[Phase, ProposedItem]]) -> HandoutLine:
    first = entries[0][1]
    whens: list[When] = []
    for phase, choice in entries:
        dose = choice.dose_in_words
        # Neighbouring stretches of time with one dose are told as one.
        if whens and whens[-1].dose == dose:
            whens[-1] = When((*whens[-1].phases, phase.name), dose)
        else:
            whens.append(When((phase.name,), dose))
    notes = dict.fromkeys(choice.row.note for _, choice in entries if choice.row)
    cautions = dict.fromkeys(
        (caution.en, caution.ur) for _, choice in entries for caution in choice.item.cautions
    )
    return HandoutLine(
        item=first.item,
        side=first.item.side,
        whens=tuple(whens),
        notes=tuple(note for note in notes if note),
        cautions=tuple(Words(en=en, ur=ur) for en, ur in cautions),
    )
