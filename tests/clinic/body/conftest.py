"""A visit that has begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from filiform.clinic.staff.models import Member
    from filiform.clinic.visits.models import Visit


@pytest.fixture
def begun(visit: Visit, alice: Member) -> Visit:
    """The patient is in the room."""
    from filiform.clinic.visits import actions

    return actions.begin(by=alice, visit=visit)
