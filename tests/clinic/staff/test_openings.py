"""Holidays and other hours, laid over the week of a site."""

from __future__ import annotations

from datetime import date

import pytest

from filiform.clinic.staff import actions
from filiform.clinic.staff.models import Member, OpeningException, Site
from filiform.clinic.staff.openings import DayOpening, openings_between

pytestmark = pytest.mark.django_db
RAMADAN = {"first_on": date(2027, 2, 8), "last_on": date(2027, 3, 9), "title": "Ramadan hours"}
EID = {"first_on": date(2027, 3, 9), "last_on": date(2027, 3, 12), "title": "Eid al-Fitr"}
WEEK = (("10:00", "20:00"),)


def on(site: Site, day: date) -> DayOpening:
    return openings_between(site, day, day)[day]


@pytest.fixture
def ramadan(site: Site, olga: Member) -> OpeningException:
    hours = [["20:30", "01:00"], ["09:00", "14:00"]]
    return actions.record_opening_exception(site=site, by=olga, hours=hours, **RAMADAN)


def test_on_each_day_the_shortest_exception_rules_and_sunday_stays_closed(
    site: Site, olga: Member, ramadan: OpeningException
) -> None:
    eid = actions.record_opening_exception(site=site, by=olga, hours=[], **EID)
    fast = (("09:00", "14:00"), ("20:30", "01:00"))
    days = openings_between(site, date(2027, 2, 7), date(2027, 3, 14))
    for day, hours, because in (
        (date(2027, 2, 7), (), None),  # the Sunday before
        (date(2027, 2, 8), fast, ramadan),
        (date(2027, 2, 14), (), None),  # a Sunday within it
        (date(2027, 3, 8), fast, ramadan),
        (date(2027, 3, 9), (), eid),
        (date(2027, 3, 12), (), eid),
        (date(2027, 3, 13), WEEK, None),
    ):
        assert (days[day].hours, days[day].because) == (hours, because), day
        assert on(site, day) == days[day], day


def test_what_is_amended_or_taken_back_no_longer_holds_and_stays_readable(
    site: Site, olga: Member, ramadan: OpeningException
) -> None:
    day = date(2027, 2, 8)
    after = actions.amend_opening_exception(
        exception=ramadan, by=olga, why="The moon", first_on=date(2027, 2, 9)
    )
    assert on(site, day).hours == WEEK
    assert on(site, date(2027, 2, 9)).because == after
    actions.void_opening_exception(exception=after, by=olga, why="Entered for the wrong site")
    assert on(site, date(2027, 2, 9)).hours == WEEK
    assert OpeningException.objects.count() == 3
