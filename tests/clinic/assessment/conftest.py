"""A visit that is under way, and steps to make it ready for a needle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from datetime import date

    from tests.clinic.kept import Kept

    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


def begin(visit: Visit, alice: Member) -> Visit:
    from filiform.clinic.visits import actions

    return actions.begin(by=alice, visit=visit)


@pytest.fixture
def begun(visit: Visit, alice: Member, kept: Kept) -> Visit:
    """The patient is in the room."""
    return kept(begin, visit, alice)


def tell_of_neck_pain(visit: Visit, alice: Member) -> None:
    from filiform.clinic.assessment import actions

    actions.tell_story(
        by=alice,
        visit=visit,
        areas=[("neck-back", "right", "dull", 6)],
        complaint_code="neck-pain",
        pain_now=6,
    )


@pytest.fixture
def told(begun: Visit, alice: Member, kept: Kept) -> Visit:
    """With a story: neck pain on the right."""
    kept(tell_of_neck_pain, begun, alice)
    return begun


def answer_everything(visit: Visit, alice: Member, today: date) -> None:
    from filiform.clinic.intake import actions, queries
    from filiform.screening import questions

    for one in questions(queries.disclosure_of(visit.patient), on=today):
        if one.answer is None:
            actions.answer(
                by=alice, patient=visit.patient, question=one.id, value=False, visit=visit
            )
    actions.confirm_unchanged(by=alice, visit=visit, changed=False)


@pytest.fixture
def answered(told: Visit, alice: Member, today: date, kept: Kept) -> Visit:
    """Every question answered with no, and nothing has changed."""
    kept(answer_everything, told, alice, today)
    return told
