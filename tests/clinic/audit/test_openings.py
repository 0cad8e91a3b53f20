"""A patient who asks who opened the record gets an answer, on paper and in her language."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from filiform.clinic.audit.openings import openings
from filiform.clinic.chart import merging
from filiform.clinic.facts.models import Entry
from filiform.clinic.facts.recording import saw
from filiform.clinic.patients.actions import register

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=ZoneInfo("Asia/Karachi"))


@pytest.fixture
def opened(patient, alice, bob, monkeypatch):
    """Alice looked at three pages on two days, Bob at one; long ago Alice at one."""
    monday = timedelta(0)
    for ago, who, what in (
        (timedelta(days=400), alice, "patient"),
        (timedelta(days=1), alice, "patient"),
        (timedelta(hours=2), bob, "patient"),
        (timedelta(hours=1), alice, "plan"),
        (monday, alice, "plan"),
    ):
        monkeypatch.setattr(timezone, "now", lambda ago=ago: NOON - ago)
        saw(what, by=who, patient=patient)
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    return patient


def test_the_days_come_last_first_and_a_page_opened_again_has_both_times(
    opened, alice, bob
) -> None:
    with timezone.override(ZoneInfo("Asia/Karachi")):
        found = openings(opened.pk, opened.organisation_id, now=NOON)
        told = [
            (
                day.on.isoformat(),
                [
                    (
                        one.by.name,
                        one.action,
                        [f"{timezone.localtime(at):%H:%M}" for at in one.times],
                    )
                    for one in day.openings
                ],
            )
            for day in found.days
        ]
    assert told == [
        (
            "2026-05-04",
            [("Bob", "saw-patient", ["10:00"]), ("Alice", "saw-plan", ["11:00", "12:00"])],
        ),
        ("2026-05-03", [("Alice", "saw-patient", ["12:00"])]),
    ]
    assert found.people == 2


def test_what_was_changed_without_opening_and_other_patients_are_not_in_it(patient, alice) -> None:
    assert Entry.objects.filter(patient=patient).exists(), "she was registered"
    assert openings(patient.pk, patient.organisation_id, now=timezone.now()).days == []


def test_the_front_desk_prints_it_in_the_patients_language(client, patient, bob) -> None:
    type(patient).objects.filter(pk=patient.pk).update(language="ur")
    client.force_login(bob)
    client.get(f"/patients/{patient.pk}/")
    page = unescape(client.get(f"/patients/{patient.pk}/opened/").content.decode())
    assert '<html lang="ur" dir="rtl"' in page
    english = unescape(client.get(f"/patients/{patient.pk}/opened/?language=en").content.decode())
    assert "Bob" in english
    assert "Front desk" in english
    assert "Opened a patient's page" in english
    assert "data-print" in english


def test_showing_the_list_is_itself_an_opening(client, patient, bob) -> None:
    client.force_login(bob)
    client.get(f"/patients/{patient.pk}/opened/")
    again = client.get(f"/patients/{patient.pk}/opened/?language=en").content.decode()
    assert "list of who opened" in again


def test_another_clinic_sees_nothing(client, patient, charlie) -> None:
    client.force_login(charlie)
    assert client.get(f"/patients/{patient.pk}/opened/").status_code == 404


def test_what_was_opened_in_a_file_that_was_merged_is_in_it(patient, alice, bob) -> None:
    kept = register(by=alice, given_name="Amna", sex="female", birth_date=patient.birth_date)
    saw("patient", by=bob, patient=patient)
    merging.merge(by=alice, kept=kept, closed=patient, why="She told us so.")
    found = openings(kept.pk, kept.organisation_id, now=timezone.now())
    assert [one.by for day in found.days for one in day.openings] == [bob]
