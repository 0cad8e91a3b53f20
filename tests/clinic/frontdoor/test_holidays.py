"""A holiday is entered once: the public pages know it, and nobody who is booked is forgotten."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from filiform.clinic.staff import actions
from filiform.clinic.staff.models import OpeningException
from filiform.clinic.visits import actions as visits

pytestmark = pytest.mark.django_db
KARACHI = ZoneInfo("Asia/Karachi")
EID = date(2027, 3, 10)  # a Wednesday
BEFORE = datetime(2027, 3, 1, 9, tzinfo=KARACHI)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=KARACHI)


def entered(**changes: str) -> dict[str, str]:
    eid = {"title": "Eid al-Fitr", "title_ur": "عید الفطر", "first_on": "2027-03-10"}
    return {**eid, "last_on": "2027-03-12", "hours": "", **changes}


def page(answer) -> str:
    return unescape(answer.content.decode())


@pytest.fixture
def as_olga(client: Client, olga) -> Client:
    client.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_holiday_laid_over_booked_visits_lists_whom_to_call_until_they_are_moved(
    as_olga: Client, olga, alice, bob, site, patient
) -> None:
    with patch("django.utils.timezone.now", return_value=BEFORE):
        book = {"by": alice, "patient": patient, "practitioner": alice, "site": site}
        first = visits.book(planned_at=at(EID, 11), **book)
        visits.book(planned_at=at(EID - timedelta(days=1), 11), **book)  # the day before Eid
        visits.book(planned_at=at(EID + timedelta(days=1), 19), **book)
        address = f"/clinic/sites/{site.pk}/holidays/"
        # Signed in now: months after the fixture's session its screen is locked.
        as_olga.force_login(olga, backend="django.contrib.auth.backends.ModelBackend")
        answer = as_olga.post(address, entered(), follow=True)
        html = page(answer)
        assert "2 visits are booked for times at which the site is closed" in html
        assert html.count("Amna Siddiqui") == 2
        assert 'href="tel:+923001234567"' in html
        assert "2 visits to call" in page(as_olga.get(address))
        # Sent twice it is one holiday.
        as_olga.post(address, entered())
        exception = OpeningException.objects.get()
        visits.move(visit=first, by=alice, to="cancelled")
        # The front desk calls, so it sees the list; it can't change the days.
        as_olga.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")
        html = page(as_olga.get(f"/clinic/holidays/{exception.pk}/"))
        assert html.count("Amna Siddiqui") == 1
        assert "Withdraw" not in html
        assert as_olga.get(f"/clinic/holidays/{exception.pk}/void/").status_code == 403


def test_the_first_screen_says_why_it_is_closed_and_the_day_on_which_it_opens(
    client: Client, site, olga
) -> None:
    actions.record_opening_exception(
        site=site, by=olga, title="Eid al-Fitr", title_ur="عید الفطر", hours=[],
        first_on=EID, last_on=EID + timedelta(days=9),
    )  # fmt: skip
    with patch("django.utils.timezone.now", return_value=at(EID, 11)):
        html = " ".join(re.sub(r"</?bdi>", "", page(client.get("/"))).split())
        assert "Closed now. Opens on Saturday 20 March at 10:00" in html
        assert "(Eid al-Fitr)" in html
        assert "عید الفطر" in page(client.get("/", headers={"Accept-Language": "ur"}))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"last_on": "2027-03-01"}, "The last day (1 Mar 2027) is before the first (10 Mar 2027)"),
        ({"last_on": "2029-03-01"}, "at most 366 are laid over the weekly hours"),
        ({"hours": "ten to four"}, "is not a time of day. Write it like"),
        ({"first_on": "31/02/2027"}, "There is no such day"),
        ({"title": ""}, "This is missing"),
    ],
)
def test_what_is_wrong_with_a_holiday_is_said_and_nothing_is_recorded(
    as_olga: Client, site, wrong: dict[str, str], said: str
) -> None:
    answer = as_olga.post(f"/clinic/sites/{site.pk}/holidays/", entered(**wrong))
    assert answer.status_code == 422
    assert said in page(answer)
    assert not OpeningException.objects.exists()


@pytest.mark.parametrize("is_public", [True, False])
def test_only_of_a_public_place_it_is_said_that_the_public_site_shows_it(
    as_olga: Client, site, is_public: bool
) -> None:
    type(site).objects.filter(pk=site.pk).update(is_public=is_public)
    answer = as_olga.post(f"/clinic/sites/{site.pk}/holidays/", entered(), follow=True)
    assert ("The public site shows it now" in page(answer)) is is_public


def test_two_owners_who_amend_at_once_are_told(as_olga: Client, site, olga) -> None:
    day = {"first_on": EID, "last_on": EID, "title": "Eid", "hours": []}
    eid = actions.record_opening_exception(site=site, by=olga, **day)
    address = f"/clinic/holidays/{eid.pk}"
    later = actions.amend_opening_exception
    with patch("filiform.clinic.frontdoor.views.holidays.openings.exception_in", return_value=eid):
        later(exception=eid, by=olga, why="The moon", title="Eid al-Fitr")
        answer = as_olga.post(f"{address}/amend/", entered(why="A guess"), follow=True)
    assert "Somebody changed it meanwhile" in page(answer)
    assert OpeningException.objects.current().get().title == "Eid al-Fitr"
    as_olga.post(f"/clinic/holidays/{OpeningException.objects.current().get().pk}/void/",
                 {"why": "No holiday after all"})  # fmt: skip
    assert not OpeningException.objects.current().exists()
