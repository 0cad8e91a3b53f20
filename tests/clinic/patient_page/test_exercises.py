"""Exercises ticked on the patient's own phone: kept whatever changes, and never scolded about."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.clinic.needling_rows import choose_target
from tests.clinic.programme.conftest import first_home

from filiform.clinic.patient_page.models import ExerciseReminder
from filiform.clinic.programme import actions, care
from filiform.clinic.programme.models import HomeTick
from filiform.clinic.sending import worker
from filiform.clinic.sending.models import Outgoing
from filiform.clinic.sending.providers import Receipt
from filiform.clinic.sending.setup import Setup

__all__ = ["first_home"]


@pytest.fixture
def target(visit):
    return choose_target(visit, "infraspinatus")


@pytest.fixture
def row(visit, alice, first_home):
    phase, item, release = first_home
    return actions.choose(by=alice, visit=visit, phase=phase, item=item, release=release)


@pytest.fixture
def exercises(phone, row) -> str:
    return f"{phone.home}exercises/"


def said(answer) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def test_one_tap_ticks_and_how_it_felt_may_follow(phone, exercises, row, patient):
    page = said(phone.get(exercises))
    assert "I did it" in page
    done = said(phone.post(f"{exercises}{row.pk}/", follow=True))
    assert "Done today" in done
    assert "This week: 1 day" in done
    sent = {"felt": "3", "pain_before": "4", "pain_after": "5"}
    phone.post(f"{exercises}{row.pk}/", sent)
    tick = HomeTick.objects.current().get()
    assert (tick.felt, tick.pain_before, tick.pain_after, tick.recorded_by) == (3, 4, 5, None)
    for wrong in ("11", "-1", "x", "9" * 400):
        answer = phone.post(f"{exercises}{row.pk}/", {"felt": wrong}, follow=True)
        assert "could not be kept" in said(answer), wrong
    assert HomeTick.objects.current().get() == tick
    phone.post(f"{exercises}{row.pk}/", {"undo": "yes"})
    assert not HomeTick.objects.current().exists()
    assert HomeTick.objects.filter(is_void=True).count() == 1, "taken back, and readable so"
    [line] = care.home_lines(patient, on=timezone.localdate())
    assert line.adherence.done == 0


def test_what_was_done_counts_though_the_programme_was_changed_meanwhile(
    phone, exercises, row, alice, patient
):
    dose = {**row.dose, "hold_s": 5}
    newer = actions.change_dose(
        by=alice, row=row, dose=actions.dose_from(dose, dose), note="Slowly"
    )
    kept = said(phone.post(f"{exercises}{row.pk}/", {"felt": "2"}, follow=True))
    assert "What you did is kept" in kept
    assert "Slowly" in kept, "and the page shows how it is now"
    actions.remove(by=alice, row=newer)
    phone.post(f"{exercises}{row.pk}/", {"day": "yesterday"})
    assert {one.on for one in HomeTick.objects.current()} == {
        timezone.localdate(),
        timezone.localdate() - timedelta(days=1),
    }


def test_too_painful_twice_is_told_to_both_and_a_person_decides(
    client, phone, exercises, row, visit, alice
):
    phone.post(f"{exercises}{row.pk}/", {"day": "yesterday", "felt": "7"})
    page = said(phone.post(f"{exercises}{row.pk}/", {"felt": "8"}, follow=True))
    assert "Your practitioner sees it and decides" in page
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert "Too painful at home" in said(client.get(reverse("pathway:today")))
    programme = said(client.get(reverse("programme:programme", args=[visit.pk])))
    assert "Step down" in programme
    for _tap in range(2):
        client.post(reverse("programme:keep", args=[visit.pk, row.pk]))
    assert type(row).objects.filter(replaces=row, replaced_by=None).count() == 1, "looked at once"
    assert "Too painful at home" not in said(client.get(reverse("pathway:today")))
    [line] = care.home_lines(visit.patient, on=timezone.localdate())
    assert line.row.dose == row.dose, "left as it is"
    assert line.adherence.done == 2, "and nothing that was done is lost"


def test_missed_days_are_not_mentioned_and_the_longest_run_stays(phone, exercises, row, patient):
    today = timezone.localdate()
    for ago in (9, 8, 7, 2):
        actions.tick(row=row, day=today - timedelta(days=ago), today=today)
    page = said(phone.get(exercises))
    assert "longest run: 3 days" in page
    for scolding in ("missed", "lost", "broken", "only"):
        assert scolding not in page.partition("<main")[2].lower()


class Taking:
    name, channel, cost = "taking", "sms", 0

    def __init__(self) -> None:
        self.sent = []

    def send(self, message):
        self.sent.append(message)
        return Receipt(message.id)


def test_a_reminder_goes_once_at_its_hour_and_not_after_a_tick(
    settings, phone, exercises, row, patient, visit
):
    taking = Taking()
    settings.SENDING = Setup(providers={"sms": taking}, public_url="https://clinic.example")
    zone = ZoneInfo(visit.site.time_zone)
    day = timezone.localtime(timezone.now(), zone)
    noon = datetime(day.year, day.month, day.day, 12, 5, tzinfo=zone) + timedelta(days=1)
    worker.round_of_work(now=noon)
    assert taking.sent == [], "nobody asked for one"
    phone.post(f"{exercises}remind/", {"hour": "12"})
    worker.round_of_work(now=noon - timedelta(hours=2))
    assert taking.sent == []
    for _twice in range(2):
        worker.round_of_work(now=noon)
    assert [one.text.startswith("MidCity clinic: your exercises") for one in taking.sent] == [True]
    next_noon = noon + timedelta(days=1)
    actions.tick(row=row, day=next_noon.date(), today=next_noon.date())
    worker.round_of_work(now=next_noon)
    phone.post(f"{exercises}remind/", {"hour": ""})
    worker.round_of_work(now=noon + timedelta(days=2))
    assert len(taking.sent) == 1
    assert ExerciseReminder.objects.current().get().at_hour is None


def test_without_a_provider_a_reminder_is_no_task_for_the_desk(phone, exercises, row):
    phone.post(f"{exercises}remind/", {"hour": "12"})
    now = timezone.now().astimezone(ZoneInfo("Asia/Karachi")).replace(hour=12)
    worker.round_of_work(now=now)
    assert not Outgoing.objects.filter(kind="exercises").exists()


def test_anothers_exercise_can_not_be_ticked(phone, exercises, charlie, settings):
    from tests.clinic.patient_page.other import check_elsewhere

    theirs = check_elsewhere(charlie).treatment.visit
    target = choose_target(theirs, "infraspinatus")
    assert target
    from filiform.clinic.programme import queries

    programme = queries.proposals(theirs, on=timezone.localdate())
    phase = next(one for one in programme.phases if one.id != "clinic" and one.items)
    other = actions.choose(
        by=charlie, visit=theirs, phase=phase.id, item=phase.items[0], release=programme.release
    )
    assert phone.post(f"{exercises}{other.pk}/").status_code == 404
    assert not HomeTick.objects.exists()
