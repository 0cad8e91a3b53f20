"""A visit with its own clock, in a clinic that has its consent texts."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.clinic.pathway.acts import Scene

MORNING = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Asia/Karachi"))


@pytest.fixture
def clock(monkeypatch):
    """Time goes on only when the test says so: pages composed at two moments must not differ
    for that reason alone."""
    hands = [MORNING]
    monkeypatch.setattr(timezone, "now", lambda: hands[0])
    return hands


@pytest.fixture
def scene(clock, visit, alice):
    from filiform.clinic.consent.actions import publish_shipped_texts

    publish_shipped_texts(by=alice)
    found = Scene(visit, alice, clock)
    found.refresh()
    return found
