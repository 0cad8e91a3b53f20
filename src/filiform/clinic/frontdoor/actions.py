"""What happens to messages. Each step is one transaction with its event and its audit entry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from uuid import UUID

from django.utils import timezone

from filiform.clinic.facts.amending import hold
from filiform.clinic.facts.chain import one_link
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.facts.twice import sent_before
from filiform.clinic.frontdoor.attachments import Attached
from filiform.clinic.frontdoor.clock import due_at
from filiform.clinic.frontdoor.models import (
    HeldFile,
    Message,
    MessageAttachment,
    MessageEvent,
    MessageReading,
)
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member, Site
from filiform.listening import Heard, hear, urgency_of
from filiform.warning_signs import EVERYTHING, Urgency
from filiform.warning_signs import signs as all_signs

SAME_AGAIN = timedelta(hours=12)
"""The same words from the same number within this time are one message: Back and Send again makes
a form with another id (design value)."""


def receive(
    *,
    site: Site,
    message_id: UUID,
    name: str,
    phone: str,
    text: str,
    answer_by: str,
    language: str,
    email: str = "",
    agreed_to: str = "",
    attachments: Sequence[Attached] = (),
    aside: str = "",
    patient: Patient | None = None,
    signs: Sequence[str] = (),
    flags: Collection[str] = EVERYTHING,
    known: Urgency | None = None,
) -> Message:
    """Keep a visitor's message.

    known: how urgent it is by what was asked and answered; what is heard in the text can only
    make it more so.

    patient: whose page it was told on. signs: ids of the table that were tapped there, which need
    no hearing. flags: what is known of whom tapped them (`Sign.urgency`); nothing by default.

    message_id: made with the form, so that sending it twice keeps it once; so does the same text
    from the same number. phone: E.164, or "" with an e-mail address. What the text tells of danger
    is kept beside it, and rings. agreed_to: the words that the sender ticked. attachments: what
    `attachments.read` left of the files. aside: why it goes to the spam box (`sieve`); empty for
    the inbox. An alarm rings from there.
    """
    # What is tapped again an hour later is told anew: the first alarm may long be over.
    there = (
        Message.objects.filter(organisation=site.organisation, pk=message_id).first()
        if signs
        else received_before(
            site=site,
            message_id=message_id,
            phone=phone,
            email=email,
            text=text,
            files=bool(attachments),
        )
    )
    if there is not None:
        return there
    # What was tapped is not heard again out of the same words, by which less is known.
    heard = _tapped(signs) if signs else hear(text)
    urgency = _urgency(signs, flags) if signs else urgency_of(heard)
    rings = urgency is Urgency.EMERGENCY if signs else bool(heard)
    if known is not None:
        # The lowest rank is the most urgent.
        urgency = min((one for one in (known, urgency) if one is not None), key=lambda u: u.rank)
        rings = rings or known is Urgency.EMERGENCY
    now = timezone.now()
    due = due_at(site, now)
    with recording("message-received", by=None, organisation=site.organisation) as entry:
        # A trembling finger sends twice at the same moment: the key lets one of them be the first.
        message, created = Message.objects.get_or_create(
            pk=message_id,
            organisation=site.organisation,
            defaults={
                "site": site,
                "name": name,
                "phone": phone,
                "email": email,
                "agreed_to": agreed_to,
                "due_at": due,
                # What lies aside rings for nobody; Today counts it.
                "rings_at": None if aside else due,
                "text": text,
                "answer_by": answer_by,
                "language": language,
                "alarm": "ringing" if rings else "",
                "patient": patient,
                "set_aside_for": aside,
            },
        )
        if created and urgency is not None:
            MessageReading.objects.create(
                organisation=site.organisation,
                message=message,
                urgency=urgency.value,
                signs=[[one.sign, one.phrase] for one in heard],
            )
        if created:
            _attach(message, attachments)
        entry.about(message, patient=patient, alarm=rings, files=len(attachments))
    # After the commit: had it failed, the visitor would send again and the files are still needed.
    HeldFile.objects.filter(message_id=message_id).delete()
    return message


def _attach(message: Message, attachments: Sequence[Attached]) -> None:
    for one in attachments:
        MessageAttachment.objects.create(
            organisation=message.organisation,
            message=message,
            name=one.name,
            kind=one.kind,
            content=one.content,
            size=len(one.content),
            sha256=one.sha256,
        )


HELD_FOR = timedelta(days=1)
MOST_HELD = 60
"""Files of unsent forms at one time: a script must not fill the disk with them (design value)."""


def hold_files(*, message_id: UUID, attachments: Sequence[Attached]) -> bool:
    """Keep the files of a form that has to be sent again. False when there is no room for them:
    then the visitor is told to choose them again."""
    # Nothing else sweeps them out: whoever brings files does.
    HeldFile.objects.filter(at__lt=timezone.now() - HELD_FOR).delete()
    if HeldFile.objects.count() + len(attachments) > MOST_HELD:
        return False
    for one in attachments:
        HeldFile.objects.create(
            message_id=message_id,
            name=one.name,
            kind=one.kind,
            content=one.content,
            sha256=one.sha256,
        )
    return True


def let_go(*, message_id: UUID, files: Collection[UUID]) -> None:
    """The visitor doesn't want to send these files after all."""
    HeldFile.objects.filter(message_id=message_id, pk__in=files).delete()


def _urgency(signs: Sequence[str], flags: Collection[str]) -> Urgency | None:
    found = [told for one in signs if (told := all_signs()[one].urgency(flags)) is not None]
    return min(found, key=lambda one: one.rank, default=None)


def _tapped(signs: Sequence[str]) -> list[Heard]:
    """Signs that were tapped are heard in the table's own words."""
    return [Heard(sign=sign, phrase=sign) for sign in signs]


def received_before(
    *, site: Site, message_id: UUID, phone: str, text: str, email: str = "", files: bool = False
) -> Message | None:
    """The message when we have it already: the same form, or the same words from this number;
    from this address where there is no number. files: with words that bring files only the form
    tells, for the second picture of a bruise comes with the words of the first."""
    sender = {"phone": phone} if phone else {"phone": "", "email": email}
    ours = Message.objects.filter(organisation=site.organisation)
    same = ours.filter(pk=message_id).first()
    if same is not None or files:
        return same
    return (
        ours.filter(**sender, text=text, site=site, received_at__gte=timezone.now() - SAME_AGAIN)
        # Closed is closed: the same words after that are a new wish.
        .exclude(state="closed")
        .first()
    )


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
