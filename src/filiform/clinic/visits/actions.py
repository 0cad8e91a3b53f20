"""What changes visits and episodes. Each is one transaction with its audit entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.prepared import prepared, update
from filiform.clinic.facts.recording import recording
from filiform.clinic.visits.models import COUCH_STATES, STATES, Discharge, Episode, Visit
from filiform.clinic.visits.queries import under_treatment
from filiform.reasons import Reason

if TYPE_CHECKING:
    from filiform.clinic.patients.models import Patient
    from filiform.clinic.staff.models import Member, Site

ENDED = ("done", "cancelled", "missed", "left")
GIVES_BACK = ("cancelled", "missed", "left")
"""States into which a visit goes without having used its time."""


class MoveRefused(Exception):
    """A visit can't go from its state to another. `reasons` says so in words.

    It is raised and not returned because rooms move a visit inside a transaction of their own,
    which has to be undone as a whole.
    """

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


def book(
    *,
    by: Member,
    patient: Patient,
    practitioner: Member,
    site: Site,
    planned_at: datetime,
    minutes: int = 40,
    episode: Episode | None = None,
    visit_id: UUID | None = None,
) -> Visit:
    """A visit, whoever else has the time; the same `visit_id` sent twice is the same visit. Rooms
    take a time by `diary.actions.take`, which refuses what overlaps: a test sees to it.

    Raises ValueError when a row belongs to another organisation or the practitioner treats nobody.
    """
    _check_one_house(by, patient, practitioner, site, episode)
    visit_id = visit_id or new_id()
    with recording("visit-booked", by=by) as entry:
        visit, _ = Visit.objects.get_or_create(
            pk=visit_id,
            organisation=by.organisation,
            defaults={
                "patient": patient,
                "practitioner": practitioner,
                "site": site,
                "planned_at": planned_at,
                "minutes": minutes,
                "episode": episode,
                "created_by": by,
            },
        )
        entry.about(visit)
    return visit


def _check_one_house(
    by: Member, patient: Patient, practitioner: Member, site: Site, episode: Episode | None
) -> None:
    house = by.organisation_id
    things: list[Patient | Member | Site | Episode] = [patient, practitioner, site]
    for thing in [*things, *([episode] if episode else [])]:
        if thing.organisation_id != house:
            raise ValueError(f"{type(thing).__name__} {thing.pk} is of another organisation")
    if not practitioner.is_practitioner:
        raise ValueError(f"{practitioner.username} is no practitioner and can't treat a visit")
    if episode and episode.patient_id != patient.pk:
        raise ValueError("the episode is of another patient")


BEFORE_BOOKED_AGAIN: list[Callable[[Visit], None]] = []
"""Asked, under the lock, before a visit that was cancelled or missed is put back at its time:
others may have it by now. Rooms above that know it put themselves in; they raise MoveRefused."""
WHEN_FREED: list[Callable[[Visit], None]] = []
"""Told in the same transaction when a visit gives its time back: the rooms above that offer it to
others put themselves in when they are ready. The visit is as it was before."""


def move(*, by: Member | None, visit: Visit, to: str) -> Visit:
    """Move a visit along STATES; moving it where it already is changes nothing.

    by: None when the patient does it, by a link of theirs.
    While a treatment is begun and not signed, nothing but the treatment moves its visit. Raises
    MoveRefused with the reason in words, KeyError for a state that does not exist.
    """
    return _moved(by, visit, to, _check_step)


def follow(*, by: Member, visit: Visit, to: str) -> Visit:
    """Put a visit where its treatment is, from whatever state.

    A needle that is in is a fact and the visit's state a label on it: the label follows, and must
    never refuse the fact. Raises KeyError for a state that does not exist.
    """
    return _moved(by, visit, to, lambda _visit, _to: None)


@prepared
def _held(visit: UUID) -> QuerySet[Visit]:
    """The visit with its lock, inside a transaction."""
    return Visit.objects.select_for_update(no_key=True).filter(pk=visit)


def _moved(by: Member | None, visit: Visit, to: str, check: Callable[[Visit, str], None]) -> Visit:
    if to not in STATES:
        raise KeyError(f"no state {to!r}; there are {', '.join(STATES)}")
    whose = None if by else visit.organisation
    with recording("visit-moved", by=by, organisation=whose) as entry:
        # The row is read again under the lock: somebody else may have moved it meanwhile.
        fresh = _held.first(visit.pk)
        if fresh is None:
            raise Visit.DoesNotExist(f"no visit has the id {visit.pk}")
        entry.about(fresh, came_from=fresh.state, went_to=to)
        if to != fresh.state:
            check(fresh, to)
            if to == "booked" and fresh.state in GIVES_BACK:
                for ask in BEFORE_BOOKED_AGAIN:
                    ask(fresh)
            if to in GIVES_BACK:
                for tell in WHEN_FREED:
                    tell(fresh)
            _put(fresh, to)
    # The caller's row follows: it goes on with it, and would show the state before.
    for name in ("state", "arrived_at", "ended_at"):
        setattr(visit, name, getattr(fresh, name))
    return visit


def _check_step(visit: Visit, to: str) -> None:
    """Asked under the lock that `pathway.start` takes, too: a treatment can't begin in between."""
    if to not in COUCH_STATES and under_treatment(visit):
        raise MoveRefused(Reason(code="visit-under-treatment", params={"wanted": to}))
    if to not in STATES[visit.state]:
        raise MoveRefused(
            Reason(code="visit-move-refused", params={"now": visit.state, "wanted": to})
        )


def _put(visit: Visit, to: str) -> None:
    visit.state = to
    # Back from the room into the waiting room is no second arrival: waiting counts from the first.
    if to == "here" and visit.arrived_at is None:
        visit.arrived_at = timezone.now()
    # Back from the waiting room: that they had arrived was the mistake.
    if to == "booked":
        visit.arrived_at = None
    visit.ended_at = timezone.now() if to in ENDED else None
    update(visit, "state", "arrived_at", "ended_at")


def begin(*, by: Member, visit: Visit) -> Visit:
    """Bring a booked or waiting patient into the room; both moves where the desk noted none."""
    if visit.state == "booked":
        move(by=by, visit=visit, to="here")
    return move(by=by, visit=visit, to="in-room")


def open_episode(
    *, by: Member, patient: Patient, title: str, complaint: str = "", on: date
) -> Episode:
    """The first visit for a complaint. complaint: a code of `assessment.complaints`, or ""."""
    with recording("episode-opened", by=by) as entry:
        episode = Episode.objects.create(
            organisation=by.organisation,
            recorded_by=by,
            patient=patient,
            title=title[:200],
            complaint=complaint,
            opened_on=on,
        )
        entry.about(episode)
    return episode


def put_into_episode(*, by: Member, visit: Visit, episode: Episode) -> Visit:
    """Say for which complaint a visit is."""
    if episode.patient_id != visit.patient_id:
        raise ValueError("the episode is of another patient")
    with recording("visit-put-into-episode", by=by) as entry:
        # One column: a whole row that was read before would put an old state back.
        Visit.objects.filter(pk=visit.pk).update(episode=episode)
        visit.episode = episode
        entry.about(visit, episode=str(episode.pk))
    return visit


def discharge(*, by: Member, episode: Episode, outcome: str, on: date) -> Discharge:
    """End an episode; a second time is the same discharge."""
    with recording("episode-discharged", by=by) as entry:
        found, _ = Discharge.objects.get_or_create(
            episode=episode,
            defaults={
                "organisation": by.organisation,
                "recorded_by": by,
                "patient": episode.patient,
                "on": on,
                "outcome": outcome,
            },
        )
        entry.about(found, outcome=found.outcome)
    return found
