"""The steps of a visit from its story to the checks, as several journeys walk them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from tests.journeys.begin import begin_needling, say_back

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.journeys.conftest import Visitor


def chip(page: Page, group: str, label: str) -> None:
    """Tap a chip of the group with that legend."""
    inside = page.get_by_role("group", name=re.compile(f"^{group}"))
    inside.get_by_label(label, exact=True).first.check()


def start_the_visit(tablet: Visitor, page: Page) -> None:
    begin_the_visit(page)
    tablet.glance()


def begin_the_visit(page: Page) -> None:
    begin = page.get_by_role("button", name="Start the visit")
    begin.click()
    expect(begin).to_have_count(0)


def paint_the_right_shoulder(page: Page) -> None:
    """From the list of places. The body's script closes it once it can be drawn on: who opens the
    list before that finds it shut again."""
    closed = page.locator("details[data-places]:not([open])")
    closed.wait_for()
    closed.locator("summary").click()
    page.get_by_label("Front of the shoulder, right", exact=True).select_option("all")


def tell_the_story(tablet: Visitor, page: Page) -> None:
    chip(page, "Presenting complaint", "Shoulder pain")
    paint_the_right_shoulder(page)
    expect(page.locator("[data-lines]")).to_contain_text("Front of the shoulder, right")
    for group, score in (("Pain now", "6"), ("Worst", "8"), ("On average", "5")):
        chip(page, group, score)
    chip(page, "When it started", "Weeks ago")
    page.get_by_role("button", name="Save, then Safety").click()
    page.wait_for_url("**/safety/")
    expect(page.get_by_role("main")).to_contain_text("questions are still open")


def choose_targets(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/targets/")
    page.get_by_role("searchbox").fill("infraspinatus")
    page.get_by_role("button", name="Right Infraspinatus").first.click()
    card = page.locator("#infraspinatus-right")
    expect(card).to_be_visible()
    tablet.glance()


def answer_for_safety(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/safety/")
    tablet.glance()
    changes = page.get_by_role("button", name=re.compile("All disclosed|Nothing has changed"))
    changes.click()
    expect(changes).to_have_count(0)  # the questions of the part that came in its place
    rest = page.locator(".questions .rest button")
    while left := rest.count():
        rest.first.click()
        expect(rest).to_have_count(left - 1)
    one = page.locator(".questions .yes-no button[value=no]")
    while left := one.count():
        one.first.click()
        expect(one).to_have_count(left - 1)
    expect(page.locator("#safety")).to_contain_text("Aspirin or clopidogrel")
    tablet.glance()
    read = page.get_by_role("button", name="I have read this")
    read.click()
    expect(read).to_have_count(0)


def save_the_plan(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/plan/")
    tablet.glance()
    depth = page.get_by_label(re.compile("^Depth"))
    proposed = depth.input_value()
    depth.fill("60")
    page.get_by_role("button", name="Save, then Consent").click()
    expect(page.get_by_role("alert").filter(has_text="60 mm")).to_be_visible()
    page.get_by_label(re.compile("^Depth")).fill(proposed)
    page.get_by_role("button", name="Save, then Consent").click()
    page.wait_for_url("**/consent/")


def consent(tablet: Visitor, visit: str) -> None:
    page = tablet.page
    tablet.glance()
    say_back(page)
    chip(page, "Who signs", "The patient")
    page.locator("input[name=signed_name]").fill("Nasreen Akhtar")
    pad = page.locator("signature-pad canvas")
    pad.scroll_into_view_if_needed()
    area = pad.bounding_box()
    assert area is not None
    page.mouse.move(area["x"] + 40, area["y"] + 60)
    page.mouse.down()
    for step in range(1, 30):
        page.mouse.move(area["x"] + 40 + 6 * step, area["y"] + 60 + (25 if step % 2 else -25))
    page.mouse.up()
    page.get_by_role("button", name="Record this consent").click()
    expect(page.get_by_role("main")).to_contain_text("Nasreen Akhtar consented")
    tablet.glance()


def needle(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/treat/")
    tablet.glance()
    begin_needling(page)
    planned = page.locator("button.point.planned")
    expect(planned).to_have_count(1)
    planned.click()
    expect(page.locator("[data-needles-in]")).to_have_text("1")
    expect(page.locator("a.point.in")).to_have_count(1)
    tablet.glance()
    # Sooner a tap on the new needle is the trembling of the one that put it in (treatment.js).
    page.wait_for_timeout(800)
    # The needle's own: a moment later there is a button to undo the twitch as well.
    twitch = page.locator("button.twitch")
    twitch.click()
    twitch.click()
    expect(page.locator("[data-twitches]").first).to_have_text("2")
    page.reload()
    expect(page.locator("[data-twitches]").first).to_have_text("2")
    page.get_by_role("button", name="Out", exact=True).click()
    expect(page.locator("[data-needles-in]")).to_have_text("0")
    expect(page.get_by_role("heading", name="Count the needles")).to_be_visible()
    tablet.glance()
    page.locator("input[name=opened]").fill("1")
    page.locator("input[name=in_bin]").fill("1")
    page.get_by_role("button", name="Counted").click()
    chip(page, "Pain now", "3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Ask again", exact=True)).to_be_visible()  # it is saved
    page.get_by_role("button", name=re.compile("^Sign as")).dblclick()
    expect(page.get_by_role("main")).to_contain_text(re.compile("Signed|seal", re.I))
    page = tablet.open(f"{visit}/treat/record/")
    expect(page.get_by_role("main")).to_contain_text("Infraspinatus")
    tablet.glance()


def choose_the_programme(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/programme/")
    page.get_by_role("button", name="All for Infraspinatus").click()
    expect(page.get_by_role("link", name="Patient handout")).to_be_visible()
    tablet.glance()
    page.get_by_role("link", name="Patient handout").click()
    expect(page.get_by_role("main")).to_contain_text("Nasreen Akhtar")
    tablet.glance()
    assert page.pdf(format="A4")[:4] == b"%PDF"


def see_the_checks(tablet: Visitor, visit: str) -> None:
    page = tablet.open(f"{visit}/aftercare/")
    tablet.glance()
    page = tablet.open(f"{visit}/aftercare/sheet/")
    tablet.look()
    page = tablet.open(f"{visit}/progress/")
    expect(page.get_by_role("main")).to_contain_text("Infraspinatus")
    tablet.glance()
    page = tablet.open("/checks/?when=week")
    expect(page.get_by_role("main")).to_contain_text("Nasreen Akhtar")
    tablet.glance()
