"""A treatment over the lung, one far from it, and the checks after them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.clinic.needling_rows import needled

LUNG, LEG = "trapezius-upper", "soleus"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def over_lung(visit, alice):
    """Needled over the lung yesterday; the 2 h and the 24 h check are overdue."""
    from filiform.clinic.aftercare import actions

    treatment = needled(visit, LUNG, started_at=timezone.now() - timedelta(hours=26))
    actions.plan_checks(by=alice, treatment=treatment)
    return treatment


@pytest.fixture
def check(over_lung):
    return over_lung.checks.get(hours=24)


@pytest.fixture
def second_visit(patient, alice, site):
    from filiform.clinic.visits import actions

    return actions.book(
        by=alice, patient=patient, practitioner=alice, site=site, planned_at=timezone.now()
    )


@pytest.fixture
def in_leg(second_visit, alice):
    """Needled in the leg three days ago."""
    from filiform.clinic.aftercare import actions

    treatment = needled(second_visit, LEG, started_at=timezone.now() - timedelta(hours=73))
    actions.plan_checks(by=alice, treatment=treatment)
    return treatment


@pytest.fixture
def signed_in(client):
    def sign_in(member):
        client.force_login(member, backend=BACKEND)
        return client

    return sign_in
