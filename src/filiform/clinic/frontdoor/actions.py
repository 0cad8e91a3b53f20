"""What happens to messages. Each step is one transaction with its event and its audit entry."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from filiform.clinic.facts.recording import recording
from filiform.clinic.frontdoor.models import Message, MessageEvent, MessageReading
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
    from the same number. phone: E.164. What the text tells of danger is kept beside it, and rings.
    aside: why it goes to the box aside (`sieve`); empty for the inbox. An alarm rings from there.
    """
    # What is tapped again an hour later is told anew: the first alarm may long be over.
    there = (
        Message.objects.filter(organisation=site.organisation, pk=message_id).first()
        if signs
        else received_before(site=site, message_id=message_id, phone=phone, text=text)
    )
    if there is not None:
        return there
    # What was tapped is not heard again out of the same words, by which less is known.
    heard = _tapped(signs) if signs else hear(text)
    urgency = _urgency(signs, flags) if signs else urgency_of(heard)
    rings = urgency is Urgency.EMERGENCY if signs else bool(heard)
    if known is not None:
        urgency = min((one for one in (known, urgency) if one is not None), key=lambda u: u.rank)
        rings = rings or known is Urgency.EMERGENCY
    with recording("message-received", by=None, organisation=site.organisation) as entry:
        message, created = Message.objects.get_or_create(
            pk=message_id,
            organisation=site.organisation,
            defaults={
                "site": site,
                "name": name,
                "phone": phone,
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
        entry.about(message, patient=patient, alarm=rings)
    return message


def _urgency(signs: Sequence[str], flags: Collection[str]) -> Urgency | None:
    found = [told for one in signs if (told := all_signs()[one].urgency(flags)) is not None]
    return min(found, key=lambda one: one.rank, default=None)


def _tapped(signs: Sequence[str]) -> list[Heard]:
    """Signs that were tapped are heard in the table's own words."""
    return [Heard(sign=sign, phrase=sign) for sign in signs]


def received_before(*, site: Site, message_id: UUID, phone: str, text: str) -> Message | None:
    """The message when we have it already: the same form, or the same words from this number."""
    ours = Message.objects.filter(organisation=site.organisation)
    return (
        ours.filter(pk=message_id).first()
        or ours.filter(
            phone=phone, text=text, site=site, received_at__gte=timezone.now() - SAME_AGAIN
        )
        .exclude(state="closed")
        .first()
    )


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
    message.refresh_from_db()
    return bool(mine)


def end_alarm(*, message: Message, by: Member, text: str) -> None:
    """What was done; the message is red until this is said."""
    if message.alarm not in ("ringing", "taken"):
        return
    with recording("message-alarm-done", by=by) as entry:
        if message.alarm == "ringing":
            _event(message, by, "alarm-taken")
        _move(message, alarm="done", owner=message.owner or by)
        _event(message, by, "alarm-done", text=text)
        entry.about(message)


def take(*, message: Message, by: Member) -> None:
    """From now on this member sees to it. Taking it twice changes nothing."""
    if message.owner_id == by.pk:
        return
    with recording("message-taken", by=by) as entry:
        _move(message, owner=by, set_aside_for="")
        _event(message, by, "taken")
        entry.about(message)


def move_in(*, message: Message, by: Member) -> None:
    """Out of the box aside, into the inbox: a person wrote it."""
    if not message.set_aside_for:
        return
    with recording("message-moved-in", by=by) as entry:
        _move(message, set_aside_for="")
        _event(message, by, "moved-in")
        entry.about(message)


def note(*, message: Message, by: Member, text: str) -> None:
    with recording("message-noted", by=by) as entry:
        _event(message, by, "noted", text=text)
        entry.about(message)


def answer(*, message: Message, by: Member, channel: str, text: str) -> None:
    """Note through which channel it was answered, and what was said."""
    with recording("message-answered", by=by) as entry:
        _move(message, state="answered", owner=message.owner or by)
        _event(message, by, "answered", text=text, channel=channel)
        entry.about(message, channel=channel)


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


def close(*, message: Message, by: Member, text: str = "") -> None:
    """An alarm is not closed before it is said what was done: the page asks for that first."""
    if message.state == "closed" or message.alarm in ("ringing", "taken"):
        return
    with recording("message-closed", by=by) as entry:
        _move(message, state="closed")
        _event(message, by, "closed", text=text)
        entry.about(message)


def reopen(*, message: Message, by: Member, text: str = "") -> None:
    if message.state != "closed":
        return
    with recording("message-reopened", by=by) as entry:
        _move(message, state="new", owner=by)
        _event(message, by, "reopened", text=text)
        entry.about(message)


def _move(message: Message, **fields: object) -> None:
    for name, value in fields.items():
        setattr(message, name, value)
    message.save(update_fields=list(fields))


def _event(message: Message, by: Member, kind: str, *, text: str = "", channel: str = "") -> None:
    MessageEvent.objects.create(
        organisation=message.organisation,
        recorded_by=by,
        message=message,
        kind=kind,
        text=text,
        channel=channel,
    )
