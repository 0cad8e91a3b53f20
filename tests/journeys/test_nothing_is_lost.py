"""A closed browser and a lock lose nothing that was entered."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect
from tests.journeys.conftest import TABLET, Visitor


def address_of(visitor: Visitor, name: str) -> str:
    page = visitor.open("/today/?who=all")
    link = page.get_by_role("link", name=name).first.get_attribute("href") or ""
    found = re.search(r"/visits/[0-9a-f-]{36}", link)
    assert found, link
    return found.group(0)


def test_a_story_typed_into_a_browser_that_is_closed_comes_back(
    chromium: Browser, clinic_address: str
) -> None:
    first = Visitor(chromium, clinic_address, TABLET)
    first.sign_in("sana")
    visit = address_of(first, "Zainab Noor")
    page = first.open(f"{visit}/story/")
    words = "Started after carrying water up the stairs"
    with page.expect_response(lambda answer: "/drafts/" in answer.url and answer.status == 204):
        page.get_by_label("In the patient's own words").fill(words)
        page.wait_for_timeout(1000)
    first.context.close()

    second = Visitor(chromium, clinic_address, TABLET)
    second.sign_in("sana")
    page = second.open(f"{visit}/story/")
    expect(page.get_by_label("In the patient's own words")).to_have_value(words)
    expect(page.get_by_text("has been restored")).to_be_visible()
    second.look()
    second.context.close()


def test_a_locked_screen_keeps_what_was_typed(tablet: Visitor) -> None:
    tablet.sign_in("sana")
    visit = address_of(tablet, "Maryam Iqbal")  # of Zainab a draft comes back while one types
    page = tablet.open(f"{visit}/story/")
    page.get_by_label("In the patient's own words").fill("Both knees, left more")
    page.evaluate(
        "() => fetch('/lock/', {method: 'POST', headers: {'X-CSRFToken': JSON.parse("
        "document.body.getAttribute('hx-headers'))['X-CSRFToken']}})"
    )
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("PIN").last.fill("2468")
    page.get_by_role("button", name="Unlock").last.click()
    page.wait_for_url(re.compile("/story/"))
    expect(page.get_by_label("In the patient's own words")).to_have_value("Both knees, left more")
