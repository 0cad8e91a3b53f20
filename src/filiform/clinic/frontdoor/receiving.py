"""How a message of a visitor is taken in, with its files and what it tells of danger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from filiform.clinic.facts.recording import recording
from filiform.clinic.frontdoor.attachments import Attached
from filiform.clinic.frontdoor.clock import due_at
from filiform.clinic.frontdoor.models import HeldFile, Message, MessageAttachment, MessageReading
from filiform.clinic.patients.models import Patient
from filiform.clinic.staff.models import Site
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
    danger = _danger_told(text, signs, flags, known)
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
                "alarm": "ringing" if danger.rings else "",
                "patient": patient,
                "set_aside_for": aside,
            },
        )
        if created:
            _keep_reading(message, danger)
            _attach(message, attachments)
        entry.about(message, patient=patient, alarm=danger.rings, files=len(attachments))
    # After the commit: had it failed, the visitor would send again and the files are still needed.
    HeldFile.objects.filter(message_id=message_id).delete()
    return message


def _keep_reading(message: Message, danger: DangerTold) -> None:
    if danger.urgency is None:
        return
    MessageReading.objects.create(
        organisation=message.organisation,
        message=message,
        urgency=danger.urgency.value,
        signs=[[one.sign, one.phrase] for one in danger.heard],
    )


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


class DangerTold(NamedTuple):
    """What a message tells of danger. rings: somebody has to look at it at once."""

    heard: Sequence[Heard]
    urgency: Urgency | None
    rings: bool


def _danger_told(
    text: str, signs: Sequence[str], flags: Collection[str], known: Urgency | None
) -> DangerTold:
    # What was tapped is not heard again out of the same words, by which less is known.
    heard = _tapped(signs) if signs else hear(text)
    urgency = _urgency(signs, flags) if signs else urgency_of(heard)
    rings = urgency is Urgency.EMERGENCY if signs else bool(heard)
    if known is not None:
        # The lowest rank is the most urgent.
        urgency = min((one for one in (known, urgency) if one is not None), key=lambda u: u.rank)
        rings = rings or known is Urgency.EMERGENCY
    return DangerTold(heard, urgency, rings)


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
