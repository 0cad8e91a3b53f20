"""Everything that the treatment page shows, read once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.utils import timezone

from filiform.anatomy import atlas
from filiform.clinic.assessment.details import dwell_min
from filiform.clinic.assessment.queries import plans
from filiform.clinic.consent.queries import covers, is_withdrawn, last_consent
from filiform.clinic.facts.models import new_id
from filiform.clinic.staff.credentials import reasons_against
from filiform.clinic.treatment import queries
from filiform.clinic.treatment.checks import last_act, reasons_against_signing
from filiform.clinic.treatment.course import Course, InsertedNeedle, course_of, time_of
from filiform.clinic.treatment.despite import despite_of
from filiform.clinic.treatment.event_words import event_note
from filiform.clinic.treatment.events import ON_AN_EVENT, CouchEvent, events_of, open_event
from filiform.clinic.treatment.models import Act, Treatment
from filiform.clinic.treatment.observing import observed_note
from filiform.clinic.treatment.pack_notes import pack_note
from filiform.clinic.treatment.packs import NEEDLE_WITHOUT_PACK
from filiform.clinic.treatment.page_count import (
    CountPanel,
    UndoneLine,
    UndoOffer,
    account_note,
    count_note,
    count_panel,
    undo_offer,
    undone_lines,
    undone_note,
)
from filiform.clinic.treatment.retests import MEASURES, ResponsePair, pairs_of
from filiform.clinic.treatment.vocabulary import FEELS, KINDS, STOP_REASONS
from filiform.clinic.web.muscle_names import muscle_in_words
from filiform.planning import POSITIONS, TECHNIQUES
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.assessment.models import PlannedNeedling, Target
    from filiform.clinic.consent.models import Consent
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit

TEMPLATE_NEEDLE = UUID("00000000-0000-4000-8000-000000000000")
"""Stands in the page's empty needle; the script puts the act's own id in its place."""
LAST_LINES = 8
"""Acts that the treatment page lists; the others are one tap away."""


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


@dataclass
class LogLine:
    """One act in words, for the list of what was done."""

    act: Act
    kind: Any
    where: str
    at: datetime
    undone: bool
    note: Any = ""
    undo: UndoOffer | None = None
    despite: tuple[Reason, ...] = ()


@dataclass
class TreatmentPage:
    treatment: Treatment
    course: Course
    cards: list[TargetCard]
    lines: list[LogLine]
    hidden_lines: int
    consent: Consent | None
    against_signing: tuple[Reason, ...]
    panel: CountPanel
    undo: UndoOffer | None
    version: str
    seconds: int

    @property
    def needles_in(self) -> int:
        return len(self.course.needles_in)

    @property
    def to_finish(self) -> bool:
        """Something was done that is to be counted, and nothing is in. A slip that was undone
        before the first needle is nothing yet."""
        done = self.course.needles or self.course.tally.spoilt or self.panel.counts
        return not self.needles_in and bool(done or self.course.stop or self.withdrawn)

    @property
    def planned(self) -> int:
        """Targets with a plan, each for one needle."""
        return sum(card.plan is not None for card in self.cards)

    @property
    def withdrawn(self) -> bool:
        return self.consent is None

    @property
    def sealed(self) -> bool:
        return queries.is_sealed(self.treatment)

    @property
    def may_insert(self) -> bool:
        return not (self.sealed or self.withdrawn or self.course.stop or self.event)

    @cached_property
    def event(self) -> CouchEvent | None:
        """What goes wrong at this moment."""
        return open_event(self.course)

    @cached_property
    def events(self) -> list[CouchEvent]:
        return events_of(self.course)

    @cached_property
    def pairs(self) -> list[tuple[ResponsePair, str, list[str]]]:
        """What was tested again: the pair, where, and the labels of the needles between."""
        names = {card.target.pk: card.name for card in self.cards}
        labels = {row.id: row.label for card in self.cards for row in card.needles}
        return [
            (
                pair,
                names.get(pair.target, "") if pair.target else "",
                [labels[needle.id] for needle in pair.needles if needle.id in labels],
            )
            for pair in pairs_of(self.course)
        ]

    @property
    def event_seconds(self) -> int:
        """Since it began; 0 when nothing does."""
        return round((timezone.now() - self.event.started_at).total_seconds()) if self.event else 0

    @property
    def despite(self) -> list[Reason]:
        """What acts that hold were recorded in spite of, each once.

        Needles of no opened pack are told by the panel of packs, where they are put right: a line
        for each on top would push the needles that are in off the screen.
        """
        held = [act for act in self.course.acts if act.pk not in self.course.undone]
        found = {
            (one.code, str(one.params)): one
            for act in held
            for one in despite_of(act)
            if one.code != NEEDLE_WITHOUT_PACK
        }
        return list(found.values())

    @property
    def inside(self) -> list[tuple[TargetCard, NeedleRow]]:
        """Needles that are in, with their card, oldest first."""
        pairs = [(card, needle) for card in self.cards for needle in card.inside]
        return sorted(pairs, key=lambda pair: pair[1].number)

    @property
    def empty_needle(self) -> NeedleRow:
        return NeedleRow(TEMPLATE_NEEDLE, 0, 0, False, 0, True)

    @property
    def fresh(self) -> UUID:
        return new_id()


def treatment_page_of(
    visit: Visit, treatment: Treatment, *, by: Member, on: date, whole_log: bool = True
) -> TreatmentPage:
    """Read the treatment with its acts, targets, plans and consent once.

    whole_log: every act as a line; else the last LAST_LINES.
    """
    acts = queries.acts_of(treatment)
    course = course_of(acts)
    consent = last_consent(visit)
    if consent is not None and is_withdrawn(consent):
        consent = None
    now = timezone.now()
    # Making a line for each of a hundred acts takes longer than all else on the page.
    shown = acts if whole_log else acts[-LAST_LINES:]
    planned = plans(visit)
    cards = cards_of(planned, course, consent, now)
    panel = count_panel(course)
    for card in cards:
        if card.plan is not None:
            # The reader's and not the practitioner's: a colleague may hold the tablet.
            card.against = reasons_against(by, [card.target.muscle], on=on)
    return TreatmentPage(
        treatment=treatment,
        course=course,
        cards=cards,
        lines=[_line(act, course) for act in reversed(shown)],
        hidden_lines=len(acts) - len(shown),
        consent=consent,
        against_signing=reasons_against_signing(by=by, treatment=treatment, course=course, on=on),
        panel=panel,
        undo=undo_offer(course, last_act(course)),
        # The same function that answers a tablet's question, so that the two can't disagree.
        version=_digest(treatment, acts, consent, planned),
        seconds=round((now - treatment.started_at).total_seconds()),
    )


def version_of(visit: Visit, treatment: Treatment) -> str:
    """The same as `TreatmentPage.version`, without making the page: for tablets that ask again."""
    acts = queries.acts_of(treatment)
    consent = last_consent(visit)
    if consent is not None and is_withdrawn(consent):
        consent = None
    return _digest(treatment, acts, consent, plans(visit))


def _digest(
    treatment: Treatment,
    acts: list[Act],
    consent: Consent | None,
    planned: list[tuple[Target, PlannedNeedling | None]],
) -> str:
    parts = (
        queries.is_sealed(treatment),
        # Acts are only added, so how many there are says which.
        len(acts),
        consent.pk if consent else None,
        [(target.pk, plan.pk if plan else None) for target, plan in planned],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


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


def _line(act: Act, course: Course) -> LogLine:
    acts = course.by_id
    # A twitch is told at its needle, an undoing at what it undid, anything else by itself.
    about = acts.get(act.needle_id or act.replaces_id or act.pk, act)
    target = about.target or (acts[about.needle_id].target if about.needle_id else None)
    where = muscle_in_words(target.muscle, target.side) if target else ""
    kind = KINDS[act.kind]
    note = _note(act, about)
    undone = act.pk in course.undone
    offer = undo_offer(course, act)
    return LogLine(act, kind, where, time_of(act), undone, note, offer, despite_of(act))


def _note(act: Act, about: Act) -> Any:
    if act.kind == "void":
        return undone_note(act, about)
    if act.kind == "event" or act.kind in ON_AN_EVENT:
        return event_note(act)
    if act.kind == "stop":
        # Always one of the list: `details_of` takes no other.
        return dict(STOP_REASONS)[act.details["reason"]]
    if act.kind == "response":
        return dict(FEELS).get(act.details.get("feels", ""), "")
    if act.kind == "count":
        return count_note(act)
    if act.kind == "account":
        return account_note(act)
    if act.kind == "retest":
        return f"{act.details['value']:g} {MEASURES[act.details['measure']].unit}"
    if act.kind == "observed":
        return observed_note(act.details)
    if act.kind in ("pack", "fate"):
        return pack_note(act)
    return ""
