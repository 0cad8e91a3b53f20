"""What happens to messages. Each step is one transaction with its event and its audit entry."""

from __future__ import annotations

from uuid import UUID

from filiform.clinic.facts.recording import recording
from filiform.clinic.frontdoor.models import Message, MessageEvent
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Member, Site


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
) -> Message:
    """Keep a visitor's message.

    message_id: made with the form, so that sending it twice keeps it once. phone: E.164.
    aside: why it goes to the box aside (`sieve`); empty for the inbox.
    """
    there = Message.objects.filter(pk=message_id, organisation=site.organisation).first()
    if there is not None:
        return there
    with recording("message-received", by=None, organisation=site.organisation) as entry:
        message, _created = Message.objects.get_or_create(
            pk=message_id,
            organisation=site.organisation,
            defaults={
                "site": site,
                "name": name,
                "phone": phone,
                "text": text,
                "answer_by": answer_by,
                "language": language,
                "set_aside_for": aside,
            },
        )
        entry.about(message)
    return message


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
    if message.state == "closed":
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
