"""A patient whose chest wall was needled yesterday, and the phone of hers that opens her page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.clinic.needling_rows import needled

BORN = {"day": "9", "month": "3", "year": "1984"}


@pytest.fixture
def treated(visit, alice):
    from filiform.clinic.aftercare import actions

    treatment = needled(
        visit, "pectoralis-major-sternal", started_at=timezone.now() - timedelta(hours=25)
    )
    actions.plan_checks(by=alice, treatment=treatment)
    return treatment


@pytest.fixture
def check(treated):
    return treated.checks.get(hours=24)


@pytest.fixture
def link(patient, alice):
    from filiform.clinic.patient_page import actions

    return actions.make_link(patient=patient, by=alice)


@pytest.fixture
def address(link):
    return reverse("patient_page:open", args=[link[1]])


@pytest.fixture
def phone(address):
    """A phone on which the page was opened, and where it led."""
    client = Client()
    answer = client.post(address, BORN)
    assert answer.status_code == 302, answer.content.decode()
    client.home = answer["Location"]
    return client
