"""Messages that ask for something: before a visit, and how it goes between visits."""

from __future__ import annotations

from datetime import time, timedelta
from urllib.parse import parse_qs

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.clinic.sending.stand_in import gateway

from filiform.clinic.patient_page.models import Preparation
from filiform.clinic.progress.actions import record_score
from filiform.clinic.progress.models import OutcomeScore
from filiform.clinic.sending import worker
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import SmsGateway
from filiform.clinic.sending.rules import QuietHours
from filiform.clinic.sending.setup import Setup
from filiform.clinic.visits import actions as visits

PUBLIC = "https://clinic.example"


@pytest.fixture
def sms(settings):
    with gateway() as there:
        given = SmsGateway(there.url, "AC1", "secret", "+15005550006", cost=700)
        never = QuietHours(time(0), time(0))
        settings.SENDING = Setup({"sms": given}, PUBLIC, never, sms_token="secret")
        yield there


@pytest.fixture
def booked(patient, alice, site):
    return visits.book(
        by=alice, patient=patient, practitioner=alice, site=site,
        planned_at=timezone.now() + timedelta(days=20),
    )  # fmt: skip


@pytest.fixture
def measured(patient, alice):
    """Answered a week ago, at a visit."""
    at = timezone.now() - timedelta(days=7, minutes=5)
    record_score(by=alice, patient=patient, scale="nprs", total=7, taken_at=at)
    about = ["Prayer", "Stairs"]
    record_score(by=alice, patient=patient, scale="psfs", items=[2, 4], about=about, taken_at=at)


def texts(there) -> list[str]:
    return [parse_qs(one["body"].decode())["Body"][0] for one in there.taken]


def test_one_tap_of_the_desk_sends_the_questions_and_sending_them_ends_it(
    client, bob, booked, sms, phone, charlie
) -> None:
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    ask = reverse("patient_page:ask-to-prepare", args=[booked.pk])
    assert client.post(ask).status_code == 302
    worker.round_of_work()
    (text,) = texts(sms)
    assert "before your visit" in text
    device = phone.home.split("/")[2]
    at = reverse("patient_page:prepare", args=[device, booked.pk])
    assert "Prepare for your visit" in phone.get(phone.home).content.decode()
    client.post(ask)
    phone.post(at, {"at": "send"})
    assert Preparation.objects.get(visit=booked).sent_at is not None
    worker.round_of_work()
    assert len(sms.taken) == 1
    assert sorted(Outgoing.objects.values_list("state", flat=True)) == ["answered", "stopped"]
    outsider = Client()
    outsider.force_login(charlie, backend="django.contrib.auth.backends.ModelBackend")
    assert outsider.post(ask).status_code == 404


def test_without_a_provider_the_desk_gets_the_ready_message(client, bob, booked, settings) -> None:
    settings.SENDING = Setup({}, "", QuietHours(time(0), time(0)))
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("patient_page:ask-to-prepare", args=[booked.pk]))
    assert "some questions before your visit" in page.content.decode()


def test_a_measure_that_is_due_is_asked_reminded_once_and_then_no_more(
    measured, patient, sms
) -> None:
    now = timezone.now()
    for hours in (0, 1, 30, 49, 60, 100, 200, 400):
        worker.round_of_work(now=now + timedelta(hours=hours))
    assert [one.kind for one in Outgoing.objects.order_by("made_at")] == ["scores", "scores-again"]
    assert len(sms.taken) == 2


def test_with_a_visit_near_nothing_is_asked_between(measured, patient, alice, site, sms) -> None:
    visits.book(
        by=alice, patient=patient, practitioner=alice, site=site,
        planned_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    worker.round_of_work()
    assert not Outgoing.objects.exists()


def test_each_question_is_answered_by_a_tap_and_the_answers_are_the_patients_own(
    measured, patient, sms, phone
) -> None:
    worker.round_of_work()
    at = reverse("patient_page:scores", args=[phone.home.split("/")[2]])
    page = phone.get(at).content.decode()
    assert "How strong is your pain now" in page
    form = {"form_id": "01a2237b-7e68-7415-addd-45c6781fcdba", "a": ["nprs:0=3"]}
    assert "Prayer" in phone.post(at, form).content.decode()
    form["a"] += ["psfs:0=6", "groc:0=7", "psfs:1=99", "nprs:0=x"]
    assert "Stairs" in phone.post(at, form).content.decode()
    form["a"] += ["psfs:1=7"]
    for _twice in range(2):
        assert phone.post(at, form).status_code == 302
    assert "Nothing more to answer" in phone.get(at).content.decode()
    own = OutcomeScore.objects.filter(patient=patient, recorded_by=None)
    assert {one.scale: one.value for one in own} == {"nprs": 3, "psfs": 6.5}
    assert Outgoing.objects.get().state == "answered"
    assert phone.post(at, {"a": "nprs:0=11"}).status_code == 302
