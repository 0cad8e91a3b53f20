"""Helpers for the diary and the gate."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

LOGIN = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def at(today):
    """A time on a day: at(14, 30), at(9, 0, days=1)."""

    def moment(hour, minute=0, *, days=0):
        zone = timezone.get_current_timezone()
        return datetime.combine(today + timedelta(days=days), time(hour, minute), tzinfo=zone)

    return moment


@pytest.fixture
def as_bob(client, bob):
    client.force_login(bob, backend=LOGIN)
    return client


@pytest.fixture
def booking(alice, site, today):
    """What the booking form sends."""
    return {
        "visit_id": str(uuid4()),
        "practitioner": str(alice.pk),
        "site": str(site.pk),
        "day": f"{today + timedelta(days=3):%Y-%m-%d}",
        "at": "10:00",
        "minutes": "40",
        "episode": "",
    }
