"""On a phone: a visit is booked with its questions, moved, cancelled; who waits gets its time."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from contextlib import closing
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect
from tests.demo_folder import copy_of_demo
from tests.journeys.booking_steps import fill_in, no_risk, not_too_quick
from tests.journeys.conftest import PHONE, TABLET, Visitor, served


def the_day() -> date:
    day = date.today() + timedelta(days=2)  # noqa: DTZ011  # the demo's week begins here and now
    return day + timedelta(days=day.weekday() == 6)  # the clinic is closed on Sundays


def two_free_times(database: sqlite3.Connection) -> None:
    """Sana works on one day of the coming week, from 10:00 and from 15:00, and is away after it;
    nobody else works, nobody waits."""
    day = the_day()
    hours = {str(day.weekday()): [["10:00", "11:00"], ["15:00", "16:00"]]}
    (sana,) = database.execute("SELECT id FROM staff_member WHERE username = 'sana'").fetchone()
    away = f"{day + timedelta(days=1)} 00:00:00", f"{day + timedelta(days=60)} 00:00:00"
    for text, values in (
        ("UPDATE visits_visit SET state = 'cancelled' WHERE state = 'booked'", ()),
        ("UPDATE diary_workinghours SET hours = '{}'", ()),
        ("UPDATE diary_workinghours SET hours = ? WHERE member_id = ?", (json.dumps(hours), sana)),
        ("UPDATE diary_leave SET member_id = ?, starts_at = ?, ends_at = ?", (sana, *away)),
        ("UPDATE booking_waitingoffer SET state = 'lapsed'", ()),
        ("UPDATE booking_waitingwish SET state = 'over'", ()),
    ):
        database.execute(text, values)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    folder = copy_of_demo(tmp_path_factory, "booking")
    with closing(sqlite3.connect(folder / "clinic.sqlite3", isolation_level=None)) as database:
        two_free_times(database)
    with served(folder) as address:
        yield address


def test_a_visit_is_booked_moved_and_cancelled_and_its_time_goes_to_who_waits(
    chromium: Browser, clinic: str
) -> None:
    phone = Visitor(chromium, clinic, PHONE)
    page = phone.open("/")
    page.get_by_role("link", name="Book a visit").first.click()
    page.get_by_role("link", name=re.compile("Dry needling")).click()
    phone.glance()
    page.locator(".next-free a").click()
    opened = time.monotonic()
    # Somebody else opens the form of the waiting list meanwhile.
    other = Visitor(chromium, clinic, PHONE)
    waits = other.open("/book/")
    waits.get_by_role("link", name=re.compile("Dry needling")).click()
    waits.get_by_role("link", name="Join the waiting list").click()
    fill_in(waits, "Nadia Khan", "nadia@example.com")
    fill_in(page, "Zara Malik", "zara@example.com")
    page.get_by_role("button", name="On to a few questions").click()
    no_risk(page)
    phone.look()
    not_too_quick(page, opened)
    page.get_by_role("button", name="Book this time").click()
    booked = page.get_by_role("heading", name="Your visit is booked")
    expect(booked).to_be_visible()
    mine = page.url
    first = page.locator(".facts dd").first.inner_text()
    with page.expect_download() as kept:
        page.get_by_role("link", name="Add to my calendar").click()
    assert kept.value.suggested_filename == "visit.ics"

    page.get_by_role("link", name="Move it").click()
    page.get_by_role("button", name=re.compile("15:00")).first.click()
    expect(booked).to_be_visible()
    moved = page.locator(".facts dd").first.inner_text()
    assert (first[-5:], moved[-5:]) == ("10:00", "15:00")

    waits.get_by_label("Noon to five").check(force=True)
    waits.get_by_role("button", name="On to a few questions").click()
    no_risk(waits)
    not_too_quick(waits, opened)
    waits.get_by_role("button", name="Join the waiting list").click()
    there = waits.get_by_role("heading", name="You are on the waiting list")
    expect(there).to_be_visible()

    phone.open(mine.removeprefix(clinic))
    page.get_by_text("Cancel the visit").click()
    page.get_by_role("button", name="Yes, cancel my visit").click()
    expect(page.get_by_role("heading", name="This visit is cancelled")).to_be_visible()
    waits.reload()
    expect(waits.get_by_role("heading", name="A time is free for you")).to_be_visible()
    other.look()
    waits.get_by_role("button", name="Yes, book it for me").click()
    expect(waits.get_by_role("heading", name="Your visit is booked")).to_be_visible()
    desk = Visitor(chromium, clinic, TABLET)
    desk.sign_in("desk")
    shown = desk.open(f"/diary/?day={the_day():%Y-%m-%d}").get_by_role("main")
    expect(shown.get_by_role("link", name=re.compile("15:00.*Nadia Khan"))).to_be_visible()
    for visitor in (phone, other, desk):
        visitor.glance()
        visitor.context.close()
