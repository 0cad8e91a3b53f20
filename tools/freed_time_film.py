"""The film strip of a freed time that goes to the waiting list, for docs/pictures/booking.

    python tools/freed_time_film.py [--demo FOLDER] [--into FILE]

Walks `public_walk.waiting` in a demo clinic, as tests/journeys/test_booking.py does, and takes a
picture at each step: of the two telephones, of the desk's ready message and of the diary.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

import public_walk
from browser import find_chromium
from demo_server import demo_clinic

INTO = Path(__file__).parents[1] / "docs/pictures/booking/freed-time.webp"
HIGH_PX, GAP_PX, QUALITY = 620, 10, 70
DESK = {"width": 820, "height": 844}


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--demo", type=Path, help="of a demo clinic that is loaded already: copied")
    words.add_argument("--into", type=Path, default=INTO)
    args = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.demo:
            shutil.copytree(args.demo, folder, dirs_exist_ok=True)
        with demo_clinic(Path(folder)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            frames = film(public_walk.Walk(browser, address, Path(folder), "en"))
            browser.close()
    strip(frames).save(args.into, quality=QUALITY, method=6)
    print(f"{args.into.name}: {len(frames)} frames, {args.into.stat().st_size // 1000} kB")
    return 0


def film(walk: public_walk.Walk) -> list[Image.Image]:
    """On the list, somebody cancels, the message, the offer, accepted, in the diary."""
    frames = []
    for step in public_walk.waiting(walk):
        if step == "wait-1-form":
            continue
        if step == "wait-3-somebody-cancels":
            walk.page.locator("details.cancel button").scroll_into_view_if_needed()
        if step == "wait-4-a-time-is-free":
            frames.append(the_message(walk))
        frames.append(frame(walk.page))
        if step == "wait-5-booked":
            frames.append(the_diary(walk))
    return frames


def the_message(walk: public_walk.Walk) -> Image.Image:
    """As the desk sends it by hand: the demo has no mail server."""
    page = walk.staff("desk", "/messages-out/?state=by-hand")
    page.set_viewport_size(DESK)
    row = page.locator("li", has_text="Nadia Khan").filter(has_text="from the waiting list")
    row.get_by_role("button").click()
    page.locator("blockquote").wait_for()
    return frame(page)


def the_diary(walk: public_walk.Walk) -> Image.Image:
    """The day of the visit, with the name of who waited."""
    page = walk.staff("desk", f"/diary/?day={public_walk.the_day():%Y-%m-%d}")
    page.set_viewport_size(DESK)
    page.get_by_text(re.compile("Nadia Khan")).first.scroll_into_view_if_needed()
    return frame(page)


def frame(page: Page) -> Image.Image:
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return taken.resize(
        (round(taken.width * HIGH_PX / taken.height), HIGH_PX), Image.Resampling.LANCZOS
    )


def strip(frames: list[Image.Image]) -> Image.Image:
    """Two rows, in the order in which it happens."""
    half = (len(frames) + 1) // 2
    rows = [frames[:half], frames[half:]]
    wide = max(sum(one.width + GAP_PX for one in row) for row in rows) + GAP_PX
    made = Image.new("RGB", (wide, (HIGH_PX + GAP_PX) * 2 + GAP_PX), "#8a8f96")
    for number, row in enumerate(rows):
        left = GAP_PX
        for one in row:
            made.paste(one, (left, GAP_PX + number * (HIGH_PX + GAP_PX)))
            left += one.width + GAP_PX
    return made


if __name__ == "__main__":
    sys.exit(main())
