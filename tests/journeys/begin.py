"""Steps that several journeys take: what the patient says back, and four taps to the needle."""

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


def say_back(page: Page) -> None:
    """The three answers that show that the text was understood; over the lung, the lung."""
    risk = "lung" if page.locator(".consent-text .lung").count() else "sore"
    for question, answer in (("what", "needle"), ("risk", risk), ("call", "breath")):
        page.locator(f"input[name=answer_{question}][value={answer}]").check()
