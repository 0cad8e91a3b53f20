"""Pain drawn in a visit: painted, turned, saved, reloaded; by keyboard alone; without script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.journeys.conftest import TABLET, Visitor
from tests.journeys.drawing_steps import lines, open_story, ready, value

from filiform.anatomy.surface import BodyDrawing
from filiform.anatomy.surface.listing import ListedRegion, edited, entries

pytestmark = pytest.mark.long


@pytest.fixture
def story(tablet: Visitor) -> Page:
    """The story of a patient who is in the room and has told nothing yet."""
    tablet.sign_in("sana")
    return open_story(tablet, "Maryam Iqbal")


def in_the_core(text: str) -> set[tuple[str, str, str, str, str]]:
    return {
        (e.region, e.side, e.extent, e.quality, "" if e.intensity is None else str(e.intensity))
        for e in entries(BodyDrawing.from_text(text))
    }


def look(tablet: Visitor, *, again: bool = False) -> None:
    """From the top: what the bar at the thumb covers while one scrolls is no small button."""
    tablet.page.evaluate("scrollTo(0, 0)")
    tablet.look_again() if again else tablet.look()


def save(page: Page) -> None:
    chip = page.get_by_role("group", name=re.compile("^Presenting complaint"))
    chip.get_by_label("Upper back pain", exact=True).first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("History saved.")


def test_pain_that_is_painted_turned_and_saved_comes_back_patch_by_patch(
    tablet: Visitor, story: Page
) -> None:
    page = story
    ready(page)
    canvas = page.locator(".bc-canvas")
    canvas.scroll_into_view_if_needed()
    stroke(page, 0.5, 0.3)
    first = value(page)
    assert BodyDrawing.from_text(first).area_cm2 > 5
    page.get_by_role("button", name="Back", exact=True).click()
    page.wait_for_function("() => !document.querySelector('body-chart').stage.turning")
    stroke(page, 0.5, 0.4)
    painted = value(page)
    assert BodyDrawing.from_text(painted).area_cm2 > BodyDrawing.from_text(first).area_cm2
    assert lines(page) == in_the_core(painted)
    save(page)
    ready(page)
    assert value(page) == painted
    assert lines(page) == in_the_core(painted)
    page.reload()
    ready(page)
    assert value(page) == painted
    look(tablet, again=True)  # axe sees no canvas; the list with a line in it is looked at below


def stroke(page: Page, x: float, y: float) -> None:
    """A short stroke at a place of the picture."""
    box = page.locator(".bc-canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.mouse.down()
    for step in range(1, 5):
        page.mouse.move(
            box["x"] + x * box["width"] + 4 * step, box["y"] + y * box["height"] + 3 * step
        )
    page.mouse.up()


def test_the_list_does_it_all_by_keyboard_and_screen_reader(tablet: Visitor, story: Page) -> None:
    page = story
    ready(page)
    before = BodyDrawing.from_text(value(page))
    page.locator("[data-places] > summary").focus()
    if page.locator("[data-places]").get_attribute("open") is None:
        page.keyboard.press("Enter")
    page.locator("[data-next=quality]").focus()
    page.keyboard.type("Burning")
    page.locator("[data-next=intensity]").focus()
    page.keyboard.type("7")
    page.get_by_label("Search a place").focus()
    page.keyboard.type("temple")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Temple, right", exact=True)).to_be_focused()
    page.keyboard.type("about half")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Temple, left", exact=True)).to_be_focused()
    expect(page.locator("[data-says]")).to_contain_text("Temple, right: marked")
    ours = edited(before, [(None, ListedRegion("temple", "right", "half", "burning", 7))])
    assert value(page) == ours.as_text()
    assert lines(page) == in_the_core(value(page))
    look(tablet)

    strength = page.get_by_label("Temple, right: how strong")
    strength.focus()
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Temple, right: how strong")).to_have_value("3")
    assert ("temple", "right", "half", "burning", "3") in lines(page)
    save(page)
    ready(page)
    assert ("temple", "right", "half", "burning", "3") in lines(page)
    extent = page.get_by_label("Temple, right: how much of it")
    extent.focus()
    page.keyboard.type("none")
    page.keyboard.press("Tab")
    assert all(line[0] != "temple" for line in lines(page))
    assert BodyDrawing.from_text(value(page)) == before
    look(tablet, again=True)


@pytest.fixture
def plain(chromium: Browser, clinic_address: str) -> Iterator[Visitor]:
    """A browser that runs no script."""
    visitor = Visitor(chromium, clinic_address, TABLET)
    visitor.context.close()
    visitor.context = chromium.new_context(viewport=TABLET, java_script_enabled=False)
    visitor.page = visitor.context.new_page()
    visitor.page.set_default_timeout(15_000)
    yield visitor
    visitor.context.close()


def test_without_script_a_region_is_tapped_on_the_picture_and_chosen_in_the_list(
    plain: Visitor,
) -> None:
    plain.sign_in("sana")
    page = open_story(plain, "Zainab Noor")
    page.locator("svg.flat-front a[data-region=knee-front][data-side=left]").click(force=True)
    assert page.url.endswith("#drawing-place-knee-front-left")
    page.locator("#drawing-quality").select_option("dull")
    page.locator("#drawing-intensity").select_option("5")
    page.locator("#drawing-place-knee-front-left").select_option("part")
    group = page.get_by_role("group", name=re.compile("^Presenting complaint"))
    group.get_by_label("Patellofemoral pain", exact=True).first.check(force=True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("History saved.")
    expect(page.locator("[data-lines]")).to_contain_text("Front of the knee, left")
    assert page.locator("svg.flat-front .coat").count() > 0


def test_a_slider_moves_the_body_through_the_visits(tablet: Visitor) -> None:
    tablet.sign_in("sana")
    open_story(tablet, "Usman Sheikh")
    page = tablet.page
    page.locator(".banner a.who").first.click()
    page.wait_for_load_state()
    slider = page.get_by_role("slider", name="Visit")
    shown_day = page.locator("[data-moment]:not([hidden]) h3")
    last = shown_day.text_content() or ""
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(shown_day).not_to_have_text(last)  # the other visits are fetched by now
    shown = page.locator("body-chart").get_attribute("data-show") or ""
    assert "dull" in shown
    look(tablet)
