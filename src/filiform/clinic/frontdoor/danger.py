"""The warning signs as this room shows them: on public pages, above Send, and in answer."""

from __future__ import annotations

from dataclasses import dataclass

from filiform.clinic.frontdoor.models import Message, MessageReading
from filiform.listening import hear
from filiform.warning_signs import (
    Sign,
    Urgency,
    WhatToDo,
    public_signs,
    signs,
    thinner_signs,
    what_to_do,
)
from filiform.words import Words


@dataclass(frozen=True)
class PublicSigns:
    """What the public page lists. thinner: an emergency only with blood thinners."""

    emergency: tuple[Sign, ...]
    thinner: tuple[Sign, ...]
    today: tuple[Sign, ...]
    go: WhatToDo
    call: WhatToDo


@dataclass(frozen=True)
class DangerAnswer:
    """What somebody who wrote of danger is told at once."""

    urgency: Urgency
    signs: tuple[Sign, ...]
    then: tuple[Words, ...]
    to_do: WhatToDo

    @property
    def is_emergency(self) -> bool:
        return self.urgency is Urgency.EMERGENCY


def public_list() -> PublicSigns:
    return PublicSigns(
        emergency=public_signs(Urgency.EMERGENCY),
        thinner=thinner_signs(),
        today=public_signs(Urgency.CALL_TODAY),
        go=what_to_do(Urgency.EMERGENCY),
        call=what_to_do(Urgency.CALL_TODAY),
    )


def before_sending() -> tuple[Sign, ...]:
    """The signs with which nobody should write: those of the page that would ring."""
    return tuple(sign for sign in public_signs(Urgency.EMERGENCY) if sign.rings)


def answer_to(message: Message) -> DangerAnswer | None:
    """None for a message that tells of no danger."""
    reading = reading_of(message)
    if reading is None:
        return None
    heard = signs_heard(reading)
    urgency = Urgency(reading.urgency)
    # Several signs share a sentence; it is said once.
    then = tuple(dict.fromkeys(sign.then for sign in heard if sign.then is not None))
    return DangerAnswer(urgency, heard, then, what_to_do(urgency))


def reading_of(message: Message) -> MessageReading | None:
    return getattr(message, "reading", None)


def signs_heard(reading: MessageReading) -> tuple[Sign, ...]:
    """The signs of a stored reading; one that a later table dropped is left out."""
    table = signs()
    return tuple(table[sign] for sign, _phrase in reading.signs if sign in table)


def said_less_urgent(line: str, told: str) -> Sign | None:
    """A sign of the table that a line tells of and that is more urgent there than `told` (an
    `Urgency`); None when there is none. The owner may add signs, and never weaken one."""
    limit = Urgency(told).rank
    table = signs()
    worded = {words.strip().casefold(): sign for sign in table.values()
              for words in (sign.felt.en, sign.felt.ur, sign.name.en, sign.name.ur)}  # fmt: skip
    found = [table[one.sign] for one in hear(line)]
    # Word for word as our table has it: hearing may need more of a sentence.
    same = worded.get(line.strip().casefold())
    for sign in [*found, *([same] if same else [])]:
        urgency = sign.urgency()
        if urgency is not None and urgency.rank < limit:
            return sign
    return None
