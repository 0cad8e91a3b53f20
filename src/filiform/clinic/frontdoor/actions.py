"""What happens to messages. Each step is one transaction with its event and its audit entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from uuid import UUID

from django.utils import timezone

from filiform.clinic.facts.amending import hold
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.twice import sent_before
from filiform.clinic.frontdoor.clock import due_at
from filiform.clinic.frontdoor.models import Message, MessageEvent
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member

P = ParamSpec("P")
R = TypeVar("R")


def _in_turn(step: Callable[P, R]) -> Callable[P, R]:
    """A step with a message, decided from the message as it is now and by one person at a time: a
    second tap, or a colleague on another page, finds what the first has done."""

    @wraps(step)
    def one_at_a_time(*args: P.args, **kwargs: P.kwargs) -> R:
        message = cast(Message, kwargs["message"])
        with one_link():
            hold(message)
            message.refresh_from_db()
            return step(*args, **kwargs)

    return one_at_a_time


def take_alarm(*, message: Message, by: Member) -> bool:
    """Somebody sees to it: it stops ringing everywhere. False when it did not ring any more, so
    that of two people at once one has it, and the other is told who."""
    with recording("message-alarm-taken", by=by) as entry:
        # The condition stands in the update: of two at once, the database lets one through.
        mine = Message.objects.filter(pk=message.pk, alarm="ringing").update(
            alarm="taken", owner=by
        )
        if mine:
            _event(message, by, "alarm-taken")
        entry.about(message, taken=bool(mine))
    # The update went past this object, and the page names who has it.
    message.refresh_from_db()
    return bool(mine)


@_in_turn
def end_alarm(*, message: Message, by: Member, text: str) -> None:
    """What was done; the message is red until this is said."""
    if message.alarm not in ("ringing", "taken"):
        return
    with recording("message-alarm-done", by=by) as entry:
        # Ended without being taken first: the history still says who saw to it.
        if message.alarm == "ringing":
            _event(message, by, "alarm-taken")
        # Whoever ended it sees to the message, unless somebody does already.
        _move(message, alarm="done", owner=message.owner or by)
        _event(message, by, "alarm-done", text=text)
        entry.about(message)


@_in_turn
def take(*, message: Message, by: Member) -> None:
    """From now on this member sees to it. Taking it twice changes nothing, unless it rings: then
    whoever takes it has the clinic's limit once more before it rings again."""
    rings = message.rings_at is not None and message.rings_at <= timezone.now()
    if message.owner_id == by.pk and not rings:
        return
    with recording("message-taken", by=by) as entry:
        # Whoever takes it has seen that a person wrote it.
        _move(message, owner=by, set_aside_for="", rings_at=_rings_next(message))
        _event(message, by, "taken")
        entry.about(message)


@_in_turn
def move_in(*, message: Message, by: Member) -> None:
    """Out of the box aside, into the inbox: a person wrote it."""
    if not message.set_aside_for:
        return
    with recording("message-moved-in", by=by) as entry:
        # Its clock starts when a person sees that a person wrote it.
        due = due_at(message.site, timezone.now())
        _move(message, set_aside_for="", due_at=due, rings_at=due)
        _event(message, by, "moved-in")
        entry.about(message)


@_in_turn
def put_aside(*, message: Message, by: Member) -> None:
    """A machine wrote it: into the spam box. Nothing is learnt from it, and no sender is blocked: a
    patient may have the same number tomorrow. One with an alarm stays where it is."""
    if message.set_aside_for or message.alarm in ("ringing", "taken"):
        return
    with recording("message-put-aside", by=by) as entry:
        _move(message, set_aside_for="by-hand", rings_at=None)
        _event(message, by, "put-aside")
        entry.about(message)


def note(*, message: Message, by: Member, text: str, key: UUID | None = None) -> None:
    """key: made with the form; the same one twice is one note."""
    with recording("message-noted", by=by) as entry:
        if sent_before(MessageEvent, key, entry) is None:
            _event(message, by, "noted", text=text, event_id=key)
        entry.about(message)


def answer(
    *, message: Message, by: Member, channel: str, text: str, answer_id: UUID | None = None
) -> MessageEvent:
    """Note through which channel it was answered, and what was said. answer_id: made with the form,
    so that a second tap is the same answer."""
    with recording("message-answered", by=by) as entry:
        there = message.events.filter(pk=answer_id, kind="answered").first() if answer_id else None
        if there is not None:
            entry.about(message, again=True)
            return there
        _move(
            message,
            state="answered",
            owner=message.owner or by,
            rings_at=None,
            undelivered=False,
            set_aside_for="",
        )
        event = _event(message, by, "answered", text=text, channel=channel, event_id=answer_id)
        entry.about(message, channel=channel)
    return event


def not_delivered(*, answer: MessageEvent, by: Member | None, why: str = "") -> bool:
    """An answer did not reach the sender: the message is back in the inbox, red, and rings, unless
    it was answered again meanwhile. False when that was known. by: None for the machine's word."""
    message = answer.message
    with recording("message-not-delivered", by=by, organisation=message.organisation) as entry:
        if MessageEvent.objects.filter(answer=answer, kind="not-delivered").exists():
            entry.about(message, known=True)
            return False
        # Answered again by telephone, say: then nobody waits for the mail any more.
        later = message.events.filter(kind="answered", recorded_at__gt=answer.recorded_at)
        if not later.exists():
            now = timezone.now()
            _move(message, state="new", undelivered=True, due_at=now, rings_at=now)
        _event(message, by, "not-delivered", text=why, channel=answer.channel, answer=answer)
        entry.about(message, channel=answer.channel)
    return True


@_in_turn
def link(*, message: Message, by: Member, patient: Patient) -> None:
    """The visitor is this patient. Raises ValueError for a patient of another clinic."""
    if patient.organisation_id != message.organisation_id:
        raise ValueError("the patient belongs to another organisation than the message")
    if message.patient_id == patient.pk:
        return
    with recording("message-linked", by=by) as entry:
        _move(message, patient=patient, owner=message.owner or by)
        _event(message, by, "linked", text=patient.file_number)
        entry.about(message, patient=patient)


@_in_turn
def close(*, message: Message, by: Member, text: str = "") -> None:
    """An alarm is not closed before it is said what was done: the page asks for that first."""
    if message.state == "closed" or message.alarm in ("ringing", "taken"):
        return
    with recording("message-closed", by=by) as entry:
        _move(message, state="closed", rings_at=None)
        _event(message, by, "closed", text=text)
        entry.about(message)


@_in_turn
def reopen(*, message: Message, by: Member, text: str = "") -> None:
    if message.state != "closed":
        return
    with recording("message-reopened", by=by) as entry:
        due = due_at(message.site, timezone.now())
        # Its clock begins anew: the first one may have run out weeks ago.
        _move(message, state="new", owner=by, due_at=due, rings_at=due)
        _event(message, by, "reopened", text=text)
        entry.about(message)


def _move(message: Message, **fields: object) -> None:
    for name, value in fields.items():
        setattr(message, name, value)
    message.save(update_fields=list(fields))


def _rings_next(message: Message) -> datetime | None:
    """When a message that somebody has just taken rings again if it is still not answered."""
    if message.state != "new":
        return None
    # Never sooner than it would have rung had nobody taken it.
    return max(message.due_at or timezone.now(), due_at(message.site, timezone.now()))


def _event(
    message: Message,
    by: Member | None,
    kind: str,
    *,
    text: str = "",
    channel: str = "",
    answer: MessageEvent | None = None,
    event_id: UUID | None = None,
) -> MessageEvent:
    return MessageEvent.objects.create(
        pk=event_id or new_id(),
        organisation=message.organisation,
        recorded_by=by,
        message=message,
        kind=kind,
        text=text,
        channel=channel,
        answer=answer,
    )
