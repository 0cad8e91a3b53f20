"""What runs by itself, and at every page, goes through no table that grows with the years."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.needling_rows import needled
from tests.clinic.plans import STEPS, asking, steps, walks
from tests.clinic.sending.stand_in import gateway

from filiform.clinic.aftercare import actions as aftercare
from filiform.clinic.couch import queries as couch
from filiform.clinic.patient_page import messages
from filiform.clinic.progress.models import OutcomeScore
from filiform.clinic.sending import worker
from filiform.clinic.sending.composing import SOURCES
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import SmsGateway
from filiform.clinic.sending.rules import QuietHours
from filiform.clinic.sending.setup import Setup
from filiform.clinic.web import bell
from filiform.clinic.web.kept import ALSO_RESTS_ON

pytestmark = pytest.mark.sqlite  # reads its plans


def name_of(ask) -> str:
    return f"{ask.__module__.removeprefix('filiform.clinic.')}.{ask.__qualname__}"


def gone_through(ask) -> str:
    with asking() as asked:
        ask()
    assert asked, "nothing was asked: the test looks at nothing"
    return "\n".join(walks(asked))


@pytest.fixture
def on_duty(settings):
    settings.SENDING = Setup(duty_phone="+923000000000")


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_no_source_goes_through_what_is_done(source, visit, on_duty):
    assert not gone_through(lambda: source(timezone.now()))


@pytest.fixture
def check(visit, alice):
    """Due since an hour."""
    treatment = needled(visit, "soleus", started_at=timezone.now() - timedelta(hours=25))
    aftercare.plan_checks(by=alice, treatment=treatment)
    return treatment.checks.get(hours=24)


def past(patient) -> None:
    """Messages of ten years, most of them answered, and scores."""
    begun = timezone.now() - timedelta(days=3650)
    house = {"organisation": patient.organisation, "patient": patient}
    rows = []
    for number in range(3000):
        at = begun + timedelta(days=1.1 * number)
        kind = ("check", "nudge", "booked", "remind", "scores", "prepare", "reply")[number % 7]
        state = "answered" if number % 10 else "failed"
        # What nobody sent by hand stays, where no round stops it.
        state = "by-hand" if kind == "scores" and number % 3 == 0 else state
        moments = {"made_at": at, "state_at": at, "not_before": at}
        rows.append(
            Outgoing(
                **house, **moments, kind=kind, subject=uuid4(), once=f"{number}", channel="sms",
                to=patient.phone, state=state, cost=number % 3,
            )
        )  # fmt: skip
    Outgoing.objects.bulk_create(rows, batch_size=500)
    scores = [
        OutcomeScore(**house, scale="nprs", value=3, taken_at=begun + timedelta(days=number))
        for number in range(0, 3600, 3)
    ]
    OutcomeScore.objects.bulk_create(scores)


@pytest.mark.parametrize("source", [*SOURCES, worker.round_of_work], ids=name_of)
def test_a_round_takes_as_many_steps_whatever_lies_in_the_past(source, check, on_duty):
    worker.round_of_work()
    now = [] if source is worker.round_of_work else [timezone.now()]
    source(*now)
    before = steps(lambda: source(*now))
    past(check.patient)
    assert steps(lambda: source(*now)) <= before + 10 * STEPS


def test_a_round_that_sends_below_a_cost_cap_goes_through_nothing(check, settings):
    with gateway() as there:
        given = SmsGateway(there.url, "AC1", "secret", "+15005550006", cost=7)
        settings.SENDING = Setup(
            {"sms": given}, "https://clinic.example", QuietHours(time(0), time(0)), cost_cap=99
        )
        assert not gone_through(worker.round_of_work)
    assert Outgoing.objects.get(kind="check").cost == 7


def test_an_answer_by_sms_finds_whom_we_wrote_to(check, on_duty):
    worker.round_of_work()
    number = check.patient.phone
    assert not gone_through(lambda: messages._who_answers(number))


@pytest.mark.parametrize("ask", [*bell.RINGING, *ALSO_RESTS_ON, *bell.TURNS], ids=name_of)
def test_nothing_that_each_page_asks_goes_through_what_is_over(ask, clinic, check):
    now = [] if ask in bell.RINGING else [timezone.now()]
    assert not gone_through(lambda: ask(clinic.pk, *now))


def test_the_couches_are_found_among_what_is_under_way(clinic, check):
    assert not gone_through(lambda: couch.couches(clinic, timezone.now()))


@pytest.mark.parametrize(
    "page",
    ["pathway:today", "sending:queue", "booking:desk", "frontdoor:inbox", "aftercare:worklist",
     "couch:board"],
)  # fmt: skip
def test_no_page_that_stands_open_all_day_goes_through_what_is_over(page, check, olga, client):
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    assert not gone_through(lambda: client.get(reverse(page)))
