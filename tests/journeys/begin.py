"""From the page before the first needle to the first needle: four taps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def begin_needling(page: Page) -> None:
    """Who it is, that nothing changed, the rest in one tap, start."""
    page.get_by_text("Who is this?").click()
    page.get_by_text("Nothing new since the questions").click()
    page.get_by_role("button", name="The rest as usual").click()
    page.get_by_role("button", name="Start needling").click()
