"""The same form at once from two taps: the second finds what the first has just written."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.clinic.needling_rows import needled
from tests.clinic.twice import meanwhile

from filiform.clinic.aftercare import actions as aftercare
from filiform.clinic.correspondence import actions as letters
from filiform.clinic.events import actions as events
from filiform.clinic.patient_page import actions as patient_page
from filiform.clinic.patient_page.models import PatientDevice
from filiform.clinic.progress import actions as progress
from filiform.clinic.supplies import actions as supplies


@pytest.fixture
def check(visit, alice):
    done = needled(visit, "soleus", started_at=timezone.now() - timedelta(hours=26))
    aftercare.plan_checks(by=alice, treatment=done)
    return done.checks.get(hours=24)


@pytest.fixture
def cases(check, alice, patient, site, today):
    """(room, what is sent)"""
    key, now = uuid4(), timezone.now()
    device = PatientDevice.objects.create(
        organisation=patient.organisation, patient=patient, key_hash="of this test",
        opened_at=now, seen_at=now, expires_at=now,
    )  # fmt: skip
    answered = {"check": check, "result": "answered", "report": {"numb": True}, "on": today}
    product = supplies.add_product(by=alice, brand="Seirin", diameter_mm=0.25, length_mm=40)
    return [
        (aftercare, lambda: aftercare.settle(by=alice, outcome_id=key, **answered)),
        (
            aftercare,
            lambda: aftercare.acknowledge(
                by=alice, check=check, action="Seen", on=today, acknowledgement_id=key
            ),
        ),
        (
            events,
            lambda: events.report(
                by=alice, site=site, patient=patient, kind="bruise", grade="1", happened_at=now,
                text="Blue", event_id=key,
            ),
        ),
        (
            progress,
            lambda: progress.record_score(
                by=alice, patient=patient, scale="nprs", taken_at=now, total=3, score_id=key
            ),
        ),
        (
            supplies,
            lambda: supplies.receive(
                by=alice, product=product, site=site, number="L1", expires_on=today, packs=3,
                move_id=key,
            ),
        ),
        (
            supplies,
            lambda: supplies.report_needlestick(
                by=alice, happened_at=now, injured="Bob", depth="skin", report_id=key
            ),
        ),
        (
            letters,
            lambda: letters.begin(
                by=alice, visit=check.treatment.visit, kind="referrer", language="en", on=today,
                letter_id=key,
            ),
        ),
        (
            patient_page,
            lambda: patient_page.draw_pain(device=device, pain_id=key, nprs=4, drawing=None),
        ),
    ]  # fmt: skip


def test_two_taps_at_once_write_one_row(cases, monkeypatch):
    for number, (room, send) in enumerate(cases):
        with monkeypatch.context() as patch:
            first = []
            meanwhile(patch, room, lambda send=send, first=first: first.append(send()))
            assert send() == first[0], number
