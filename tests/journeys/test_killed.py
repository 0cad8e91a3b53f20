"""Browser and server are killed, not closed, in the middle of a visit: what was acknowledged to a
finger or by the clinic's computer is on the record once, in the order of the taps."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from browser import find_chromium
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from tests.demo_folder import copy_of_demo, demo_settings
from tests.journeys.begin import begin_needling
from tests.journeys.test_dead_line import WAITING, needle_in, until

from filiform.clinic.demo.people import DEMO_PASSWORD

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]


class Clinic:
    """A server that can be killed with everything it has begun, and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://localhost:{self.port}"
        self.start()

    def start(self) -> None:
        words = ["-m", "filiform", "serve", "--port", str(self.port), "--workers", "1"]
        with (self.folder / "log").open("a") as log:
            self.server = subprocess.Popen(
                [sys.executable, *words],
                env=demo_settings(self.folder),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        end = time.monotonic() + 120
        while time.monotonic() < end:
            # A page, not only an open door: who is slow to answer counts as a dead line.
            line = HTTPConnection("localhost", self.port, timeout=10)
            with suppress(OSError, HTTPException):
                line.request("GET", "/sign-in/")
                if line.getresponse().status == 200:
                    return
            time.sleep(0.2)
        raise AssertionError(f"the server did not start: {(self.folder / 'log').read_text()}")

    def kill(self) -> None:
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def acts(self) -> list[str]:
        """Kinds of the acts on the record, in the order in which the server took them."""
        made = subprocess.run(
            [
                sys.executable,
                "-c",
                "import django; django.setup()\n"
                "from filiform.clinic.treatment.models import Act, Treatment\n"
                "treatment = Treatment.objects.order_by('-recorded_at').first()\n"
                "rows = Act.objects.filter(treatment=treatment).order_by('number')\n"
                "print(*rows.values_list('kind', flat=True))",
            ],
            env=demo_settings(self.folder),
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout.split()


class TabletOnDisk:
    """A Chromium with a disk of its own, which outlives the killing of all its processes."""

    def __init__(self, chromium: Browser, disk: Path) -> None:
        self.chromium, self.disk = chromium, disk
        self.start()

    def start(self) -> None:
        self.context: BrowserContext = self.chromium.browser_type.launch_persistent_context(
            str(self.disk),
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu"],
            viewport={"width": 810, "height": 1080},
        )
        self.page: Page = self.context.pages[0]
        self.page.set_default_timeout(60_000)

    def kill(self) -> None:
        """By the ids of its own processes, found by the disk that they were started with."""
        mine = ["pgrep", "-f", f"user-data-dir={self.disk}"]
        found = subprocess.run(mine, capture_output=True, text=True, check=False)
        for number in found.stdout.split():
            with suppress(ProcessLookupError):  # its parent has taken it along
                os.kill(int(number), signal.SIGKILL)
        with suppress(Error):  # the driver has often seen already that it is gone
            self.context.close()


@pytest.fixture
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    running = Clinic(copy_of_demo(tmp_path_factory, "killed"))
    yield running
    running.kill()


def test_a_browser_and_a_server_that_are_killed_in_mid_visit_lose_and_double_nothing(
    clinic: Clinic, tmp_path: Path, chromium: Browser
) -> None:
    tablet = TabletOnDisk(chromium, tmp_path / "disk")
    visit = taken_along(tablet, clinic)

    # The line is dead before the start, and the browser is killed with a needle in.
    clinic.kill()
    page = tablet.page
    page.goto(f"{visit}/treat/")
    begin_needling(page)
    page.wait_for_url("**/treat/ready/")
    for _needle in range(2):
        needle_in(page)
    page.get_by_role("button", name="Twitch").first.click()
    until(page, WAITING, ["sealed"] * 4)
    tablet.kill()
    tablet.start()
    page = tablet.page
    page.goto(f"{visit}/treat/ready/")
    expect(page.locator("[data-needles-in]")).to_have_text("2")
    page.locator(".needle:not(.leaving)").first.get_by_role(
        "button", name="Out", exact=True
    ).click()
    until(page, WAITING, ["sealed"] * 5)

    # The server comes back, and is killed while it is being sent to.
    clinic.start()
    with page.expect_event("requestfinished", lambda one: "/treat/" in one.url, timeout=60_000):
        page.evaluate("dispatchEvent(new Event('online'))")
    clinic.kill()
    page.wait_for_timeout(500)
    clinic.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    signed_in_again(page)
    expect(page.locator("#unsaved")).to_be_hidden(timeout=60_000)
    until(page, WAITING, [])
    assert clinic.acts() == ["insertion", "insertion", "twitch", "removal"]

    # Reloaded without a line once more, the page shows the needle and not the start.
    page.wait_for_timeout(2000)  # the worker keeps the page anew
    tablet.context.set_offline(True)
    page.goto(f"{visit}/treat/")
    expect(page.locator("[data-needles-in]")).to_have_text("1")
    tablet.context.set_offline(False)
    page.goto(f"{visit}/treat/")

    # A tap is acknowledged, and the tablet is without power before the page shows it.
    with page.expect_response(lambda answer: answer.url.endswith("/treat/act/")):
        page.locator(".needle").get_by_role("button", name="Out", exact=True).click()
    tablet.kill()
    clinic.kill()
    clinic.start()
    tablet.start()
    page = tablet.page
    page.goto(f"{visit}/treat/")
    if "/sign-in/" in page.url:
        sign_in(page)
    expect(page.locator("[data-needles-in]")).to_have_text("0", timeout=60_000)
    assert clinic.acts() == ["insertion", "insertion", "twitch", "removal", "removal"]
    tablet.kill()


def signed_in_again(page: Page) -> None:
    """A browser writes cookies to its disk now and then: a killed one may come back without."""
    dialog = page.get_by_role("dialog", name="Signed out")
    for _turn in range(120):
        if dialog.is_visible():
            dialog.get_by_label("Password").fill(DEMO_PASSWORD)
            dialog.get_by_role("button", name="Sign in", exact=True).click()
            expect(dialog).to_be_hidden(timeout=60_000)
        if not page.locator("#unsaved").is_visible():
            return
        page.wait_for_timeout(500)


def taken_along(tablet: TabletOnDisk, clinic: Clinic) -> str:
    """The address of a visit that lies on the tablet whole."""
    page = tablet.page
    page.goto(f"{clinic.address}/sign-in/")
    sign_in(page)
    page.wait_for_url("**/today/")
    page.get_by_role("link", name="Make available offline").click()
    expect(page.locator("#on-tablet[data-done]")).to_be_visible(timeout=60_000)
    row = page.locator("[data-visit]", has_text="Ayesha Khan")
    expect(row).to_contain_text("on this tablet")
    link = row.locator("[data-page]").first.get_attribute("href") or ""
    return clinic.address + link[: link.index("/visits/") + len("/visits/") + 36]


def sign_in(page: Page) -> None:
    page.get_by_label("User name").fill("sana")
    page.get_by_label("Password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
