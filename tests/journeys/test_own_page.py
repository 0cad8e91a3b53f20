"""Breathless after the chest wall, in Urdu, on a phone: the practitioner's page rings."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.demo_folder import copy_of_demo
from tests.journeys.conftest import PHONE, TABLET, Visitor, served

AMNA = """
SELECT patient.id, patient.birth_date, aftercare.id FROM aftercare_check AS aftercare
JOIN patients_patient AS patient ON patient.id = aftercare.patient_id
WHERE aftercare.over_lung AND aftercare.hours = 24 AND patient.birth_date_known = 'day' LIMIT 1
"""


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """A demo clinic in which a patient with a needle over the lung is asked after a day, now."""
    folder: Path = copy_of_demo(tmp_path_factory, "own-page")
    database = sqlite3.connect(folder / "clinic.sqlite3", isolation_level=None)
    patient, born, check = database.execute(AMNA).fetchone()
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
    database.execute(
        "UPDATE aftercare_check SET due_at = ?, settled_at = NULL, alarm_since = NULL, urgency = ''"
        " WHERE id = ?",
        [hour_ago, check],
    )
    database.execute(
        "UPDATE aftercare_check SET settled_at = ?, alarm_since = NULL WHERE id <> ?",
        [hour_ago, check],
    )
    database.execute("UPDATE frontdoor_message SET alarm = '' WHERE alarm = 'ringing'")
    database.execute("UPDATE patients_patient SET language = 'ur' WHERE id = ?", [patient])
    database.close()
    with served(folder) as address:
        yield address, patient, born, check


def test_breathless_after_the_chest_wall_rings_on_the_practitioners_page_until_it_is_taken(
    chromium: Browser, clinic
) -> None:
    address, patient, born, check = clinic
    staff, phone = Visitor(chromium, address, TABLET), Visitor(chromium, address, PHONE)
    staff.sign_in("sana")
    page = staff.open(f"/patients/{_dashed(patient)}/own-page/")
    page.get_by_role("button", name="Create a link").click()
    link = page.locator(".ready blockquote").inner_text().split()[-1]
    staff.look()

    mine = phone.open(link.removeprefix(address))
    expect(mine.locator("html")).to_have_attribute("lang", "ur")
    phone.look()
    year, month, day = born.split("-")
    for name, value in (("day", day), ("month", month), ("year", year)):
        mine.locator(f"[name={name}]").fill(str(int(value)))
    mine.locator(".unlock button").click()
    phone.look()
    mine.locator("a.big[href*=check]").click()
    phone.look()
    mine.locator("label:has([value='breathless=yes'])").click()
    mine.locator(".after-tiles").click()
    expect(mine.locator(".go")).to_contain_text("ابھی ایمرجنسی جائیں")
    expect(mine.locator(".go")).to_contain_text("Go to emergency now")
    expect(mine.locator(".go a[href='tel:1122']")).to_be_visible()
    phone.look()

    desk = staff.open("/atlas/")
    bar = staff.page.locator("alarm-bell .ringing")
    expect(bar).to_be_visible(timeout=20_000)
    bar.click()
    expect(desk).to_have_url(f"{address}/checks/{_dashed(check)}/")
    staff.look()
    take = desk.get_by_role("button", name="I'll take it")
    take.click()
    expect(take).to_have_count(0)
    expect(bar).to_be_hidden()
    expect(desk.locator(".card.alarm")).to_be_visible()
    desk.locator(".card.alarm [name=action]").fill("Called: on the way to emergency with her son")
    desk.get_by_role("button", name="Acknowledge").click()
    expect(desk.locator("#worklist")).to_be_visible()

    phone.speak("en", "dark")
    home = mine.url.split("check/")[0].removeprefix(address)
    for path in ("", "pain/", "progress/", "opened/", "wrong/", "documents/", "messages/"):
        phone.open(home + path)
        phone.look()
    for visitor in (staff, phone):
        visitor.context.close()


def _dashed(key: str) -> str:
    return "-".join((key[:8], key[8:12], key[12:16], key[16:20], key[20:]))
