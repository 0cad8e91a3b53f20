"""What became of a card: accepted or overridden, and why."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

import msgspec

from filiform.exchange.cds.refusal import CdsRefusal
from filiform.exchange.cds.request import _decoded


class _Accepted(msgspec.Struct, frozen=True):
    id: str


class _Override(msgspec.Struct, frozen=True):
    reason: dict[str, Any] = msgspec.field(default_factory=dict)
    userComment: str = ""  # noqa: N815 - the name in the specification


class _Item(msgspec.Struct, frozen=True):
    card: str
    outcome: Literal["accepted", "overridden"]
    outcomeTimestamp: datetime  # noqa: N815
    acceptedSuggestions: tuple[_Accepted, ...] = ()  # noqa: N815
    overrideReason: _Override | None = None  # noqa: N815


class _Body(msgspec.Struct, frozen=True):
    feedback: tuple[_Item, ...]


class Feedback(msgspec.Struct, frozen=True):
    """One card's outcome. reason: the code that was chosen. comment: what the person wrote."""

    card: uuid.UUID
    outcome: Literal["accepted", "overridden"]
    at: datetime
    suggestions: tuple[str, ...] = ()
    reason: str = ""
    comment: str = ""


LONGEST_COMMENT = 2000


def read_feedback(raw: bytes) -> tuple[Feedback, ...]:
    """Read the body of a feedback call. Raises CdsRefusal (400) naming what is wrong."""
    body: _Body = _decoded(raw, _Body)
    if not body.feedback:
        raise CdsRefusal(400, "feedback is an empty list; at least one card's outcome is needed")
    return tuple(_checked(item, number) for number, item in enumerate(body.feedback))


def _checked(item: _Item, number: int) -> Feedback:
    try:
        card = uuid.UUID(item.card)
    except ValueError:
        raise CdsRefusal(400, f"feedback[{number}].card is no uuid of a card") from None
    if item.outcome == "accepted" and not item.acceptedSuggestions:
        raise CdsRefusal(
            400, f"feedback[{number}] is accepted without acceptedSuggestions; name at least one"
        )
    # Clinics of several zones answer one service; a bare time could be any of them.
    if item.outcomeTimestamp.tzinfo is None:
        raise CdsRefusal(
            400, f"feedback[{number}].outcomeTimestamp has no time zone; UTC is needed"
        )
    override = item.overrideReason or _Override()
    code = override.reason.get("code")
    return Feedback(
        card=card,
        outcome=item.outcome,
        at=item.outcomeTimestamp,
        # Cut, not refused: what became of a card is worth more than its neatness.
        suggestions=tuple(one.id[:64] for one in item.acceptedSuggestions),
        reason=str(code)[:60] if code else "",
        comment=override.userComment.strip()[:LONGEST_COMMENT],
    )
