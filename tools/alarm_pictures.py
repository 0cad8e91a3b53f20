"""The film strip of an alarm: a message in Urdu, the answer at once, the bell, who takes it, done.

Walks through the demo clinic in a real Chromium and writes docs/pictures/alarm/*.webp.

    python tools/alarm_pictures.py [--into FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))

from browser import find_chromium
from demo_server import demo_clinic
from pictures import PICTURES, SHARPNESS, TABLET, Tablet

PHONE = {"width": 390, "height": 844}
MESSAGE = "کل سے میرا سانس پھول رہا ہے اور سینے میں درد ہے"


def visitor(chromium: Browser, address: str, size: dict[str, int], folder: Path) -> Tablet:
    context = chromium.new_context(viewport=size, device_scale_factor=SHARPNESS, has_touch=True)
    return Tablet(context.new_page(), address, folder)


def film(chromium: Browser, address: str, folder: Path) -> None:
    staff = visitor(chromium, address, TABLET, folder)
    staff.sign_in("sana")
    staff.page.locator("[data-turn-on]").click()
    sender = visitor(chromium, address, PHONE, folder)
    cookie = {"name": "filiform_language", "value": "ur", "url": address}
    sender.page.context.add_cookies([cookie])
    page = sender.open("/message/")
    page.locator("[name=name]").fill("سائرہ بی بی")
    page.locator("[name=phone]").fill("0300 5550199")
    page.locator("[name=text]").fill(MESSAGE)
    page.locator("[name=agreed]").check()
    sender.picture("1-written", top=page.locator("[name=text]"))
    page.locator("form .button.primary.wide").click()
    expect(page.locator(".danger-answer")).to_be_visible()
    sender.picture("2-answered-at-once")

    bar = staff.page.locator("alarm-bell .ringing")
    expect(bar).to_be_visible(timeout=30_000)
    staff.open("/today/?who=all")
    expect(bar).to_be_visible(timeout=30_000)
    staff.picture("3-rings-on-today")
    staff.open("/inbox/")
    staff.picture("4-red-in-the-inbox", height=620)
    bar.click()
    staff.page.wait_for_url("**/inbox/*-*/")
    staff.picture("5-what-was-heard", height=760)
    staff.tap("I'll take it")
    expect(staff.page.locator("[name=text]").first).to_be_visible()
    staff.page.locator(".alarm-notice [name=text]").fill("Called at once: goes to emergency now")
    staff.picture("6-taken", height=900)
    staff.tap("Record what was done")
    expect(staff.page.locator(".alarm-notice.over")).to_be_visible()
    expect(bar).to_be_hidden()
    staff.picture("7-done", height=900)


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--into", type=Path, default=PICTURES / "alarm")
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
        film(chromium, address, folder)
        chromium.close()


if __name__ == "__main__":
    main()
