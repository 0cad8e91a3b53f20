"""Times that the clock skips or repeats, that have passed or lie in the night, are asked about."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.tables import check_each

from filiform.clinic.facts.models import new_id
from filiform.clinic.visits.models import Visit

NOW = datetime(2026, 2, 20, 15, 0, tzinfo=UTC)
SPRING, AUTUMN = "2026-03-08", "2026-11-01"


@pytest.fixture
def new_york(site, monkeypatch):
    """The clinic's site lies in New York, and it is the morning of 20 February 2026 there."""
    type(site).objects.filter(pk=site.pk).update(time_zone="America/New_York")
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return site


def ask(client, patient, booking, **changes):
    address = reverse("diary:book", args=[patient.pk])
    return client.post(address, {**booking, "day": SPRING, "at": "10:00", **changes})


def words_of(answer):
    text = re.sub(r"<[^>]+>", " ", html.unescape(answer.content.decode()))
    return re.sub(r"\s+", " ", text)


def choices(answer):
    return [key for key, _words in answer.context["form"].fields["which"].widget.choices]


def test_a_time_that_the_clock_skips_is_asked_about_and_not_moved(
    as_bob, patient, booking, new_york
):
    answer = ask(as_bob, patient, booking, at="02:30")
    assert answer.status_code == 422
    assert "There is no 02:30 on 8 Mar 2026" in words_of(answer)
    assert "01:30 (UTC−05:00)" in words_of(answer)
    assert "03:30 (UTC−04:00)" in words_of(answer)
    assert not Visit.objects.exists()
    later = choices(answer)[1]
    asked = ask(as_bob, patient, booking, at="02:30", which=later)
    assert "03:30 is at night" in words_of(asked)
    assert ask(as_bob, patient, booking, at="02:30", which=later, meant=later).status_code == 302
    assert Visit.objects.get().planned_at == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_a_time_that_comes_twice_is_asked_about_and_booked_as_chosen(
    as_bob, patient, booking, new_york
):
    answer = ask(as_bob, patient, booking, day=AUTUMN, at="01:30")
    assert "01:30 comes twice on 1 Nov 2026" in words_of(answer)
    assert "the first 01:30 (UTC−04:00)" in words_of(answer)
    assert "the second 01:30 (UTC−05:00)" in words_of(answer)
    second = choices(answer)[1]
    told = {"day": AUTUMN, "at": "01:30", "which": second, "meant": second}
    assert ask(as_bob, patient, booking, **told).status_code == 302
    assert Visit.objects.get().planned_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_an_answer_for_another_time_answers_nothing(as_bob, patient, booking, new_york):
    spring = choices(ask(as_bob, patient, booking, at="02:30"))[1]
    answer = ask(as_bob, patient, booking, day=AUTUMN, at="01:30", which=spring)
    assert answer.status_code == 422
    night = ask(as_bob, patient, booking, at="04:00")
    key = night.context["form"].fields["meant"].widget.attrs["value"]
    assert ask(as_bob, patient, booking, at="05:00", meant=key).status_code == 422
    assert ask(as_bob, patient, booking, at="04:00", meant=key).status_code == 302


def another_visit() -> str:
    """The id of the next booking; what was booked before is in nobody's way."""
    Visit.objects.update(state="cancelled")
    return str(new_id())


ASKED = [
    ("three at night", {"at": "03:00"}, "03:00 is at night"),
    ("just before six", {"at": "05:59"}, "05:59 is at night"),
    ("ten in the evening", {"at": "22:00"}, "22:00 is at night"),
    ("yesterday", {"day": "2026-02-19"}, "19 February 2026, 10:00 has passed"),
    ("an hour ago", {"day": "2026-02-20", "at": "09:00"}, "09:00 has passed"),
]


def test_a_past_time_and_a_time_at_night_are_booked_only_when_ticked(
    as_bob, patient, booking, new_york
):
    def check(_name, changes, says):
        changes = {**changes, "visit_id": another_visit()}
        answer = ask(as_bob, patient, booking, **changes)
        assert answer.status_code == 422
        assert says in words_of(answer)
        assert "Yes, I mean" in words_of(answer)
        key = answer.context["form"].fields["meant"].widget.attrs["value"]
        assert f'value="{html.escape(key)}"' in answer.content.decode()
        assert ask(as_bob, patient, booking, **changes, meant=key).status_code == 302

    check_each(ASKED, check)


def test_an_ordinary_time_is_booked_without_a_question(as_bob, patient, booking, new_york):
    for at in ("06:00", "09:55", "21:59"):
        told = {"at": at, "visit_id": another_visit()}
        assert ask(as_bob, patient, booking, **told).status_code == 302


REFUSED = [
    ({"day": "0001-01-01"}, "too far away"),
    ({"day": "9999-12-31", "at": "23:59"}, "too far away"),
    ({"day": "0000-01-01"}, "There is no such day"),
    ({"day": "2062-02-20"}, "Look at the year"),
    ({"day": "2026-02-30"}, "There is no such day"),
    ({"at": "24:00"}, "24:00 is 00:00 of the next day"),
    ({"at": "25:61"}, "There is no such time"),
    ({"at": "soon"}, "not a time that we can read"),
    ({"day": "11/30/2026"}, "There is no such day"),
]


def test_a_day_or_time_that_does_not_exist_says_what_to_write(as_bob, patient, booking, new_york):
    def check(changes, says):
        answer = ask(as_bob, patient, booking, **changes)
        assert answer.status_code == 422
        assert says in words_of(answer)

    check_each(REFUSED, check)


def test_urdu_digits_are_understood(as_bob, patient, booking, new_york):
    assert ask(as_bob, patient, booking, day="۰۸/۰۳/۲۰۲۶", at="۱۰:۱۵").status_code == 302
    assert Visit.objects.get().planned_at == datetime(2026, 3, 8, 14, 15, tzinfo=UTC)


def test_the_question_is_asked_in_urdu_too(as_bob, patient, booking, new_york):
    as_bob.cookies["filiform_language"] = "ur"
    words = words_of(ask(as_bob, patient, booking, at="02:30"))
    assert "8 مارچ 2026" in words
    assert "There is no" not in words
    words = words_of(ask(as_bob, patient, booking, at="03:00"))
    assert "Yes, I mean" not in words


def test_who_walks_in_at_the_repeated_hour_is_asked_nothing(
    as_bob, patient, booking, new_york, monkeypatch
):
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: second)
    assert ask(as_bob, patient, booking, now="yes").status_code == 302
    assert Visit.objects.get().planned_at == second


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31", "0000-00-00", "۲۰۲۶"])
def test_the_diary_opens_on_today_for_a_day_it_cannot_show(as_bob, new_york, day):
    answer = as_bob.get(reverse("diary:diary"), {"day": day})
    assert answer.status_code == 200
    assert answer.context["is_today"]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), ("2026-06-01", 24)])
def test_a_day_holds_every_hour_that_it_has(patient, alice, new_york, clinic, day, hours):
    from datetime import date

    from filiform.clinic.visits import actions, queries
    from filiform.clinic.web.times import bounds, zone_named

    zone = zone_named("America/New_York")
    start, end = bounds(date.fromisoformat(day), zone)
    assert end - start == timedelta(hours=hours)
    with timezone.override(zone):
        for hour in range(-1, hours + 1):
            actions.book(
                by=alice,
                patient=patient,
                practitioner=alice,
                site=new_york,
                planned_at=start + timedelta(hours=hour),
            )
        assert len(queries.visits_of_day(clinic, date.fromisoformat(day))) == hours
