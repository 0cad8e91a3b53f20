"""The texts with which messages are answered: shipped ones until the owner writes others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import msgspec
from django.utils.translation import get_language

from filiform.clinic.facts.amending import amended, in_place
from filiform.clinic.facts.models import new_id
from filiform.clinic.facts.recording import recording
from filiform.clinic.frontdoor.models import AnswerText, Message
from filiform.clinic.web.phones import readable
from filiform.data_files import read_toml
from filiform.words import Words

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member


class ShippedAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    name: Words
    text: Words


class _AnswersFile(msgspec.Struct, frozen=True):
    answer: list[ShippedAnswer]


@dataclass(frozen=True)
class ReadyText:
    """One text as it holds today. row: None for a shipped one that nobody has changed."""

    key: str
    name: Words
    text: Words
    row: AnswerText | None = None


class FilledText(NamedTuple):
    """A text filled in for one message, and the name it is chosen by."""

    key: str
    name: str
    text: str


@cache
def shipped() -> tuple[ShippedAnswer, ...]:
    return tuple(read_toml("filiform.clinic.frontdoor", "answers.toml", _AnswersFile).answer)


def texts_of(organisation: UUID) -> list[ReadyText]:
    """Those in use: the shipped ones in their order, then the clinic's own, the oldest first."""
    rows = AnswerText.objects.current().filter(organisation=organisation)
    own = {row.key: row for row in rows.order_by("recorded_at")}
    found = []
    for one in shipped():
        # Taken out, so that only the clinic's own texts are left for the end.
        row = own.pop(one.key, None)
        if row is None:
            found.append(ReadyText(one.key, one.name, one.text))
        elif row.in_use:
            found.append(_text(row))
    return found + [_text(row) for row in own.values() if row.in_use]


def text_of(organisation: UUID, key: str) -> ReadyText | None:
    return next((one for one in texts_of(organisation) if one.key == key), None)


def history_of(organisation: UUID, key: str) -> list[AnswerText]:
    """Every version that was ever recorded, the newest first."""
    rows = AnswerText.objects.filter(organisation=organisation, key=key)
    return list(rows.select_related("recorded_by").order_by("-recorded_at"))


def _text(row: AnswerText) -> ReadyText:
    return ReadyText(row.key, Words(row.name, row.name_ur), Words(row.text, row.text_ur), row)


def ready_for(message: Message) -> list[FilledText]:
    """Every text in the language that the sender chose, filled in; named in the reader's."""
    site, language = message.site, message.language
    clinic = site.organisation
    values = {
        "{name}": message.name,
        "{clinic}": (language == "ur" and clinic.name_ur) or clinic.name,
        "{phone}": readable(site.phone),
    }
    found = []
    for one in texts_of(message.organisation_id):
        text = one.text.in_language(language)
        # Not by format(): an owner's text may hold any other brace.
        for place, value in values.items():
            text = text.replace(place, value)
        found.append(FilledText(one.key, one.name.in_language(get_language() or "en"), text))
    return found


def keep_text(
    *, by: Member, key: str, name: str, name_ur: str, text: str, text_ur: str, in_use: bool = True
) -> AnswerText:
    """A text as it holds from now on; the former version stays readable. key: "" for a new one."""
    key = key or new_id().hex
    values: dict[str, Any] = {
        "name": name,
        "name_ur": name_ur,
        "text": text,
        "text_ur": text_ur,
        "in_use": in_use,
    }
    with recording("answer-text-kept", by=by) as entry:
        rows = AnswerText.objects.current().filter(organisation=by.organisation, key=key)
        before = rows.first()
        if before and all(getattr(before, name) == value for name, value in values.items()):
            # Sent twice: no version, in which nothing is different.
            entry.about(before, again=True)
            return before
        if before is not None:
            row = amended(before, by=by, **values)
        else:
            row = in_place(
                AnswerText(organisation=by.organisation, recorded_by=by, key=key, **values)
            )
        entry.about(row, in_use=in_use)
    return row
