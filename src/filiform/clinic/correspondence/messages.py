"""The message by which a letter reaches its reader: a link and neutral words, no patient's name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse

from filiform.clinic.correspondence import actions
from filiform.clinic.correspondence.models import Letter
from filiform.clinic.sending import actions as sending
from filiform.clinic.sending.composing import COMPOSERS
from filiform.clinic.sending.providers import Ready
from filiform.clinic.web.times import zone_named
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.sending.models import Outgoing

SUBJECT = Words(en="A letter about a patient", ur="ایک مریض کے بارے میں خط")
TEXT = Words(
    en="%(clinic)s: a letter for you about a patient. It opens with the patient's date of birth, "
    "for 30 days: %(address)s",
    ur="%(clinic)s: ایک مریض کے بارے میں آپ کے نام خط۔ مریض کی تاریخِ پیدائش سے کھلتا ہے، "
    "30 دن تک: %(address)s",
)


def put_in() -> None:
    """Let the room of sending know how a letter is said."""
    COMPOSERS["letter"] = compose


def text_of(letter: Letter, address: str) -> str:
    """The words of the message, in the letter's language."""
    organisation = letter.patient.organisation
    named_ur = organisation.name_ur if letter.language == "ur" else ""
    told = {"clinic": named_ur or organisation.name, "address": address}
    return TEXT.in_language(letter.language) % told


def path_of(secret: str) -> str:
    return reverse("correspondence:open", args=[secret])


def enqueue(letter: Letter, *, channel: str, to: str, now: datetime, handover: UUID) -> bool:
    """Put a letter into the queue; False when no provider goes this way, or when it stands there
    for this handing over already. Sent again on purpose it is another message."""
    row = sending.enqueue(
        organisation=letter.patient.organisation,
        kind="letter",
        subject=letter.root,
        # The end of the id, which is random; it begins with the time.
        once=f"letter {letter.root} {handover.hex[-12:]}",
        to=to,
        by=channel,
        now=now,
        zone=zone_named(letter.visit.site.time_zone),
    )
    return row is not None


def compose(row: Outgoing, public_url: str, now: datetime) -> Ready | None:
    """The message at the moment it goes, with a link of its own that nobody else is told."""
    rows = Letter.objects.current().filter(root=row.subject)
    letter = rows.select_related("patient__organisation", "visit__site").first()
    # Without an address of the clinic's own there is no link to send.
    if letter is None or not public_url:
        return None
    link = public_url + path_of(actions.make_link(letter=letter))
    return Ready(
        id=str(row.pk),
        to=row.to,
        subject=SUBJECT.in_language(letter.language),
        text=text_of(letter, link),
        link=link,
        language=letter.language,
        report_to=public_url + reverse("sending:sms-report", args=[row.pk]),
    )
