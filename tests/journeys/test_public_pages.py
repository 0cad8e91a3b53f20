"""A visitor finds the clinic and understands a word; the owner changes what visitors read."""

from __future__ import annotations

import re

import pytest
from lighthouse.run import CLI, LANGUAGES, PAGES, best_of, shortfalls
from playwright.sync_api import expect
from tests.journeys.conftest import Visitor


def test_a_visitor_reads_and_the_owner_changes_what_is_read(phone: Visitor) -> None:
    page = phone.open("/")
    # Everything to reach the clinic by stands on the first screen of a telephone.
    for name in ("Call", "Directions", "Message", "WhatsApp"):
        button = page.locator(".first").get_by_role("link", name=name, exact=True)
        expect(button).to_be_in_viewport(ratio=1)
    expect(page.locator(".first address")).to_be_in_viewport(ratio=1)
    phone.look()
    page = phone.open("/dry-needling/")
    page.get_by_role("button", name="trigger point").click()
    expect(page.locator(".meaning:popover-open")).to_contain_text("tight band of muscle")
    page.keyboard.press("Escape")
    expect(page.locator(".meaning:popover-open")).to_have_count(0)

    phone.sign_in("owner")
    page = phone.open("/clinic/pages/")
    page.get_by_role("link", name="Does it hurt?").click()
    page.get_by_label("Text, in English").fill("Hardly, and only for a moment.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="This is how it will look")).to_be_visible()
    expect(page.locator(".prose[lang=en]")).to_contain_text("Hardly")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Urdu is older than the English")).to_be_visible()
    page.goto(phone.address + "/clinic/sites/")
    page.get_by_role("link", name="MidCity Mall").first.click()
    page.get_by_role("link", name="Holidays and other hours").click()
    expect(page.get_by_role("link", name=re.compile("Training day"))).to_be_visible()

    phone.context.clear_cookies()
    phone.speak("ur")
    page = phone.open("/")
    faces = page.evaluate(
        "[...document.fonts].filter((one) => one.status === 'loaded').map((one) => one.family)"
    )
    assert not [one for one in faces if "Naskh" in one], "an Urdu page is set in one face"
    phone.look()
    page.context.clear_cookies()
    page = phone.open("/")
    page.get_by_text("Does it hurt?").click()
    expect(page.get_by_text("Hardly, and only for a moment.")).to_be_visible()


NO_LIGHTHOUSE = "Lighthouse is not installed; sh tools/prepare.sh lighthouse takes it from npm"
EVERY_PAGE = [
    pytest.param(
        path, language, id=f"{name}, {language}",
        marks=() if (name, language) == ("home", "en") else pytest.mark.long,
    )
    for name, path in PAGES.items()
    for language in LANGUAGES
]  # fmt: skip


@pytest.mark.skipif(not CLI.exists(), reason=NO_LIGHTHOUSE)
@pytest.mark.parametrize(("path", "language"), EVERY_PAGE)
def test_lighthouse_finds_the_page_fast_accessible_sound_and_findable(
    clinic_address: str, path: str, language: str
) -> None:
    """Each of its four scores is 95 of 100 or more, on a slow telephone as it takes one to be."""
    assert shortfalls(best_of(f"{clinic_address}{path}", language)) == []
