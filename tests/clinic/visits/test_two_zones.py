"""A clinic with sites in two time zones: every time is that of the wall it hangs on."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from filiform.clinic.visits import actions
from filiform.clinic.visits.models import Visit

LOGIN = "django.contrib.auth.backends.ModelBackend"
NOW = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
"""20:00 on Friday in London, 01:00 on Saturday in Karachi."""


@pytest.fixture
def london(clinic, site, monkeypatch):
    from filiform.clinic.staff.actions import open_site

    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return open_site(
        organisation=clinic,
        name="London",
        name_ur="لندن",
        address="1 Harley Street",
        phone="+442079460000",
        time_zone="Europe/London",
    )


def book(alice, patient, site, at):
    return actions.book(by=alice, patient=patient, practitioner=alice, site=site, planned_at=at)


def works_at(client, site):
    return client.post(reverse("visits:workplace"), {"site": str(site.pk)})


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def both(as_alice, alice, patient, site, london):
    """A visit on Saturday 28 November at ten in each city."""
    return {
        "karachi": book(alice, patient, site, datetime(2026, 11, 28, 5, 0, tzinfo=UTC)),
        "london": book(alice, patient, london, datetime(2026, 11, 28, 10, 0, tzinfo=UTC)),
    }


def test_the_diary_shows_each_visit_at_the_time_of_its_site(as_alice, both):
    page = text(as_alice, reverse("diary:diary") + "?day=2026-11-28")
    assert page.count("10:00–10:40") == 2
    assert "MidCity Mall" in page
    assert "London" in page
    assert "05:00" not in page
    assert "15:00" not in page


def test_the_day_is_that_of_the_site_where_one_works(as_alice, both, site, london):
    assert "Saturday, 28 November" in text(as_alice, reverse("pathway:today"))
    assert works_at(as_alice, london).status_code == 302
    page = text(as_alice, reverse("pathway:today"))
    assert "Friday, 27 November" in page
    assert "10:00" not in page, "both visits are tomorrow"
    works_at(as_alice, site)
    assert text(as_alice, reverse("pathway:today")).count("10:00") == 2


def test_a_day_of_each_site_is_cut_by_its_own_midnight(alice, patient, clinic, site, london):
    from datetime import date

    from filiform.clinic.staff.clock import zones_of
    from filiform.clinic.visits.queries import visits_of_day
    from filiform.clinic.web.times import SITES

    late = book(alice, patient, london, datetime(2026, 11, 28, 23, 30, tzinfo=UTC))
    early = book(alice, patient, site, datetime(2026, 11, 27, 19, 30, tzinfo=UTC))
    book(alice, patient, site, datetime(2026, 11, 28, 23, 30, tzinfo=UTC))  # 29 November there
    token = SITES.set(zones_of(clinic.pk))
    try:
        found = {one.pk for one in visits_of_day(clinic, date(2026, 11, 28))}
    finally:
        SITES.reset(token)
    assert found == {late.pk, early.pk}


def test_pages_of_a_visit_go_by_its_own_site_wherever_the_reader_works(as_alice, both, site):
    works_at(as_alice, site)
    for name, visit in both.items():
        page = text(as_alice, reverse("visits:visit", args=[visit.pk]))
        assert "Saturday, 28 November 2026, 10:00" in page, name
        assert "10:00" in text(as_alice, reverse("assessment:story", args=[visit.pk])), name


def test_the_patients_page_tells_each_visit_by_its_site(as_alice, both, patient, london):
    for where in (None, london):
        if where is not None:
            works_at(as_alice, where)
        page = text(as_alice, reverse("chart:patient", args=[patient.pk]))
        assert page.count("Sat 28 Nov 2026, 10:00") == 2


def test_a_booking_is_for_the_clock_of_the_site_that_is_chosen(as_alice, alice, patient, london):
    sent = {
        "visit_id": str(uuid4()),
        "practitioner": str(alice.pk),
        "site": str(london.pk),
        "day": "2026-11-30",
        "at": "10:00",
        "minutes": "40",
        "episode": "",
    }
    address = reverse("diary:book", args=[patient.pk])
    assert as_alice.post(address, sent).status_code == 302
    assert Visit.objects.get().planned_at == datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    form = text(as_alice, address)
    assert "MidCity Mall (01:00)" in form, "the form says what time it is at each site"
    assert "London (20:00)" in form


def test_another_clinics_site_cannot_be_chosen(as_alice, charlie, london):
    from filiform.clinic.staff.actions import open_site

    theirs = open_site(
        organisation=charlie.organisation, name="Theirs", address="x", phone="+923330000000"
    )
    assert works_at(as_alice, theirs).status_code == 404
    assert as_alice.post(reverse("visits:workplace"), {"site": "nonsense"}).status_code == 404


def test_a_clinic_with_one_clock_is_not_asked(as_alice, site, visit):
    assert "Times of" not in text(as_alice, reverse("pathway:today"))


def test_the_audit_cuts_a_day_by_the_clock_of_the_reader(client, olga, both, london):
    from filiform.clinic.audit.queries import Filter, selection
    from filiform.clinic.web.times import zone_named

    client.force_login(olga, backend=LOGIN)
    works_at(client, london)
    page = text(client, reverse("audit:entries"))
    assert "27 Nov 2026, 20:00:00" in page
    day = Filter(day=timezone.localdate(NOW, zone_named("Europe/London")))
    rows = selection(olga.organisation, day, zone=zone_named("Europe/London"))
    assert rows.filter(action="visit-booked").count() == 2


def test_the_desk_asks_for_money_by_the_day_of_each_site(client, bob, both, clinic, site, london):
    Visit.objects.filter(organisation=clinic).update(state="to-sign")
    client.force_login(bob, LOGIN)
    works_at(client, site)
    page = text(client, reverse("payments:desk"))
    assert page.count("10:00") == 2
    assert "From the days before" not in page


def test_the_takings_of_a_site_open_on_its_own_day(client, bob, site, london):
    client.force_login(bob, LOGIN)
    works_at(client, london)
    there, here = (f"{reverse('payments:takings')}?site={one.pk}" for one in (site, london))
    assert "Saturday, 28 November" in text(client, there)
    assert "Friday, 27 November" in text(client, here)
