"""What a visitor fills in on the way to a booked visit, as several journeys do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page


def fill_in(page: Page, name: str, email: str, born: str = "42") -> None:
    """born: a day, a year or an age, as people write it."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Date of birth, or age").fill(born)
    page.locator("[name=consent]").check()


def answered_with_a_slip(page: Page) -> None:
    """A blood thinner: not a needle first, and a consultation instead; answered again, it was a
    slip."""
    no_risk(page)
    page.locator("[name=q-anticoagulant-vka][value=yes]").check(force=True)
    page.get_by_role("button", name="Book this time").click()
    expect(page.get_by_role("heading", name="Not needling first")).to_be_visible()
    expect(page.get_by_role("button", name="Book this instead")).to_be_visible()
    page.get_by_role("button", name="Answer the questions again").click()
    no_risk(page)


def not_too_quick(page: Page, opened: float) -> None:
    """Who sends a form within three seconds of opening it is asked to send it once more."""
    page.wait_for_timeout(max(0.0, 3100 - 1000 * (time.monotonic() - opened)))


def no_risk(page: Page) -> None:
    page.get_by_label("None of these").check()
    for question in page.locator(".risk input[value=no]").all():
        question.check(force=True)
