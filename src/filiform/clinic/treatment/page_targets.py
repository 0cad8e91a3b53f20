"""The targets of the treatment page with their needles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from filiform.anatomy import atlas
from filiform.clinic.assessment.details import dwell_min
from filiform.clinic.consent.queries import covers
from filiform.clinic.facts.models import new_id
from filiform.clinic.treatment.course import Course, InsertedNeedle
from filiform.clinic.treatment.page_count import UndoneLine, undone_lines
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.planning import POSITIONS, TECHNIQUES
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import PlannedNeedling, Target
    from filiform.clinic.consent.models import Consent


@dataclass
class NeedleRow:
    """One needle as a row with its buttons. Each button has an act id of its own."""

    id: UUID
    number: int
    twitches: int
    pain_reproduced: bool
    seconds: int
    is_in: bool
    details: dict[str, Any] = field(default_factory=dict)
    placed: bool = False
    in_at: datetime | None = None
    out_at: datetime | None = None
    label: str = ""
    """What stands on it on the body: the number of its target, and a letter from its second needle
    on: "3", "3b", "3c" """
    name: str = ""
    target: UUID | None = None
    due_s: int = 0
    """Seconds after which its alarm sounds; 0 for a technique that leaves no needle in"""
    place: str = ""

    @property
    def is_due(self) -> bool:
        return bool(self.is_in and self.due_s and self.seconds >= self.due_s)

    @property
    def fresh(self) -> UUID:
        """An act id for one more button without script."""
        return new_id()


@dataclass
class TargetCard:
    """One target: how it is planned, and its needles."""

    target: Target
    plan: PlannedNeedling | None
    name: str
    technique: Any
    position: Any
    over_lung: bool
    agreed: bool
    needles: list[NeedleRow]
    undone: list[UndoneLine] = field(default_factory=list)
    against: tuple[Reason, ...] = ()
    """Why the reader of the page may not needle this muscle: then no button offers it"""
    number: int = 0
    """Its number on the body and on its tile, from 1"""
    due_s: int = 0

    @property
    def name_en(self) -> str:
        """Names of muscles are said in English in Urdu sentences, too."""
        return muscle_in_words(self.target.muscle, self.target.side, "en")

    @property
    def key(self) -> str:
        return str(self.target.pk)

    @property
    def offered(self) -> bool:
        """Planned, agreed to, and within what the reader may needle."""
        return self.plan is not None and self.agreed and not self.against

    @property
    def measured(self) -> list[Reason]:
        """What a depth measured on the patient changed about the limit, as kept with the plan."""
        rows = self.plan.reasons if self.plan else []
        kept = [row for row in rows if row["code"].startswith("plan-measured-")]
        return [msgspec.convert(row, Reason) for row in kept]

    @property
    def fresh(self) -> UUID:
        return new_id()

    @property
    def inside(self) -> list[NeedleRow]:
        return [needle for needle in self.needles if needle.is_in]

    @property
    def outside(self) -> list[NeedleRow]:
        return [needle for needle in self.needles if not needle.is_in]


def cards_of(
    planned: list[tuple[Target, PlannedNeedling | None]],
    course: Course,
    consent: Consent | None,
    now: datetime,
) -> list[TargetCard]:
    """Every planned target; and targets that were needled and are no longer chosen as they were."""
    rows: dict[UUID, list[NeedleRow]] = {}
    undone: dict[UUID, list[UndoneLine]] = {}
    gone: dict[UUID, Target] = {}
    current = {target.pk for target, _plan in planned}
    # Numbered over the whole treatment, in the order in which they went in.
    for number, needle in enumerate(course.needles.values(), start=1):
        target = needle.target
        rows.setdefault(target.pk, []).append(_row(needle, number, now))
        if target.pk not in current:
            gone[target.pk] = target
    # A needle that was undone was needled as far as anybody knew: its target stays on the page.
    for line in undone_lines(course):
        if line.act.target is not None:
            undone.setdefault(line.act.target.pk, []).append(line)
            if line.act.target.pk not in current:
                gone[line.act.target.pk] = line.act.target
    # Behind the planned ones, so that their numbers on the body stay as they were planned.
    pairs = [*planned, *[(target, None) for target in gone.values()]]
    return [
        _card(
            number,
            target,
            plan,
            rows.get(target.pk, []),
            undone.get(target.pk, []),
            agreed=consent is not None and covers(consent, target.muscle, target.side),
        )
        for number, (target, plan) in enumerate(pairs, start=1)
    ]


def _card(
    number: int,
    target: Target,
    plan: PlannedNeedling | None,
    rows: list[NeedleRow],
    undone: list[UndoneLine],
    *,
    agreed: bool,
) -> TargetCard:
    # A record may name a muscle that this release of the atlas no longer has.
    muscle = atlas().muscles.get(target.muscle)
    name = muscle_in_words(target.muscle, target.side)
    due_s = dwell_s(plan)
    for place, row in enumerate(rows):
        row.label, row.name, row.target, row.due_s = label_of(number, place), name, target.pk, due_s
    return TargetCard(
        target=target,
        plan=plan,
        name=name,
        number=number,
        due_s=due_s,
        technique=dict(TECHNIQUES).get(plan.technique, plan.technique) if plan else "",
        position=dict(POSITIONS).get(plan.position, plan.position) if plan else "",
        over_lung=bool(muscle and muscle.over_lung),
        agreed=agreed,
        needles=rows,
        undone=undone,
    )


LETTERS = "bcdefghijklmnopqrstuvwxyz"


def label_of(number: int, place: int) -> str:
    """The label of the needle that came so-manyth (from 0) into a target: "3", "3b", "3c".

    The number is the target's own, so that a planned point keeps it when its needle goes in."""
    # From the 27th needle of a target on letters repeat; nobody puts so many into one.
    return f"{number}{LETTERS[(place - 1) % len(LETTERS)]}" if place else str(number)


def dwell_s(plan: PlannedNeedling | None) -> int:
    """For how many seconds a needle is to stay: as planned, else its technique's usual time; 0
    where none stays, and for a technique that the settings no longer know."""
    if plan is None or plan.technique not in dict(TECHNIQUES):
        return 0
    return round(dwell_min(plan) * 60)


def _row(needle: InsertedNeedle, number: int, now: datetime) -> NeedleRow:
    seconds = needle.dwell_s
    if seconds is None:
        # A tablet that is ahead by less than the tolerance would show a needle of the future.
        seconds = max(0, round((now - needle.in_at).total_seconds()))
    return NeedleRow(
        id=needle.id,
        number=number,
        twitches=needle.twitches,
        pain_reproduced=needle.pain_reproduced,
        seconds=seconds,
        is_in=needle.is_in,
        details=needle.details,
        placed=bool(needle.place),
        place=needle.place,
        in_at=needle.in_at,
        out_at=needle.out_at,
    )
