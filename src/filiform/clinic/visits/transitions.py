"""Which transitions of a visit are offered to whom, as buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filiform.clinic.visits.models import COUCH_STATES, STATES, Visit
from filiform.clinic.visits.vocabulary import TRANSITIONS_IN_WORDS

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member

DESK_TRANSITIONS = ("here", "left", "missed", "cancelled", "booked")
"""Transitions that whoever books may make. The others belong to the practitioner."""

TREATING_TRANSITIONS = ("in-room", "done")
"""`done` straight from the room is a visit without needles; needles-in and to-sign are
transitions of the treatment itself and never a button."""


def permission_for(to: str) -> str | None:
    """The permission that a transition by hand needs; None where it is not made by hand."""
    if to in DESK_TRANSITIONS:
        return "book-visits"
    return "record-clinical" if to in TREATING_TRANSITIONS else None


def may_move(by: Member, to: str) -> bool:
    """Whether the role allows it; whether the visit does, `actions.move` says in words."""
    permission = permission_for(to)
    return permission is not None and by.may(permission)


def transitions_for(
    visit: Visit, by: Member, *, under_treatment: bool = False
) -> list[tuple[str, Any]]:
    """(state, word) of every transition by hand that is open, the likely one first.

    under_treatment: needling was begun and is not signed; then the treatment alone moves the
    visit, and a button here would only be refused (`actions.move`).
    """
    if under_treatment or visit.state in COUCH_STATES:
        return []
    order = (*DESK_TRANSITIONS, "done")
    return [
        (to, TRANSITIONS_IN_WORDS[to])
        for to in order
        if to in STATES[visit.state]
        and may_move(by, to)
        # Steps back are for what was noted by mistake: allowed, and not offered beside the usual
        # ones.
        and not (to == "here" and visit.state == "in-room")
        and not (to == "booked" and visit.state == "here")
    ]
