"""A closed browser and a lock lose nothing that was entered."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect
from tests.journeys.conftest import TABLET, Visitor
from tests.journeys.drawing_steps import lines, open_story, ready, value


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
    # Asking for a draft that isn't there answers 204 as well: only a PUT has kept something.
    with page.expect_response(lambda answer: answer.request.method == "PUT") as kept:
        page.get_by_label("In the patient's own words").fill(words)
    assert kept.value.status == 204
    first.context.close()

    second = Visitor(chromium, clinic_address, TABLET)
    second.sign_in("sana")
    page = second.open(f"{visit}/story/")
    expect(page.get_by_label("In the patient's own words")).to_have_value(words)
    expect(page.get_by_text("has been restored")).to_be_visible()
    second.look()
    page.get_by_label("In the patient's own words").fill(f"{words}, both hands full")
    second.open("/today/")  # at once, before the quiet time is over
    second.open(f"{visit}/story/")
    said = page.get_by_label("In the patient's own words")
    expect(said).to_have_value(f"{words}, both hands full")
    second.context.close()


def test_an_unsaved_drawing_is_back_after_the_browser_was_closed(tablet: Visitor) -> None:
    tablet.sign_in("sana")
    page = open_story(tablet, "Maryam Iqbal")
    ready(page)
    if page.locator("[data-places]").get_attribute("open") is None:
        page.locator("[data-places] > summary").click()
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_label("Chin", exact=True).select_option("all")
    drawn = value(page)
    address = page.url
    page.close()
    page = tablet.page = tablet.context.new_page()
    page.goto(address)
    ready(page)
    expect(page.locator("[data-draft-note]")).to_be_visible()
    page.wait_for_function(
        "(drawn) => document.querySelector('body-chart').value === drawn", arg=drawn
    )
    assert any(line[0] == "chin" for line in lines(page))
    page.get_by_role("button", name="Discard it").click()
    page.wait_for_load_state()


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
