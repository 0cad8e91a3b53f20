"""The atlas in a real browser: read, searched, tapped, in both languages and widths."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from tests.journeys.conftest import PHONE, TABLET, Visitor

from filiform.anatomy.surface import places, surface

pytestmark = pytest.mark.long

_HEEL = places()["heel-plantar"].on("right")
HEEL = f"pick:{surface().release}:{_HEEL.face}:{_HEEL.weights[1]:.4f}:{_HEEL.weights[2]:.4f}"
READ = (
    "/atlas/?q=trap",
    "/atlas/muscles/infraspinatus/",
    "/atlas/where/?region=temple&side=left",
    "/atlas/sources/heart/",
    "/atlas/muscles/temporalis/card/",
    "/atlas/releases/",
)


@pytest.fixture(scope="module")
def reader(chromium: Browser, clinic_address: str) -> Iterator[Visitor]:
    visitor = Visitor(chromium, clinic_address, TABLET)
    visitor.page.goto(clinic_address + "/sign-in/")
    visitor.page.locator("button[name=username]").first.click()
    visitor.page.wait_for_url("**/today/")
    yield visitor
    visitor.context.close()


def settled(visitor: Visitor) -> None:
    """The chart stands, or its pictures do."""
    visitor.page.evaluate(
        "async () => { const c = document.querySelector('body-chart'); if (c) await c.ready; }"
    )


@pytest.mark.parametrize(
    ("language", "size"), [pytest.param("en", TABLET, marks=pytest.mark.long), ("ur", PHONE)]
)
def test_every_kind_of_page_can_be_read_by_everybody(
    reader: Visitor, language: str, size: dict[str, int]
) -> None:
    reader.page.set_viewport_size(size)
    reader.speak(language)
    for path in READ:
        reader.open(path)
        settled(reader)
        reader.look()


def test_a_tap_on_the_body_answers_beside_it_and_can_be_linked_to(reader: Visitor) -> None:
    reader.page.set_viewport_size(TABLET)
    reader.speak("en")
    reader.open("/atlas/where/")
    settled(reader)
    expect(reader.page.locator("#refers h2")).to_have_text("What refers here?")
    answered = reader.page.evaluate(
        """(at) => { const chart = document.querySelector('body-chart');
        if (!chart.body) return false;
        chart.value = at;
        chart.dispatchEvent(new Event('change', { bubbles: true }));
        return true; }""",
        HEEL,
    )
    if not answered:  # no picture on this machine: the address does the same
        reader.open(f"/atlas/where/?at={HEEL}")
    expect(reader.page.locator("#refers h2")).to_have_text("Heel, right")
    expect(reader.page.locator("#refers .refers")).to_contain_text("Plantar fascia")
    reader.page.wait_for_url("**/atlas/where/?at=pick*")
    told = reader.page.locator("#refers h2").inner_text()
    reader.page.reload()
    assert reader.page.locator("#refers h2").inner_text() == told


def test_without_the_picture_a_region_is_chosen_from_the_list(reader: Visitor) -> None:
    reader.open("/atlas/where/")
    reader.page.locator(".where-list > summary").click()
    reader.page.locator(".where-list details summary", has_text="Foot").click()
    row = reader.page.locator(".where-list li", has_text="Heel")
    row.get_by_role("link", name="Right").click()
    expect(reader.page.locator("#refers h2")).to_have_text("Heel, right")
    expect(reader.page.locator("#refers .refers")).to_contain_text("Soleus")


def test_typing_finds_muscles_while_one_types(reader: Visitor) -> None:
    reader.open("/atlas/")
    reader.page.locator("#atlas-q").press_sequentially("infraspin", delay=20)
    expect(reader.page.locator("#atlas-found a").first).to_have_text("Infraspinatus")
