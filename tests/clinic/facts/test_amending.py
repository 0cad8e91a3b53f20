"""A fact takes the place of another in one way, and two at once are not both let in."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import RequestFactory

from filiform.clinic.facts.amending import ChangedMeanwhile, amended, in_place, voided
from filiform.clinic.patients import actions as patients
from filiform.clinic.patients.models import Measurement
from filiform.clinic.web.middleware import MeanwhileMiddleware


@pytest.fixture
def weight(alice, patient) -> Measurement:
    return patients.measure(
        by=alice, patient=patient, kind="weight_kg", value=70.0, measured_on=date(2026, 1, 5)
    )


def test_an_amended_fact_keeps_what_was_not_changed_and_says_who_and_why(weight, bob):
    after = amended(weight, by=bob, why=" misread ", value=77.0)
    assert (after.value, after.measured_on, after.patient_id) == (
        77.0,
        weight.measured_on,
        weight.patient_id,
    )
    assert (after.replaces_id, after.recorded_by, after.why) == (weight.pk, bob, "misread")
    weight.refresh_from_db()
    assert weight.value == 70.0
    assert list(Measurement.objects.current()) == [after]


def test_of_two_who_amend_at_once_the_second_is_told_and_writes_nothing(weight, alice, bob):
    amended(weight, by=alice, value=71.0)
    with pytest.raises(ChangedMeanwhile):
        amended(weight, by=bob, value=72.0)
    # The transaction goes on: PostgreSQL would refuse this without the savepoint.
    assert [row.value for row in Measurement.objects.current()] == [71.0]


def test_a_fact_is_not_voided_without_a_reason(weight, alice):
    with pytest.raises(ValueError, match="with a reason"):
        voided(weight, by=alice, why="  ")


def test_another_fault_of_the_database_is_not_taken_for_somebody_elses_change(weight):
    same = Measurement(**{f.attname: getattr(weight, f.attname) for f in weight._meta.fields})
    with pytest.raises(Exception, match=r"(?i)unique|duplicate|altered"):
        in_place(same)
    assert connection.is_usable()


def test_the_page_says_what_happened_and_what_to_do():
    request = RequestFactory().post("/anything/")
    answer = MeanwhileMiddleware(lambda _request: None).process_exception(
        request, ChangedMeanwhile()
    )
    assert answer.status_code == 409
    assert b"reload the page" in answer.content


def test_what_is_a_defect_stays_one():
    request = RequestFactory().post("/anything/")
    middleware = MeanwhileMiddleware(lambda _request: None)
    assert middleware.process_exception(request, ValueError("no such thing")) is None
