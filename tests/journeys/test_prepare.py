"""At home on a phone, in Urdu: half told, closed, gone on with on another phone, sent, reviewed."""

from __future__ import annotations

import sqlite3
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from tests.demo_folder import copy_of_demo
from tests.journeys.conftest import PHONE, TABLET, Visitor, served
from tests.journeys.prepare_steps import go_on, unlocked

FATIMA = """
SELECT patient.id, patient.birth_date, visit.id FROM patients_patient AS patient
JOIN visits_visit AS visit ON visit.patient_id = patient.id
WHERE patient.given_name = 'Fatima' AND visit.state = 'booked'
"""
FIRST_VIEW_BYTES = 100_000


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    folder = copy_of_demo(tmp_path_factory, "prepare")
    database = sqlite3.connect(folder / "clinic.sqlite3")
    patient, born, visit = database.execute(FATIMA).fetchone()
    database.close()
    with served(folder) as address:
        yield address, str(UUID(patient)), born, str(UUID(visit))


def test_told_at_home_in_two_goes_and_counted_once_the_practitioner_has_taken_it_over(
    chromium: Browser, clinic
) -> None:
    address, patient, born, visit = clinic
    staff = Visitor(chromium, address, TABLET)
    staff.sign_in("sana")
    page = staff.open(f"/patients/{patient}/own-page/")
    page.get_by_role("button", name="Send the questions before the visit").click()
    link = page.locator(".ready blockquote").inner_text().split()[-1]

    first = Visitor(chromium, address, PHONE)
    mine = unlocked(first, link, born)
    expect(mine.locator("html")).to_have_attribute("lang", "ur")
    expect(mine.locator("main")).to_contain_text("Warfarin 5 mg tablet")  # what was said before
    loaded = mine.evaluate(
        "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
        ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )
    assert loaded < FIRST_VIEW_BYTES
    first.look()
    mine.locator("[name=a][value=yes]").click()
    go_on(mine)
    expect(mine.locator("[name=at]")).to_have_value("allergies")
    mine.locator("#text").fill("nick")
    mine.locator(".suggested button").first.click()
    expect(mine.locator(".listed")).to_be_visible()
    first.context.close()

    second = Visitor(chromium, address, PHONE)
    mine = unlocked(second, link, born)
    expect(mine.locator("[name=at]")).to_have_value("allergies")
    expect(mine.locator(".listed")).to_contain_text("نکل")
    # Every screen up to the last one, test_front_door.py walks; who is in a hurry leaves them out.
    for _ in range(2):
        go_on(mine)
        second.glance()
    mine.goto(f"{mine.url.partition('?')[0]}?at=send")
    go_on(mine)
    mine.wait_for_url("**/sent/")
    expect(mine.locator("h1")).to_contain_text("شکریہ")

    page = staff.open(f"/visits/{visit}/sent-in/")
    staff.look()
    expect(page.locator(".sent-in-group.contradicts, .sent-in-group.new").first).to_be_visible()
    allergy = page.locator(".sent-in-group", has_text="نکل")
    with page.expect_navigation():
        allergy.get_by_role("button", name="Accept").click()
    page = staff.open(f"/patients/{patient}/disclosure/")
    expect(page.locator("#allergies")).to_contain_text("نکل")
