"""What the board shows: every couch with somebody on it, without a patient's full name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import get_language

from filiform.clinic.assessment.queries import plans
from filiform.clinic.couch.models import BoardLink
from filiform.clinic.treatment import queries as treated
from filiform.clinic.treatment.course import course_of
from filiform.clinic.treatment.events import open_event
from filiform.clinic.treatment.models import Treatment
from filiform.clinic.treatment.page_targets import cards_of
from filiform.clinic.visits.models import COUCH_STATES

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Organisation


@dataclass(frozen=True)
class BoardNeedle:
    """One needle that is in. label: as on the treatment page; due_s: when its alarm sounds."""

    id: UUID
    label: str
    where: str
    seconds: int
    due_s: int

    @property
    def is_due(self) -> bool:
        # 0 stands for a needle that no time was planned for: it has no alarm.
        return bool(self.due_s and self.seconds >= self.due_s)


@dataclass(frozen=True)
class Couch:
    """One treatment that is not signed. wrong: what goes wrong on it at this moment, in words."""

    id: UUID
    visit: UUID
    practitioner: str
    initials: str
    file_number: str
    needles: tuple[BoardNeedle, ...]
    wrong: str
    seconds: int

    @property
    def alarm(self) -> bool:
        return bool(self.wrong) or any(needle.is_due for needle in self.needles)


def couches(organisation: Organisation, now: datetime) -> list[Couch]:
    """Every treatment that was begun and isn't signed, alarms first, then the longest under way."""
    running = (
        # From the visits that have not ended, which have an index: from the treatments, the seal
        # of each of ten years would be looked for at every look at the board.
        Treatment.objects.filter(visit__organisation=organisation, visit__ended_at__isnull=True)
        # Begun, and no needle in yet: until the first one the visit is still in the treatment room.
        .filter(visit__state__in=[*COUCH_STATES, "in-room"], seal__isnull=True)
        .select_related("patient", "practitioner", "visit")
    )
    found = [_couch(treatment, now) for treatment in running]
    return sorted(found, key=lambda one: (not one.alarm, not one.needles, -one.seconds))


def _couch(treatment: Treatment, now: datetime) -> Couch:
    course = course_of(treated.acts_of(treatment))
    # The same cards as on the treatment page, so that a needle has one label everywhere.
    cards = cards_of(plans(treatment.visit), course, None, now)
    event = open_event(course)
    urdu = get_language() == "ur"
    practitioner = treatment.practitioner
    return Couch(
        id=treatment.pk,
        visit=treatment.visit_id,
        practitioner=(urdu and practitioner.name_ur) or practitioner.name,
        initials=initials(treatment.patient.name),
        file_number=treatment.patient.file_number,
        needles=tuple(
            BoardNeedle(row.id, row.label, card.name, row.seconds, row.due_s)
            for card in cards
            for row in card.inside
        ),
        wrong=event.guide.name.in_language(get_language() or "en") if event else "",
        seconds=round((now - treatment.started_at).total_seconds()),
    )


def initials(name: str) -> str:
    """ "R. A." of "Rubina Aslam": enough for who is in the room, too little for who walks by."""
    return " ".join(f"{word[0]}." for word in name.split()[:3])


def version(rows: list[Couch]) -> str:
    """Changes when somebody has to look again; not with every second that passes."""
    parts = [
        (one.id, one.alarm, one.wrong, [(needle.id, needle.is_due) for needle in one.needles])
        for one in rows
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str) -> BoardLink | None:
    """The link with this secret that still holds."""
    return (
        BoardLink.objects.filter(token_hash=hash_of(token), revoked_at__isnull=True)
        .select_related("organisation")
        .first()
    )
