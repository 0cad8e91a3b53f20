"""What somebody answers to a message: STOP stops, everything else is a message of the inbox."""

from __future__ import annotations

from collections.abc import Callable

from filiform.clinic.patients.models import Patient
from filiform.clinic.sending import actions
from filiform.words import Words

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "بند", "بس", "band"})
LONGEST = 4000
WORDLESS = Words(
    en="An answer without words has come (a picture or a voice message). It can't be shown here: "
    "please call.",
    ur="جواب میں لکھا ہوا کچھ نہیں آیا (تصویر یا آواز کا پیغام)۔ "
    "یہ یہاں نہیں دکھایا جا سکتا: فون کر کے پوچھیں۔",
)

TellFate = Callable[[str, str, str], None]
INBOX: list[TellFate] = []
"""Where answers go (number, text, the provider's id); a room above, which knows the inbox, puts
itself in. An answer may tell of danger: it must never end here."""


def receive(number: str, text: str, provider_id: str) -> None:
    """number: E.164. Twice the same provider's id is once, as the inbox sees to."""
    if text.strip().casefold().strip(".!") in STOP_WORDS:
        # A family may share a telephone: who wrote STOP can't be told, so all of it are spared.
        for patient in Patient.objects.filter(phone=number):
            actions.wish(patient=patient, channel="none", by=None)
        return
    # A voice message may tell of danger, and nobody hears it here: a person has to call.
    said = text if text.strip() else "\n".join((WORDLESS.en, WORDLESS.ur))
    for tell in INBOX:
        tell(number, said[:LONGEST], provider_id)
