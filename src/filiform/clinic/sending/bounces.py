"""An e-mail that came back: which of ours it was, and why. Values in, values out.

What mail servers send is a report (RFC 3464) in a multipart (RFC 6522): words for people, a part of
fields for machines, and the mail that came back or its head. Which of ours it was is told by

1. Original-Envelope-Id, which we hand over with a mail where the server takes it (RFC 3461);
2. else the Message-ID in the head that came back, which is ours (`providers.Smtp`);
3. else a Message-ID of ours in what the report answers to (In-Reply-To, References).

Anybody may write to the address that reports go to. A made-up one needs the id of a message, which
whoever got that message knows, and brings no more about than that the desk telephones.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.message import Message
from typing import Literal, NamedTuple
from uuid import UUID

MOST_BYTES = 256 * 1024
"""Read of one mail. A report's own parts come first and are far smaller (design value)."""
MOST_PARTS = 40
ID = re.compile(
    r"(?<![0-9a-fA-F-])([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?=@|$|\s|>)"
)
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# Of the enhanced status codes (RFC 3463) those that say to the desk what to do.
WHY = {
    "5.1": "bounced-address",
    "5.2.1": "bounced-address",  # the mailbox is switched off
    "5.2.2": "bounced-full",
    "4.2.2": "bounced-full",
    "5.7": "bounced-refused",
    "4.7": "bounced-refused",
    "5.4": "bounced-unreachable",
    "4.4": "bounced-unreachable",
}
"""Status, or its first two numbers → our code; anything else is "bounced"."""
SENDERS = ("mailer-daemon@", "postmaster@")


class Bounce(NamedTuple):
    """message_id: of ours. said: failed, or delivered where a server tells of that, too. why: a
    code of `vocabulary.WHYS`; "" when it arrived."""

    message_id: UUID
    said: Literal["failed", "delivered"]
    why: str = ""


def read(raw: bytes) -> Bounce | None:
    """What one mail tells of a message of ours; None when it is no report, tells of nothing final
    (a delay) or of no message of ours. Never raises: anybody may have written it."""
    try:
        # compat32 leaves a header as it came; the newer policies read it, and may stumble there.
        return _told(email.message_from_bytes(raw[:MOST_BYTES]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # Parts a thousand deep, a charset that there is not, a head that is none.
        return None


def _told(mail: Message) -> Bounce | None:
    parts = _parts(mail)
    fields = [one for one in parts if one.get_content_type() == "message/delivery-status"]
    if fields:
        said = [block for one in fields for block in _blocks(one)]
        return _of_fields(mail, parts, said)
    return _in_words(mail, parts) if _is_from_a_server(mail) else None


def _parts(mail: Message) -> list[Message]:
    """Of the report itself: what lies within the mail that came back is that mail's own."""
    found, ahead = [mail], [mail]
    while ahead and len(found) < MOST_PARTS:
        part = ahead.pop(0)
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            below = [one for one in inside if isinstance(one, Message)]
            found += below
            ahead += below
    return found[:MOST_PARTS]


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields: of the mail first, then of each recipient."""
    inside = part.get_payload()
    if isinstance(inside, list):
        yield from (one for one in inside if isinstance(one, Message))


def _of_fields(mail: Message, parts: list[Message], said: list[Message]) -> Bounce | None:
    message_id = _id_of(mail, parts, said)
    outcomes = {_word(one.get("Action")): one for one in said if one.get("Action")}
    # A mail of ours has one recipient; a list behind it may report of several, and one that
    # arrived is one that arrived.
    if message_id is None or not outcomes:
        return None
    if {"delivered", "relayed", "expanded"} & outcomes.keys():
        return Bounce(message_id, "delivered")
    failed = outcomes.get("failed")
    if failed is None:
        return None  # delayed: the server goes on trying
    return Bounce(message_id, "failed", why_of(f"{failed.get('Status')} {_diagnosis(failed)}"))


def _diagnosis(fields: Message) -> str:
    return str(fields.get("Diagnostic-Code") or "")


def why_of(said: str) -> str:
    """The code for the first status in words like `5.1.1 smtp; 550 5.1.1 no such user`; where it
    says nothing more than "5.0.0", the next that does."""
    for found in STATUS.finditer(said):
        whole, first_two = ".".join(found.groups()), ".".join(found.groups()[:2])
        code = WHY.get(whole) or WHY.get(first_two)
        if code:
            return code
    return "bounced"


def _id_of(mail: Message, parts: list[Message], said: list[Message]) -> UUID | None:
    named = [one.get("Original-Envelope-Id") for one in said]
    named += [one.get("X-Original-Message-ID") for one in said]  # Gmail's
    named += [_head(one) for one in parts]
    named += [mail.get("In-Reply-To"), mail.get("References")]
    for text in named:
        found = ID.search(str(text or ""))
        if found:
            return UUID(found[1])
    return None


def _head(part: Message) -> str:
    """The Message-ID of the mail that came back, from a part that holds it or its head alone."""
    kind = part.get_content_type()
    if kind in ("message/rfc822", "message/global"):
        inside = part.get_payload()
        mail = inside[0] if isinstance(inside, list) and inside else None
        return str(mail.get("Message-ID") or "") if isinstance(mail, Message) else ""
    if kind in ("text/rfc822-headers", "message/global-headers"):
        text = part.get_payload(decode=True)
        if isinstance(text, bytes):
            return str(email.message_from_bytes(text).get("Message-ID") or "")
    return ""


def _is_from_a_server(mail: Message) -> bool:
    sender = _word(mail.get("From"))
    return _word(mail.get("Return-Path")) == "<>" or any(one in sender for one in SENDERS)


def _in_words(mail: Message, parts: list[Message]) -> Bounce | None:
    """A report without fields for machines, as older servers write (qmail): taken as one only with
    a status that says "never" and the head of a mail of ours."""
    text = "\n".join(_text(one) for one in parts)
    head = re.search(r"(?im)^\W*message-id:(.*)$", text)
    never = re.search(r"\b5\.\d{1,3}\.\d{1,3}\b|\b55\d\b", text)
    message_id = ID.search(head[1].strip()) if head else None
    message_id = message_id or ID.search(str(mail.get("In-Reply-To") or ""))
    if never is None or message_id is None:
        return None
    # What stands before our own mail: a number in that is no status.
    return Bounce(UUID(message_id[1]), "failed", why_of(text[: text.find(message_id[1])]))


def _text(part: Message) -> str:
    if part.get_content_maintype() != "text":
        return ""
    found = part.get_payload(decode=True)
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else ""


def _word(text: object) -> str:
    return str(text or "").strip().casefold()
