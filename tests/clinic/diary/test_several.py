"""A group of visits of a plan of care, booked at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.diary.conftest import LOGIN, at

from filiform.clinic.diary.actions import NotFree, take, take_several
from filiform.clinic.visits.models import Visit


@pytest.fixture
def asked(client, bob, patient, needling, hours, couches, site, monday) -> dict:
    client.force_login(bob, backend=LOGIN)
    return {
        "service": str(needling.pk), "site": str(site.pk), "practitioner": "", "episode": "",
        "count": "3", "every": "7", "day": f"{monday:%Y-%m-%d}", "at": "11:00",
        "until": f"{monday + timedelta(days=8):%Y-%m-%d}",
    }  # fmt: skip


def test_visits_are_proposed_near_the_wished_time_and_booked_together(
    client, asked, patient, alice, site, needling, monday
) -> None:
    other = {"practitioner": alice, "site": site, "patient": patient}
    take(**other, starts_at=at(monday, 11))  # the wished time of the first week is gone
    address = reverse("diary:several", args=[patient.pk])
    page = client.post(address, asked | {"propose": "yes"})
    rows = page.context["proposed"]
    # The third week lies after the last day that the plan allows.
    assert [f"{row['at']:%a %H:%M}" for row in rows] == ["Mon 10:20", "Mon 11:00"]
    chosen = {"slot": [row["value"] for row in rows], "book": "yes"}
    assert client.post(address, asked | chosen).status_code == 302
    made = Visit.objects.filter(appointment__how="plan")
    assert made.count() == 2
    assert made.values("appointment__group").distinct().count() == 1
    # Sent again, the times are taken: nothing is booked twice.
    assert client.post(address, asked | chosen).status_code == 200
    assert Visit.objects.count() == 3


def test_when_one_of_the_times_is_gone_none_is_booked(
    asked, patient, alice, bob, site, needling, monday
) -> None:
    times = [(alice, at(monday, 10)), (alice, at(monday, 10, 20))]
    with pytest.raises(NotFree):
        take_several(times=times, by=bob, patient=patient, site=site, service=needling)
    assert not Visit.objects.exists()
    assert timezone.now() < at(monday, 10)
