"""Sheets of every public page: three widths, both languages, light and dark, from the real pages.

    python tools/public_pictures.py [--address URL] [--into FOLDER] [--only NAME]

Starts the demo clinic unless an address is given. One sheet a page (docs/pictures/public/*.webp):
a row for each language and theme, a column for each width. A picture is the whole page, made
smaller and cut where it grows too long.
"""

from __future__ import annotations

import argparse
import io
import sys
from contextlib import nullcontext
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from browser import find_chromium
from demo_server import demo_clinic

PAGES = {
    "home": "/",
    "dry-needling": "/dry-needling/",
    "find-us": "/find-us/",
    "message": "/message/",
    "something-is-wrong": "/something-is-wrong/",
}
WIDTHS = {390: 200, 820: 330, 1280: 460}
"""Width of the window → width of its picture on the sheet, in pixels"""
LONGEST_PX = 1000
GAP_PX = 12
QUALITY = 62
INTO = Path(__file__).parents[1] / "docs/pictures/public"


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--address", help="of a clinic that is served already")
    words.add_argument("--into", type=Path, default=INTO)
    words.add_argument("--only", choices=PAGES)
    args = words.parse_args()
    args.into.mkdir(parents=True, exist_ok=True)
    with (
        nullcontext(args.address) if args.address else demo_clinic() as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, path in PAGES.items():
            if args.only in (None, name):
                sheet = sheet_of(browser, address, path)
                sheet.save(args.into / f"{name}.webp", quality=QUALITY, method=6)
                print(f"{name}: {sheet.width} x {sheet.height} px")
        browser.close()
    return 0


def sheet_of(browser: Browser, address: str, path: str) -> Image.Image:
    """Rows: English and Urdu, each light and dark."""
    rows = [
        [picture(browser, address, path, language, theme, width) for width in WIDTHS]
        for language in ("en", "ur")
        for theme in ("light", "dark")
    ]
    across = sum(WIDTHS.values()) + GAP_PX * (len(WIDTHS) + 1)
    down = sum(max(one.height for one in row) + GAP_PX for row in rows) + GAP_PX
    sheet = Image.new("RGB", (across, down), "#8a8f96")
    top = GAP_PX
    for row in rows:
        left = GAP_PX
        for one in row:
            sheet.paste(one, (left, top))
            left += one.width + GAP_PX
        top += max(one.height for one in row) + GAP_PX
    return sheet


def picture(
    browser: Browser, address: str, path: str, language: str, theme: str, width: int
) -> Image.Image:
    """The page at this width, as large as it stands on the sheet."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    for name, value in (("filiform_language", language), ("filiform_theme", theme)):
        context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    answer = page.goto(address + path)
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{path} answered {answer and answer.status}")
    page.evaluate("document.fonts.ready")
    taken = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    context.close()
    small = WIDTHS[width]
    smaller = taken.resize((small, round(taken.height * small / width)), Image.Resampling.LANCZOS)
    return smaller.crop((0, 0, small, min(smaller.height, LONGEST_PX)))


if __name__ == "__main__":
    sys.exit(main())
