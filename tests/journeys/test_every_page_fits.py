"""Every page in both languages fits a narrow telephone, and a tablet with text twice as large.

The ordinary run looks at the hardest of the four: Urdu at 320 px.

The pages are those of `tests.clinic.every_page`, composed once per run: no server and no sign-in,
the browser gets markup, styles and typefaces alone. Scripts are off, as pages work without them;
what scripts make is looked at in the journeys.
"""

from __future__ import annotations

import mimetypes
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route
from tests.clinic.every_page import every_page

# The pages are the demo's, which is a folder with SQLite's file.
pytestmark = [pytest.mark.sqlite, pytest.mark.long]

CLINIC = "http://clinic.invalid"
NARROW = {"width": 320, "height": 700}
"""WCAG 1.4.10: 1280 px at 400 %"""
TABLET = {"width": 820, "height": 1180}

MEASURED = """twice => {
  const root = document.documentElement;
  root.style.fontSize = twice ? "200%" : "";
  const over = root.scrollWidth - root.clientWidth;
  if (over <= 0) return "";
  const inside = node => {
    for (let at = node.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible") return true;
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter(node => {
    const box = node.getBoundingClientRect();
    return box.width && (box.right > root.clientWidth + 0.5 || box.left < -0.5) && !inside(node);
  });
  const named = node => node.tagName.toLowerCase() + (node.className ? "." + node.className : "");
  const told = node => node.textContent.trim().slice(0, 40);
  const said = wide.slice(-3).map(node => `${named(node)} "${told(node)}"`);
  return `${over} px wider: ${said.join("; ")}`;
}"""

FACES = """() => {
  const mixed = [];
  const faces = new Map();
  const block = node => {
    let at = node.parentElement;
    while (at && getComputedStyle(at).display.startsWith("inline")) at = at.parentElement;
    return at;
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    if (!/[\\u0620-\\u06d3]/.test(words.currentNode.data)) continue;
    const home = block(words.currentNode);
    const family = getComputedStyle(words.currentNode.parentElement).fontFamily;
    const naskh = family.indexOf("Naskh"), nastaliq = family.indexOf("Nastaliq");
    const face = nastaliq >= 0 && (naskh < 0 || nastaliq < naskh) ? "Nastaliq" : "Naskh";
    const two = faces.has(home) && faces.get(home) !== face;
    if (two) mixed.push(home.textContent.trim().slice(0, 60));
    faces.set(home, face);
  }
  return mixed;
}"""


@cache
def _file(path: str) -> tuple[bytes, str] | None:
    found = finders.find(path)
    kind = mimetypes.guess_type(path)[0] or "font/woff2"
    return (Path(str(found)).read_bytes(), kind) if found else None


def shown(page: Page, markup: dict[str, str]) -> None:
    """The browser's requests are answered from memory: a page, or one of our own files."""

    def answer(route: Route) -> None:
        address = route.request.url.removeprefix(CLINIC)
        kept = _file(address.removeprefix("/static/")) if address.startswith("/static/") else None
        if address in markup:
            route.fulfill(body=markup[address], content_type="text/html; charset=utf-8")
        elif kept and kept[1] in {"text/css", "font/woff2"}:
            route.fulfill(body=kept[0], content_type=kept[1])
        else:
            route.abort()

    page.route("**/*", answer)


@pytest.mark.parametrize(
    ("language", "twice"),
    [
        pytest.param("ur", False, id="ur-320-px"),
        pytest.param("ur", True, id="ur-200-percent", marks=pytest.mark.long),
        pytest.param("en", False, id="en-320-px", marks=pytest.mark.long),
        pytest.param("en", True, id="en-200-percent", marks=pytest.mark.long),
    ],
)
def test_no_page_is_wider_than_a_narrow_telephone_or_with_text_twice_as_large(
    chromium: Browser, tmp_path_factory, django_db_blocker, language: str, twice: bool
):
    wrong: list[str] = []
    walked = every_page(tmp_path_factory, django_db_blocker)[language]
    # One visit stands for all: another state has other words, not other columns.
    once = {one.name: one for one in reversed(walked)}
    # Less motion: what lies below the screen is set at once, too (public.css).
    context = chromium.new_context(
        viewport=TABLET if twice else NARROW, java_script_enabled=False, reduced_motion="reduce"
    )
    page = context.new_page()
    shown(page, {one.address: one.markup for one in once.values()})
    for one in once.values():
        page.goto(CLINIC + one.address, wait_until="load")
        if wide := page.evaluate(MEASURED, twice):
            wrong.append(f"{one.name}: {wide}")
        if language == "ur":
            mixed = page.evaluate(FACES)
            wrong += [f"{one.name}: two faces in one paragraph: {text}" for text in mixed]
    context.close()
    if wrong:
        pytest.fail("\n".join([f"{len(wrong)} places:", *wrong[:60]]))
