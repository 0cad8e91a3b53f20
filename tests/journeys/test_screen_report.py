"""The review of a folder in a real browser: readable by everyone, on a phone and on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from tests.journeys.conftest import PHONE, TABLET

from filiform.cli import main

pytestmark = pytest.mark.long

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("records")
    names = ("Haemophilia A", "Zzyzx disease", "x" * 300, "<img src=x onerror=alert(1)>")
    for number in range(12):
        code = {"text": names[number % len(names)]}
        entry = {"resource": {"resourceType": "Condition", "id": "c", "code": code}}
        text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [entry]})
        (top / f"patient-{number}.json").write_text(text)
    return top


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_review_can_be_read_by_everyone_and_nothing_in_it_runs(
    chromium: Browser, folder: Path, language: str
) -> None:
    page_file = folder / f"{language}.html"
    main(["screen", "--folder", str(folder), "--report", str(page_file), "--language", language])
    for viewport, scheme in ((PHONE, "dark"), (TABLET, "light")):
        context = chromium.new_context(viewport=viewport, color_scheme=scheme)
        page = context.new_page()
        ran: list[str] = []
        page.on("dialog", lambda dialog, ran=ran: (ran.append(dialog.message), dialog.dismiss()))
        page.goto(page_file.as_uri())
        # Folded lists are looked at, too.
        page.locator("summary").first.click()
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page, options={"runOnly": RULES})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not ran
        page.locator("details a").first.click()
        assert page.locator("tr:target").is_visible()
        context.close()
