"""Several visits with pain told, needles in, and checks answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.clinic.needling_rows import needled

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def signed_in(client):
    def sign_in(member):
        client.force_login(member, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def tell(patient, alice, site):
    """A visit so many days ago at which pain was told; needled where a muscle is given."""
    from filiform.clinic.assessment.models import Story
    from filiform.clinic.visits.actions import book

    def at(days_ago: int, average: int, *muscles: str, now: int | None = None):
        when = timezone.now() - timedelta(days=days_ago)
        visit = book(by=alice, patient=patient, practitioner=alice, site=site, planned_at=when)
        Story.objects.create(
            organisation=visit.organisation,
            recorded_by=alice,
            patient=patient,
            visit=visit,
            pain_now=average if now is None else now,
            pain_worst=min(10, average + 2),
            pain_average=average,
        )
        if muscles:
            needled(visit, *muscles, started_at=when)
        return visit

    return at
