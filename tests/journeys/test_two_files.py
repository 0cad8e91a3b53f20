"""One person was registered twice: the files are found, compared, put together and taken apart."""

from __future__ import annotations

import re
from itertools import cycle

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.conftest import EVERY_LOOK, PHONE, TABLET, Visitor

pytestmark = pytest.mark.long

DESKTOP = {"width": 1280, "height": 800}


def register(visitor: Visitor, given: str, phone: str) -> str:
    """The path of the patient's page."""
    page = visitor.open("/patients/new/")
    page.get_by_label("Given name").fill(given)
    page.get_by_label("Family name").fill("Bibi")
    page.get_by_role("radio", name="Female").check()
    page.get_by_label("Date of birth").fill("5.3.1960")
    page.get_by_label("Telephone", exact=True).fill(phone)
    with page.expect_navigation():
        page.get_by_role("button", name="Register").click()
    anyway = page.get_by_role("button", name="Different person: register anyway")
    if anyway.count():
        anyway.click()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))
    return page.url.removeprefix(visitor.address)


def disclose_allergy(visitor: Visitor, patient: str, allergy: str) -> None:
    page = visitor.open(f"{patient}disclosure/")
    section = page.locator("#allergies")
    if allergy:
        section.get_by_label("Add an allergy").fill(allergy)
        section.get_by_role("button", name="Add", exact=True).click()
    else:
        section.get_by_role("button", name="No allergy").click()
    page.wait_for_load_state()


TURNS = cycle(
    (
        ((PHONE, "ur", "dark"), (TABLET, "en", "light")),
        ((DESKTOP, "en", "dark"), (PHONE, "ur", "light")),
    )
)


def in_every_size_and_language(chromium: Browser, visitor: Visitor, paths: list[str]) -> None:
    state = visitor.context.storage_state()
    for size, language, theme in next(TURNS)[: 2 if EVERY_LOOK else 1]:
        other = Visitor(chromium, visitor.address, size)
        other.context.add_cookies(state["cookies"])
        other.speak(language, theme)
        for path in paths:
            other.open(path)
            other.look()
        other.context.close()


@pytest.mark.browser
def test_two_files_are_put_together_and_taken_apart(chromium: Browser, tablet: Visitor) -> None:
    tablet.sign_in("sana")
    closed = register(tablet, "Nasrin", "0300 5550001")
    kept = register(tablet, "Nasreen", "0300 5550001")
    disclose_allergy(tablet, closed, "penicillin")
    disclose_allergy(tablet, kept, "")

    page = tablet.open(kept)
    page.get_by_role("link", name="Another file of this person?").click()
    tablet.look()
    page.get_by_role("link", name="Nasrin Bibi").click()
    compare = page.url.removeprefix(tablet.address)
    expect(page.get_by_text("penicillin")).to_be_visible()
    in_every_size_and_language(chromium, tablet, [f"{kept}other-file/", compare])
    page.get_by_label("How do you know that it is one person?").fill("She told us so.")
    page.get_by_role("button", name=re.compile("^Close MC-")).click()

    expect(page.get_by_role("heading", name="The files disagree: ask again")).to_be_visible()
    in_every_size_and_language(chromium, tablet, [kept, closed, f"{kept}disclosure/"])
    ask_again(page)
    apart(tablet, page, chromium)


def ask_again(page: Page) -> None:
    page.get_by_role("link", name="The files disagree").click()
    page.locator("#allergies").get_by_role("button", name="Asked: nothing else").click()
    expect(page.get_by_text("The files disagree")).to_have_count(0)


def apart(visitor: Visitor, page: Page, chromium: Browser) -> None:
    page.get_by_role("link", name="Back to the patient").click()
    page.get_by_role("link", name="Separate").click()
    in_every_size_and_language(chromium, visitor, [page.url.removeprefix(visitor.address)])
    page.get_by_label("Why").fill("They are sisters.")
    page.get_by_role("button", name="Separate").click()
    expect(page.get_by_text("The two files are separate again.")).to_be_visible()
