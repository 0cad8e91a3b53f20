"""A visit that was booked for 2,500 rupees and is over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from filiform.clinic.diary.models import Appointment, Service
from filiform.clinic.visits.models import Visit


def priced(visit: Visit, price: str = "2500.00") -> Visit:
    """The row that the diary keeps beside a visit: its own action would need rooms and hours."""
    service, _ = Service.objects.get_or_create(
        organisation=visit.organisation, name="Dry needling", name_ur="ڈرائی نیڈلنگ"
    )
    Appointment.objects.create(
        visit=visit, organisation=visit.organisation, patient=visit.patient, service=service,
        price=Decimal(price), currency="PKR",
    )  # fmt: skip
    return visit


@pytest.fixture
def done(visit: Visit) -> Visit:
    Visit.objects.filter(pk=visit.pk).update(state="done")
    visit.refresh_from_db()
    return priced(visit)
