"""Pictures of the couch: the live page with twelve needles at two widths, light, dark and in Urdu;
what the red button says; the board on the wall. Writes docs/pictures/couch/*.webp.

    python tools/couch_pictures.py [--into FOLDER]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from browser import find_chromium
from demo_server import demo_clinic
from pictures import PICTURES, SHARPNESS, Tablet

WIDTHS = {"tablet": {"width": 810, "height": 1080}, "phone": {"width": 390, "height": 844}}
WAYS = (("en", "light"), ("en", "dark"), ("ur", "light"), ("ur", "dark"))
WALL = {"width": 1280, "height": 800}


def ready_visit(folder: Path, wanted: str = "12") -> str:
    """A visit as tools/couch_scene.py makes it, in the folder of a clinic that is being served."""
    scene = Path(__file__).parent / "couch_scene.py"
    own = {"FILIFORM_DEMO": "yes", "FILIFORM_DATA": str(folder)}
    made = subprocess.run(  # noqa: S603
        [sys.executable, str(scene), wanted],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


def speak(tablet: Tablet, language: str, theme: str) -> None:
    tablet.page.context.add_cookies(
        [
            {"name": f"filiform_{name}", "value": value, "url": tablet.address}
            for name, value in (("language", language), ("theme", theme))
        ]
    )


def begin(page: Page) -> None:
    page.get_by_text("Who is this?").click()
    page.get_by_text("Nothing new since the questions").click()
    page.get_by_role("button", name="The rest as usual").click()
    page.get_by_role("button", name="Start needling").click()


def twelve_needles(tablet: Tablet, visit: str) -> None:
    page = tablet.open(f"/visits/{visit}/treat/")
    begin(page)
    expect(page.locator("#treatment")).to_be_visible(timeout=20_000)
    tablet.picture("planned")
    for place in range(1, 13):
        page.locator("button.point.planned").first.click()
        expect(page.locator("[data-needles-in]")).to_have_text(str(place))
    expect(page.locator(".needle.unsent")).to_have_count(0, timeout=20_000)
    for name, size in WIDTHS.items():
        page.set_viewport_size(size)
        for language, theme in WAYS:
            speak(tablet, language, theme)
            tablet.open(f"/visits/{visit}/treat/")
            tablet.picture(f"twelve-{name}-{language}-{theme}")


def what_goes_wrong(tablet: Tablet, visit: str) -> None:
    page = tablet.page
    page.set_viewport_size(WIDTHS["tablet"])
    for language in ("en", "ur"):
        speak(tablet, language, "light")
        tablet.open(f"/visits/{visit}/treat/")
        page.locator("#wrong").click()
        if not page.locator(".guide").count():
            tablet.picture("wrong-which")
            page.locator("button[name=event_kind][value=faint]").click()
        expect(page.locator(".guide")).to_be_visible()
        tablet.picture(f"wrong-faint-{language}")


def packs_to_open(tablet: Tablet, folder: Path) -> None:
    """A plan of three sizes, before its packs are opened."""
    visit = ready_visit(folder, "three-sizes")
    page = tablet.page
    page.set_viewport_size(WIDTHS["tablet"])
    speak(tablet, "en", "light")
    tablet.open(f"/visits/{visit}/treat/")
    begin(page)
    expect(page.locator(".to-open")).to_be_visible(timeout=20_000)
    for name, language, theme in (("tablet", "en", "light"), ("phone", "ur", "dark")):
        page.set_viewport_size(WIDTHS[name])
        speak(tablet, language, theme)
        tablet.open(f"/visits/{visit}/treat/")
        tablet.picture(f"packs-{name}-{language}-{theme}")


def the_board(tablet: Tablet) -> None:
    tablet.page.set_viewport_size(WALL)
    for language in ("en", "ur"):
        speak(tablet, language, "dark")
        tablet.open("/couches/")
        tablet.picture(f"board-{language}")


def take(chromium: Browser, address: str, clinic: Path, folder: Path) -> None:
    context = chromium.new_context(
        viewport=WIDTHS["tablet"], device_scale_factor=SHARPNESS, has_touch=True
    )
    tablet = Tablet(context.new_page(), address, folder)
    visit = ready_visit(clinic)
    tablet.sign_in("sana")
    twelve_needles(tablet, visit)
    what_goes_wrong(tablet, visit)
    the_board(tablet)
    packs_to_open(tablet, clinic)


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--into", type=Path, default=PICTURES / "couch")
    folder = said.parse_args().into
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        demo_clinic(Path(place)) as address,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        take(chromium, address, Path(place), folder)
        chromium.close()


if __name__ == "__main__":
    main()
