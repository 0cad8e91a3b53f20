"""How a patient opens their own page and answers the questions before a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.journeys.conftest import Visitor

TAPS = {
    "section": "[name=do][value=go], [name=do][value=none]",
    "question": "[name=a][value=no]",
    "one": "[name=a][value=weeks], [name=a][value=gradual]",
    "rating": "[name=a][value='4']",
    "ability": "[name=a][value='5']",
    "consent": "[name=a][value=read]",
    "send": ".button.primary",
}
"""Kind of screen → the harmless answer; every other has one large button."""


def unlocked(phone: Visitor, link: str, born: str) -> Page:
    page = phone.open(link.removeprefix(phone.address))
    for name, value in zip(("year", "month", "day"), born.split("-"), strict=True):
        page.locator(f"[name={name}]").fill(str(int(value)))
    page.locator(".unlock button").click()
    page.locator("a.big[href*=prepare]").click()
    page.wait_for_url("**/prepare/**")
    return page


def go_on(page: Page) -> str:
    """Answer one screen; its kind."""
    kind = page.locator("form.prepare").get_attribute("class").split()[-1]
    at = page.locator("[name=at]").input_value()
    page.locator(f"form.prepare :is({TAPS.get(kind, '.button.primary')})").first.click()
    # The next screen asks something else, or there is none any more.
    page.wait_for_function("at => document.querySelector('[name=at]')?.value !== at", arg=at)
    return kind
