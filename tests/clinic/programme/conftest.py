"""A visit with a target, and somebody who signs in."""

from __future__ import annotations

import pytest
from tests.clinic.needling_rows import choose_target

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def target(visit):
    return choose_target(visit, "infraspinatus")


@pytest.fixture
def signed_in(client):
    def sign_in(member):
        client.force_login(member, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def first_home(visit, target, today):
    """The first proposal for home that has a dose: (phase, item, release)."""
    from filiform.clinic.programme import queries

    programme = queries.proposals(visit, on=today)
    return next(
        (phase.id, item, programme.release)
        for phase in programme.phases
        if phase.id != "clinic"
        for item in phase.items
        if item.dose is not None and item.dose.hold_s is not None
    )
