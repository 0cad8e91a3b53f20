"""The desk's diary: look at the week, drag a visit, be refused, move it by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, expect
from tests.journeys.conftest import PHONE, Visitor

DESK = {"width": 1280, "height": 900}


@pytest.fixture
def desk(chromium: Browser, clinic_address: str) -> Iterator[Visitor]:
    visitor = Visitor(chromium, clinic_address, DESK)
    visitor.sign_in("desk")
    yield visitor
    visitor.context.close()


def drag(visitor: Visitor, visit: Locator, target: Locator) -> None:
    """By its upper edge onto the upper edge of another row, as a hand does: in steps."""
    visit.scroll_into_view_if_needed()
    start, end = visit.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    mouse = visitor.page.mouse
    mouse.move(start["x"] + 150, start["y"] + 20)
    mouse.down()
    mouse.move(start["x"] + 150, start["y"] + 40, steps=3)
    mouse.move(end["x"] + 150, end["y"] + 22, steps=5)
    mouse.up()


def rest_and_move(visitor: Visitor, visit: Locator, down_px: int) -> None:
    """A finger that stays on a visit until it lifts, and then moves it."""
    touch = visitor.context.new_cdp_session(visitor.page)

    def put(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    visit.scroll_into_view_if_needed()
    box = visit.bounding_box()
    assert box is not None
    at = {"x": box["x"] + 150, "y": box["y"] + 20}
    put("touchStart", at)
    expect(visitor.page.locator(".visit.held")).to_have_count(1)
    put("touchMove", {**at, "y": at["y"] + down_px})
    put("touchEnd")


def test_a_visit_is_dragged_refused_and_moved_by_keyboard(desk: Visitor) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    # The demo's clinic is closed on Sundays.
    day = tomorrow + timedelta(days=1) if tomorrow.weekday() == 6 else tomorrow
    page = desk.open(f"/diary/?day={day}&view=week")
    desk.look()
    page.get_by_role("link", name="Day", exact=True).click()
    desk.look()
    lane = page.locator(".lane", has=page.get_by_role("heading", name="Sana Malik"))
    visit, gap = lane.locator(".visit").last, lane.locator(".gap").last
    name = visit.locator("bdi").first.inner_text()
    drag(desk, visit, gap)
    expect(page.get_by_text("Moved to")).to_be_visible()
    # Onto another visit: the page says who is there, and nothing has moved.
    mine = lane.locator(".visit", has_text=name).last
    drag(desk, mine, lane.locator(".visit").first)
    expect(page.locator(".error-summary")).to_contain_text("already has")
    page.go_back()
    before = mine.locator(".number").inner_text()
    mine.locator("a").focus()
    for key in ("m", "ArrowDown", "ArrowDown", "Escape"):
        page.keyboard.press(key)
    expect(mine.locator(".number")).to_have_text(before)
    for key in ("m", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    # The page that was gone back to says "Moved to" of the move before.
    expect(mine.locator(".number")).not_to_have_text(before)
    expect(page.get_by_text("Moved to")).to_be_visible()
    stands = mine.locator(".number").inner_text()
    with page.expect_navigation():
        rest_and_move(desk, mine, 16)
    expect(mine.locator(".number")).not_to_have_text(stands)
    desk.speak("ur")
    page.set_viewport_size(PHONE)
    for view in ("", "&view=week", "&by=room"):
        desk.open(f"/diary/?day={day}{view}")
        desk.glance()
