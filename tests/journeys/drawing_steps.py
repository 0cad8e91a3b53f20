"""What journeys do with the body chart of a story."""

from __future__ import annotations

import re

from playwright.sync_api import Page
from tests.journeys.conftest import Visitor
from tests.journeys.visit_steps import begin_the_visit


def open_story(visitor: Visitor, patient: str) -> Page:
    page = visitor.open("/today/?who=all")
    link = page.get_by_role("link", name=patient).first.get_attribute("href") or ""
    visit = re.search(r"/visits/[0-9a-f-]{36}", link)
    assert visit, link
    page = visitor.open(f"{visit.group(0)}/story/")
    if page.get_by_role("button", name="Start the visit").count():
        begin_the_visit(page)
    return page


def ready(page: Page) -> None:
    """The chart stands, or has said that it can't."""
    page.wait_for_function(
        "() => { const c = document.querySelector('body-chart'); return c.frame || c.failed; }"
    )
    page.wait_for_function("() => document.querySelector('body-list').map")


def value(page: Page) -> str:
    return str(page.evaluate("document.querySelector('body-chart').value"))


def lines(page: Page) -> set[tuple[str, str, str, str, str]]:
    """What the list says: region, side, extent, quality, intensity."""
    found = page.evaluate(
        "() => [...document.querySelectorAll('.marked-line')].map((row) => [row.dataset.region,"
        " row.dataset.side, ...['extent', 'quality', 'intensity'].map((name) =>"
        " row.querySelector(`[data-field=${name}]`).value)])"
    )
    return {tuple(row) for row in found}
