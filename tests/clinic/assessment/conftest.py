"""A visit that is under way, and steps to make it ready for a needle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from datetime import date

    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


@pytest.fixture
def begun(visit: Visit, alice: Member) -> Visit:
    """The patient is in the room."""
    from filiform.clinic.visits import actions

    return actions.begin(by=alice, visit=visit)


@pytest.fixture
def told(begun: Visit, alice: Member) -> Visit:
    """With a story: neck pain on the right."""
    from filiform.clinic.assessment import actions

    actions.tell_story(
        by=alice,
        visit=begun,
        areas=[("neck-back", "right", "dull", 6)],
        complaint_code="neck-pain",
        pain_now=6,
    )
    return begun


@pytest.fixture
def answered(told: Visit, alice: Member, today: date) -> Visit:
    """Every question answered with no, and nothing has changed."""
    from filiform.clinic.intake import actions, queries
    from filiform.screening import questions

    for one in questions(queries.disclosure_of(told.patient), on=today):
        if one.answer is None:
            actions.answer(by=alice, patient=told.patient, question=one.id, value=False, visit=told)
    actions.confirm_unchanged(by=alice, visit=told, changed=False)
    return told
