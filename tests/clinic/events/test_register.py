"""The register: where events come from, who has to be told, what is judged, how often."""

from __future__ import annotations

import io
import sqlite3
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from tests.clinic.needling_rows import needled
from tests.clinic.treatment.conftest import act, targets, treatment

from filiform.clinic.aftercare import actions as aftercare
from filiform.clinic.events import actions, counting, queries
from filiform.clinic.events.counting import count
from filiform.clinic.events.models import EventStep, SafetyEvent
from filiform.clinic.visits.actions import book
from filiform.clinic.web.times import bounds

__all__ = ["act", "targets", "treatment"]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def alarm(visit, alice):
    """Breathless a day after a needle over the lung."""
    done = needled(visit, "trapezius-upper", started_at=timezone.now() - timedelta(hours=26))
    aftercare.plan_checks(by=alice, treatment=done)
    check = done.checks.get(hours=24)
    aftercare.settle(
        by=alice, check=check, result="answered", report={"breathless": True},
        on=timezone.localdate(),
    )  # fmt: skip
    check.refresh_from_db()
    return check


@pytest.fixture
def event(alarm, alice):
    aftercare.take_alarm(by=alice, check=alarm)
    return SafetyEvent.objects.get()


def codes(answer):
    return [reason.code for reason in answer]


def test_an_event_of_the_couch_stands_in_the_register_with_its_needle(act, targets, alice):
    needle = act("insertion", target=targets[0].pk)
    begun = act("event", details={"event_kind": "breathless"})
    end = {"event": begun.pk, "outcome": "ambulance", "grade": "serious", "followup_h": 24}
    act("event-end", details=end)
    found = SafetyEvent.objects.get()
    assert (found.source, found.kind, found.grade) == ("couch", "pneumothorax", "3")
    assert (found.muscle, found.needles) == (targets[0].muscle, [str(needle.pk)])
    assert found.owner == alice
    actions.of_couch(found.couch, alice)
    assert SafetyEvent.objects.count() == 1, "told twice, it is one event"


def test_an_alarm_becomes_an_event_when_somebody_takes_it_and_only_once(alarm, alice):
    assert not SafetyEvent.objects.exists()
    aftercare.take_alarm(by=alice, check=alarm)
    aftercare.acknowledge(by=alice, check=alarm, action="X-ray", on=timezone.localdate())
    found = SafetyEvent.objects.get()
    assert (found.source, found.kind, found.grade) == ("check", "pneumothorax", "3")
    assert (found.treatment, found.owner) == (alarm.treatment, alice)


def test_a_judgement_replaces_the_former_one_and_leaves_it_readable(event, alice):
    told = {"grade": "4", "causality": "probable", "muscle": "trapezius-upper", "side": "right"}
    fresh = actions.assess(by=alice, event=event, why="CT", **told)
    assert len(fresh.needles) == 1
    assert [one.grade for one in queries.history(fresh)] == ["3", "4"]
    assert queries.event_of(event.root, alice.organisation_id) == fresh


def test_an_event_is_closed_only_when_judged_and_everybody_was_told(event, alice):
    assert codes(actions.close(by=alice, event=event)) == [
        *("event-without-causality", "event-without-outcome"), *["event-duty-owed"] * 4
    ]  # fmt: skip
    event = actions.assess(by=alice, event=event, causality="probable", outcome="Well")
    owed = [one.duty.id for one in queries.duties_of(event, [])]
    assert owed == ["lead", "insurer", "patient", "pk-analysis"], "the first due first"
    for duty in owed:
        actions.step(by=alice, event=event, kind="told", duty=duty, how="letter")
        assert actions.step(by=alice, event=event, kind="told", duty=duty) is None
    assert EventStep.objects.count() == 4
    closed = actions.close(by=alice, event=event)
    assert closed.closed_at is not None
    assert codes(actions.close(by=alice, event=closed)) == ["event-closed-already"]
    opened = actions.reopen(by=alice, event=closed, why="Second X-ray")
    assert opened.closed_at is None
    assert actions.reopen(by=alice, event=opened, why="Second X-ray") == opened
    mine = actions.take(by=alice, event=opened)
    assert actions.take(by=alice, event=mine) == mine, "tapped twice, the history says it once"


def test_the_list_says_what_is_next_and_what_is_late(event, alice, django_assert_max_num_queries):
    [row] = queries.worklist(alice, shown="open", now=timezone.now())
    assert (row.action, row.state) == ("Tell: The clinic's lead", "")
    with django_assert_max_num_queries(2):
        [row] = queries.worklist(alice, shown="open", now=timezone.now() + timedelta(days=2))
    assert row.state == "overdue"
    assert queries.worklist(alice, shown="closed", now=timezone.now()) == []


def report(client, **said):
    now = timezone.localtime()
    data = {
        "event_id": uuid4(), "site": said.pop("site").pk, "kind": "forgotten", "grade": "2",
        "day": now.date(), "clock": "00:00", "text": "Found at home", "file_number": "",
    }  # fmt: skip
    return client.post(reverse("events:report"), data | said)


def test_the_front_desk_reports_a_forgotten_needle_and_it_finds_its_treatment(
    client, bob, visit, patient, site
):
    done = needled(visit, "soleus", started_at=timezone.now() - timedelta(days=2))
    client.force_login(bob, backend=BACKEND)
    number = uuid4()
    for _twice in range(2):
        sent = report(client, site=site, file_number=patient.file_number, event_id=number)
        assert sent.status_code == 302
    found = SafetyEvent.objects.get()
    assert (found.treatment, found.source, found.owner) == (done, "hand", visit.practitioner)
    page = client.get(reverse("events:event", args=[found.root]))
    assert "Found at home" in page.content.decode()
    assert "Assess it" not in page.content.decode()
    assert client.post(reverse("events:event", args=[found.root])).status_code == 403
    for name in ("take", "step", "close", "reopen", "letter"):
        assert client.post(reverse(f"events:{name}", args=[found.root])).status_code == 403, name


def test_what_cannot_be_reported_says_why(as_alice, site):
    cases = (
        ({"file_number": "MC-9999"}, "No patient has the file number"),
        ({}, "Only a near miss has no patient"),
        ({"day": timezone.localdate() + timedelta(days=1), "grade": "0"}, "in the future"),
    )
    for said, expected in cases:
        answer = report(as_alice, site=site, **said)
        assert answer.status_code == 422, said
        assert expected in answer.content.decode(), said
    assert report(as_alice, site=site, grade="0", kind="wrong-side").status_code == 302
    assert SafetyEvent.objects.get().patient is None


def test_a_page_that_is_older_than_the_judgement_does_not_overwrite_it(as_alice, event, alice):
    at = reverse("events:event", args=[event.root])
    said = {"version": event.pk, "kind": event.kind, "grade": "2", "place": "|"}
    assert as_alice.post(at, said).status_code == 302
    again = as_alice.post(at, said | {"grade": "1"})
    assert again.status_code == 409
    assert queries.event_of(event.root, alice.organisation_id).grade == "2"


def test_the_letter_says_in_the_patients_language_what_happened(as_alice, event, alice, patient):
    event = actions.assess(by=alice, event=event, for_patient="A lung had collapsed.")
    for language in ("en", "ur"):
        type(patient).objects.filter(pk=patient.pk).update(language=language)
        answer = as_alice.get(reverse("events:letter", args=[event.root]))
        made = PdfReader(io.BytesIO(answer.content))
        assert made.trailer["/Root"]["/Lang"] == language
        assert "A lung had collapsed." in made.pages[0].extract_text()


def test_an_outsider_finds_no_event(client, charlie, event):
    client.force_login(charlie, backend=BACKEND)
    assert client.get(reverse("events:event", args=[event.root])).status_code == 404
    assert event.patient.name not in client.get(reverse("events:register")).content.decode()


def test_rates_count_treatments_once_and_near_misses_never(as_alice, event, alice, patient, site):
    for kind, grade in (("bruise", "1"), ("wrong-side", "0")):
        actions.report(
            by=alice, site=site, patient=patient, kind=kind, grade=grade, text="x",
            happened_at=timezone.now(),
        )  # fmt: skip
    today = timezone.localdate()
    found = count(alice.organisation, today - timedelta(days=9), today)
    assert (found.treatments, found.needles, found.answered) == (1, 1, 1)
    assert (found.events, found.near_misses) == (2, 1)
    assert (found.total.per_treatment.events, found.total.serious.events) == (1, 1)
    assert {one.standing for one in found.beside} == {"too-few"}
    assert found.charts.gaps is None, "without an earlier record there are no limits"
    page = as_alice.get(reverse("events:rates")).content.decode()
    assert "Wilson" in page
    assert "too few to compare" in page
    made = PdfReader(io.BytesIO(as_alice.get(reverse("events:yearly")).content))
    assert "Safety report" in made.pages[0].extract_text()


def test_a_cluster_after_a_quiet_time_rings_with_its_day(alice, visit, kept):
    from filiform.clinic.treatment.models import Act, Treatment
    from filiform.clinic.visits import actions as visits

    def made(days: int, harmed: bool) -> None:
        at = timezone.now() - timedelta(days=days)
        booked = visits.book(
            by=alice, patient=visit.patient, practitioner=alice, site=visit.site, planned_at=at
        )
        done = needled(booked, "soleus", started_at=at)
        if harmed:
            actions.report(
                by=alice, site=visit.site, patient=visit.patient, kind="bruise", grade="1",
                text="", happened_at=at + timedelta(minutes=1),
            )  # fmt: skip
        assert Act.objects.filter(treatment=done).exists()

    for number in range(40):
        made(200 - number, number % 8 == 0)
    for number in range(12):
        made(12 - number, number > 5)
    assert Treatment.objects.count() == 52
    today = timezone.localdate()
    charts = count(alice.organisation, today - timedelta(days=13), today).charts
    assert charts.baseline == "own"
    begin = bounds(today - timedelta(days=13))[0]
    # The referee reads every treatment before the period.
    earlier = counting.needled(alice.organisation, begin - counting.BASELINE, begin)
    share = sum(row.events > 0 for row in earlier) / len(earlier)
    assert counting._usual_rate(alice.organisation, begin) == ("own", pytest.approx(share))
    assert charts.climb.rings
    assert charts.since.date() >= (timezone.now() - timedelta(days=8)).date()


def test_an_event_from_before_the_register_is_shown_as_not_graded_until_somebody_takes_it_in(
    client, act, targets, alice, bob, charlie, monkeypatch
):
    from filiform.clinic.treatment import events as couch_events

    monkeypatch.setattr(couch_events, "AFTER_AN_EVENT", [])
    act("insertion", target=targets[0].pk)
    begun = act("event", details={"event_kind": "breathless"})
    end = {"event": begun.pk, "outcome": "ambulance", "grade": "serious", "followup_h": 24}
    act("event-end", details=end)
    assert not SafetyEvent.objects.exists()
    [old] = queries.not_yet_graded(alice.organisation)
    today = timezone.localdate()
    before = count(alice.organisation, today, today)
    assert (before.events, before.not_graded) == (0, 1)
    address = reverse("events:take-in", args=[old.pk])
    for who, status in ((charlie, 404), (bob, 403)):
        client.force_login(who, backend=BACKEND)
        assert client.post(address).status_code == status
    assert "not yet graded" in client.get(reverse("events:register")).content.decode()
    client.force_login(alice, backend=BACKEND)
    for _twice in range(2):
        assert client.post(address).status_code == 302
    event = SafetyEvent.objects.get()
    assert (event.couch, event.known_at) == (old, old.started_at), "its clock began then"
    after = count(alice.organisation, today, today)
    assert (after.events, after.not_graded) == (1, 0)
    assert "not yet graded" not in client.get(reverse("events:register")).content.decode()


def test_a_list_that_is_cut_leaves_out_what_can_wait(alice, site, monkeypatch):
    monkeypatch.setattr(queries, "MOST_ROWS", 1)
    now = timezone.now()
    for hours in (1, 50):
        actions.report(
            by=alice, site=site, patient=None, kind="other", grade="0", text="Nearly",
            happened_at=now - timedelta(hours=hours),
        )  # fmt: skip
    _late, early = SafetyEvent.objects.order_by("-known_at")
    [row] = queries.worklist(alice, shown="open", now=now)
    assert row.event == early


def test_rates_are_counted_over_more_treatments_than_a_statement_may_name(alarm, event, alice):
    connection.ensure_connection()
    if connection.vendor == "sqlite":  # PostgreSQL's limit is of another kind
        before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 12)
    for _number in range(15):
        visit = book(
            by=alice, patient=alarm.patient, practitioner=alice, site=event.site,
            planned_at=timezone.now(),
        )  # fmt: skip
        needled(visit, "soleus")
    today = timezone.localdate()
    try:
        counted = count(alice.organisation, today - timedelta(days=3), today)
    finally:
        if connection.vendor == "sqlite":
            connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)
    assert (counted.treatments, counted.answered) == (16, 1)
