"""What was decided before the lock holds under it, or is decided again."""

from __future__ import annotations

import pytest

from filiform.clinic.facts.ahead import Ahead
from filiform.clinic.facts.reading import one_reading, read_once
from filiform.clinic.patients import actions as patients
from filiform.clinic.patients.models import Measurement
from filiform.clinic.staff import actions as staff

pytestmark = pytest.mark.django_db


@read_once
def _measured(patient) -> int:
    return Measurement.objects.filter(patient=patient).count()


@pytest.fixture
def ahead(patient, clinic):
    """Decides by how many measurements there are; `asked` says how often it had to."""

    def decide():
        decide.asked += 1
        return _measured(patient)

    decide.asked = 0
    with one_reading(anew=True):
        made = Ahead(decide, patient=patient.pk, organisation=clinic.pk)
        made.asked = lambda: decide.asked
        yield made


def test_without_a_write_it_is_decided_once(ahead):
    assert ahead.under_the_lock() == 0
    assert ahead.asked() == 1


def test_a_write_about_the_patient_in_between_has_it_decided_again(ahead, alice, patient):
    patients.measure(by=alice, patient=patient, kind="height_cm", value=165.0)
    assert ahead.under_the_lock() == 1, "what was read before is not remembered"
    assert ahead.asked() == 2


def test_so_does_a_write_about_the_clinic(ahead, alice, today):
    staff.record_licence(member=alice, by=alice, body="Council", number="L-2", expires_on=today)
    assert ahead.under_the_lock() == 0
    assert ahead.asked() == 2
