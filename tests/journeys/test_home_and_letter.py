"""From the targets to the exercise that the patient ticks on the phone, and the letter about it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.demo_folder import copy_of_demo
from tests.journeys.conftest import PHONE, TABLET, Visitor, served

from filiform.clinic.demo.people import DEMO_PIN

UNDER_WAY = """
SELECT visit.id, patient.id, patient.birth_date FROM visits_visit AS visit
JOIN patients_patient AS patient ON patient.id = visit.patient_id
JOIN staff_member AS member ON member.id = visit.practitioner_id
WHERE visit.state = 'in-room' AND patient.birth_date_known = 'day' AND member.username = 'sana'
  AND EXISTS (SELECT 1 FROM assessment_target WHERE visit_id = visit.id)
  AND NOT EXISTS (SELECT 1 FROM programme_programmeitem WHERE visit_id = visit.id)
ORDER BY visit.planned_at LIMIT 1
"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    folder: Path = copy_of_demo(tmp_path_factory, "home-and-letter")
    with sqlite3.connect(folder / "clinic.sqlite3") as database:
        found = database.execute(UNDER_WAY).fetchone()
    with served(folder) as address:
        yield address, *found


def test_a_target_becomes_an_exercise_that_is_ticked_on_the_phone_and_a_signed_letter(
    chromium: Browser, clinic
) -> None:
    address, visit, patient, born = clinic
    staff, phone = Visitor(chromium, address, TABLET), Visitor(chromium, address, PHONE)
    staff.sign_in("sana")
    staff.open(f"/visits/{_dashed(visit)}/targets/")
    page = staff.open(f"/visits/{_dashed(visit)}/programme/")
    page.locator("button:has-text('Everything proposed'), button:has-text('All for')").last.click()
    expect(page.locator(".choice.chosen").first).to_be_visible()

    page = staff.open(f"/patients/{_dashed(patient)}/own-page/")
    page.get_by_role("button", name="Create a link").click()
    link = page.locator(".ready blockquote").inner_text().split()[-1]
    mine = phone.open(link.removeprefix(address))
    phone.speak("en")
    mine.reload()
    year, month, day = born.split("-")
    for name, value in (("day", day), ("month", month), ("year", year)):
        mine.locator(f"[name={name}]").fill(str(int(value)))
    mine.locator(".unlock button").click()
    mine.get_by_role("link", name="My exercises").click()
    first = mine.locator(".exercise").first
    first.get_by_role("button", name="I did it", exact=True).click()
    first = mine.locator(".exercise").first
    expect(first).to_contain_text("Done today")
    first.locator("label:has([name=felt][value='2'])").click()
    with mine.expect_navigation():
        first.get_by_role("button", name="Keep this").click()
    expect(mine.locator(".own-week")).to_contain_text("This week: 1 day")
    phone.look()
    phone.speak("ur", "dark")
    mine.reload()
    phone.glance()

    page = staff.open(f"/patients/{_dashed(patient)}/letters/")
    page.locator("[name=to_name]").fill("Dr Farah Khan")
    page.get_by_role("button", name="Compose").click()
    expect(page.locator(".sentences .composed").first).to_be_visible()
    advice = page.locator("[name=part_advice]")
    advice.fill(advice.input_value() + "\nShe may swim.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".sentences .written")).to_contain_text("She may swim.")
    staff.look()
    page.locator("[name=secret]").fill(DEMO_PIN)
    page.get_by_role("button", name="Sign the letter").click()
    expect(page.locator(".page-head .well-done")).to_contain_text("Signed")
    staff.glance()
    for visitor in (staff, phone):
        visitor.context.close()


def _dashed(key: str) -> str:
    return "-".join((key[:8], key[8:12], key[12:16], key[16:20], key[20:]))
