"""A needle is missing: what the practitioner sees, what two confirm, what the record keeps."""

from __future__ import annotations

import re
from itertools import cycle

from playwright.sync_api import Page, expect
from tests.journeys.begin import begin_needling
from tests.journeys.conftest import EVERY_LOOK, Visitor

SIZES = (
    ((390, "ur", "dark"), (820, "en", "light")),
    ((820, "ur", "light"), (390, "en", "dark")),
)
TURNS = cycle(SIZES)


def look_everywhere(tablet: Visitor, path: str) -> None:
    """Phone and tablet, English and Urdu, light and dark, with everything unfolded: one of
    them at each page, another at the next; in `make long` two."""
    for width, language, theme in next(TURNS)[: 2 if EVERY_LOOK else 1]:
        tablet.page.set_viewport_size({"width": width, "height": 1180})
        tablet.speak(language, theme)
        tablet.open(path)
        tablet.page.evaluate(
            "document.querySelectorAll('main details:not(.undo)').forEach(d => d.open = true)"
        )
        tablet.look()
    tablet.page.set_viewport_size({"width": 820, "height": 1180})
    tablet.speak("en")
    tablet.open(path)


def count(page: Page, opened: int, in_bin: int) -> None:
    page.locator("input[name=opened]").first.fill(str(opened))
    page.locator("input[name=in_bin]").first.fill(str(in_bin))
    page.get_by_role("button", name="Counted").first.click()
    page.wait_for_load_state()


def needle_in_and_out(tablet: Visitor) -> str:
    """A needle that was tapped in by mistake and undone, and one that went in and out."""
    page = tablet.open("/today/?who=all")
    link = page.get_by_role("link", name="Ayesha Khan").first.get_attribute("href") or ""
    found = re.search(r"/visits/[0-9a-f-]{36}", link)
    assert found, link
    path = f"{found.group(0)}/treat/"
    page = tablet.open(path)
    begin_needling(page)
    page.get_by_role("button", name="Needle is in").first.click()
    expect(page.locator("[data-needles-in]")).to_have_text("1")
    page.locator(".bar-acts .undo > summary", has_text="Undo: Needle in, ").click()
    for width in (390, 820):  # the reasons stay on the screen of a phone, too
        page.set_viewport_size({"width": width, "height": 844})
        tablet.look_again()
    page.get_by_role("button", name="Tapped by mistake: no needle was used").first.click()
    expect(page.locator("[data-needles-in]")).to_have_text("0")
    expect(page.get_by_text("Tapped by mistake: no needle was used").first).to_be_visible()
    page.get_by_role("button", name="Needle is in").first.click()
    expect(page.locator("[data-needles-in]")).to_have_text("1")
    page.wait_for_timeout(450)  # for so long a trembling finger's second tap counts for nothing
    page.get_by_role("button", name="Out", exact=True).click()
    expect(page.get_by_role("heading", name="Count the needles")).to_be_visible()
    return path


def test_a_missing_needle_is_searched_found_and_answered_for_by_two(tablet: Visitor) -> None:
    tablet.sign_in("sana")
    path = needle_in_and_out(tablet)
    page = tablet.page
    page.wait_for_load_state("networkidle")
    count(page, 2, 1)
    expect(page.get_by_text("Stop: the needles don't add up")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Sign as"))).to_have_count(0)
    look_everywhere(tablet, path)
    count(page, 1, 1)
    expect(page.get_by_text("It adds up now.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Sign as"))).to_have_count(0)
    expect(page.locator(".bar-acts .undo, .bar-acts [data-act=void]")).to_have_count(0)
    look_everywhere(tablet, path)
    confirm(page)
    expect(page.get_by_text("two people have accounted for it")).to_be_visible()
    look_everywhere(tablet, path)
    page.get_by_role("button", name=re.compile("^Sign as")).click()
    page.wait_for_url("**/record/")
    expect(page.get_by_role("main")).to_contain_text("Does not add up.")
    expect(page.get_by_role("main")).to_contain_text("Nothing was missing")
    look_everywhere(tablet, path.replace("/treat/", "/treat/record/"))


def confirm(page: Page) -> None:
    """Taps only, but for the two PINs. A wrong one is said at its field."""
    page.get_by_label("Packs and guide tubes counted again, aloud, by two").check()
    page.get_by_label("Nothing was missing: it was counted or typed wrongly").check()
    page.get_by_label("Your own PIN or password").fill("2468")
    page.get_by_role("group", name="Second person").get_by_label("Nadia Qureshi").check()
    page.get_by_label("PIN or password of the second person").fill("1111")
    page.get_by_role("button", name="Both confirm").click()
    expect(page.locator(".error-summary")).to_contain_text("neither the PIN nor the password")
    expect(page.get_by_label("Packs and guide tubes counted again, aloud, by two")).to_be_checked()
    page.get_by_label("Your own PIN or password").fill("2468")
    page.get_by_label("PIN or password of the second person").fill("2468")
    page.get_by_role("button", name="Both confirm").click()
    page.wait_for_load_state()
