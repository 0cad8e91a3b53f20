"""What is under way is found by the index of visits that have not ended, however many have."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.clinic.treatment.conftest import start
from tests.clinic.treatment.treatment_steps import make_ready

from filiform.clinic.consent import queries as consents
from filiform.clinic.couch import queries as couch
from filiform.clinic.treatment import queries as treated

pytestmark = pytest.mark.sqlite  # reads its plans


@pytest.fixture
def treatment(visit, alice, today, kept):
    kept(make_ready, visit, alice, today)
    return kept(start, visit, alice, today)


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda treatment: treated.needles_in(treatment.patient), "visit_under_way"),
        (lambda treatment: consents.state(treatment.patient), "visit_under_way"),
        (lambda treatment: couch.couches(treatment.organisation, timezone.now()), "visit_open"),
    ],
    ids=["needles in", "the banner's consent", "the board"],
)
def test_the_first_look_goes_by_what_has_not_ended(treatment, look, index):
    with CaptureQueriesContext(connection) as asked:
        look(treatment)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + asked[0]["sql"])
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert f"INDEX {index}" in plan, plan


def test_a_treatment_that_is_not_signed_has_a_visit_that_has_not_ended(treatment):
    treatment.visit.refresh_from_db()
    assert treatment.visit.ended_at is None
    assert treated._open(treatment.patient_id) == [treatment.pk]
