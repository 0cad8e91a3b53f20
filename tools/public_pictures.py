"""Sheets of every public page: three widths, both languages, light and dark, from the real pages.

    python tools/public_pictures.py [--into FOLDER] [--large] [--only WAY] [--demo FOLDER]

Starts a demo clinic, in each language anew, and walks through it as a visitor does
(`public_walk`). One sheet a page (docs/pictures/public/*.webp): a row for each language and theme,
a column for each width. A picture is the whole page, made smaller and cut where it grows too long;
--large makes them to be read, for looking at one's work. --demo: a loaded demo clinic's folder,
which is copied: loading one takes longer than its pictures.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

import public_walk
from browser import find_chromium
from demo_server import demo_clinic

WIDTHS = {390: 132, 810: 210, 1440: 318}
"""Width of the window → width of its picture on the sheet, in pixels"""
LONGEST_PX = 620
"""Of a picture on the sheet: some four screens of a telephone."""
LARGER = 2
GAP_PX = 8
QUALITY = 58
MOST_BYTES = 4_000_000
"""Of the whole folder"""
LANGUAGES, THEMES = ("en", "ur"), ("light", "dark")
INTO = Path(__file__).parents[1] / "docs/pictures/public"
Row = list[Image.Image]


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--into", type=Path, default=INTO)
    words.add_argument("--large", action="store_true", help="pictures that can be read")
    words.add_argument("--only", choices=[way.__name__ for way in public_walk.WAYS])
    words.add_argument("--demo", type=Path, help="of a demo clinic that is loaded already")
    args = words.parse_args()
    args.into.mkdir(parents=True, exist_ok=True)
    sheets: dict[str, list[Row]] = {}
    for language in LANGUAGES:
        for name, rows in walked(language, args):
            sheets.setdefault(name, []).extend(rows)
            sheet_of(sheets[name]).save(args.into / f"{name}.webp", quality=QUALITY, method=6)
            print(f"  {language} {name}", flush=True)
    size = sum(one.stat().st_size for one in args.into.glob("*.webp"))
    print(f"{len(sheets)} sheets; {size // 1000} kB in all")
    if args.into == INTO and size > MOST_BYTES:
        print(f"The folder may have {MOST_BYTES // 1000} kB: make the pictures smaller.")
        return 1
    return 0


def walked(language: str, args: argparse.Namespace) -> Iterator[tuple[str, list[Row]]]:
    """(name of the page, its rows: light and dark) in this language, as they are come to."""
    larger = LARGER if args.large else 1
    with (
        _folder(args.demo) as folder,
        demo_clinic(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        for way in public_walk.WAYS:
            if args.only in (None, way.__name__):
                # Each with a browser of its own: what one way leaves behind is not in another.
                walk = public_walk.Walk(browser, address, Path(folder), language)
                for name in way(walk):
                    yield name, [pictures(walk.page, theme, larger) for theme in THEMES]
                walk.close()
        browser.close()


@contextmanager
def _folder(ready: Path | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        if ready is not None:
            shutil.copytree(ready, folder, dirs_exist_ok=True)
        yield folder


def pictures(page: Page, theme: str, larger: int) -> Row:
    """The page as it stands, at each width. The phone's width is put back."""
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    row = []
    for width, small in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        # The page's head stays at the top: scrolled down, it would stand in the middle.
        page.evaluate("document.activeElement?.blur(); scrollTo(0, 0); document.fonts.ready")
        whole = (
            page.locator(":popover-open").count() == 0
        )  # what lies over a page lies over a screen
        taken = Image.open(io.BytesIO(page.screenshot(full_page=whole))).convert("RGB")
        size = (small * larger, round(taken.height * small * larger / width))
        smaller = taken.resize(size, Image.Resampling.LANCZOS)
        row.append(smaller.crop((0, 0, size[0], min(size[1], LONGEST_PX * larger))))
    page.set_viewport_size(public_walk.PHONE)
    return row


def sheet_of(rows: list[Row]) -> Image.Image:
    """Languages below one another, each light and dark."""
    across = sum(one.width for one in rows[0]) + GAP_PX * (len(WIDTHS) + 1)
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


if __name__ == "__main__":
    sys.exit(main())
