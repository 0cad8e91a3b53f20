"""Everything that the treatment page shows, read once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from filiform.clinic.assessment.queries import plans
from filiform.clinic.consent.queries import is_withdrawn, last_consent
from filiform.clinic.facts.models import new_id
from filiform.clinic.staff.credentials import reasons_against
from filiform.clinic.treatment import queries
from filiform.clinic.treatment.checks import last_act, reasons_against_signing
from filiform.clinic.treatment.course import Course, course_of
from filiform.clinic.treatment.despite import despite_of
from filiform.clinic.treatment.events import CouchEvent, events_of, open_event
from filiform.clinic.treatment.models import Act, Treatment
from filiform.clinic.treatment.packs import NEEDLE_WITHOUT_PACK
from filiform.clinic.treatment.page_count import CountPanel, UndoOffer, count_panel, undo_offer
from filiform.clinic.treatment.page_log import LogLine, line_of
from filiform.clinic.treatment.page_targets import NeedleRow, TargetCard, cards_of
from filiform.clinic.treatment.retests import ResponsePair, pairs_of
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
        lines=[line_of(act, course) for act in reversed(shown)],
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
