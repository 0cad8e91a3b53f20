"""A clinic that really runs: `filiform serve` in a process of its own, and a real Chromium."""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.demo_folder import copy_of_demo, demo_settings
from tests.warm import Begun, begin

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from browser import find_chromium

EVERY_LOOK = os.environ.get("FILIFORM_EVERY_LOOK", "no") == "yes"
"""`make long` looks at a page in a second language, theme or size where a run looks once."""
SLOWER = int(os.environ.get("FILIFORM_SLOWER", "1"))
"""How many times slower the browser computes: what a journey doesn't wait for shows then."""
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}
# A refused form; and the line that a journey has cut, for which the pages ask again and again.
EXPECTED = re.compile("422|ERR_INTERNET_DISCONNECTED")
# What passed isn't written down: a third of axe's time.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
NO_CHROMIUM = "no Chromium; sh tools/prepare.sh browser takes one from the npm registry"
# Five seconds are Playwright's own patience; a machine that does three other things at once takes
# longer to open a page, and who waits in vain fails a little later.
expect.set_options(timeout=20_000)

WITHOUT_A_CLINIC = {"test_elements.py", "test_geodesics.py"}
"""What the others do while one process makes the demo clinic, for which all would wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; where there is none it is skipped by name.

    These tests come first: they wait more than they compute, and none of them should be what a
    run waits for in the end.
    """
    missing = not find_chromium()
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
    in_browser = [item.path for item in items if "journeys" in item.path.parts]

    def turn(item: pytest.Item) -> int:
        if item.path in in_browser[:1]:
            return 0
        if item.path.name in WITHOUT_A_CLINIC:
            return 1
        return 2 if item.path in in_browser else 3

    items.sort(key=turn)


@pytest.fixture(scope="module")
def clinic_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo clinic that no other module has written into, served on a free port."""
    with served(copy_of_demo(tmp_path_factory, "clinic")) as address:
        yield address


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[str]:
    """The address of a `filiform serve` over a folder; settings: FILIFORM_* by their names."""
    port = free_port()
    log = folder / "log"
    words = ("serve", "--port", str(port), "--workers", "1")
    server = begin(*words, env={**demo_settings(folder), **settings}, log=log)
    try:
        _wait_for(port, server, log)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, server: Begun, log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise AssertionError(f"the server stopped:\n{log.read_text()}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the server did not start within two minutes:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


def _slowed(page: Page) -> None:
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


class Visitor:
    """Somebody with a browser: opens pages, and looks at each with axe."""

    def __init__(self, browser: Browser, address: str, viewport: dict[str, int]) -> None:
        self.address = address
        self.context = browser.new_context(viewport=viewport, has_touch=True)
        if SLOWER > 1:
            self.context.on("page", _slowed)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(f"console: {message.text}")
                if message.type == "error" and not EXPECTED.search(message.text)
                else None
            ),
        )

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        return self.page

    def speak(self, language: str, theme: str = "light") -> None:
        self.context.add_cookies(
            [
                {"name": "filiform_language", "value": language, "url": self.address},
                {"name": "filiform_theme", "value": theme, "url": self.address},
            ]
        )

    def sign_in(self, username: str, *, by_hand: bool = EVERY_LOOK) -> None:
        """One tap in demo mode, and at Today. by_hand: on the page, which need not be shown again
        for everybody who does something else afterwards."""
        # What the page before still asks for would come back without a session, and set the
        # secret of its own sign-in form over this one's.
        self.page.goto("about:blank")
        self.context.clear_cookies()
        if by_hand:
            self.open("/sign-in/")
            self.page.click(f"button[name=username][value={username}]")
            self.page.wait_for_url("**/today/")
            return
        door = self.address + "/sign-in/"
        form = self.context.request.get(door).text()
        (token, *_) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        given = {"username": username, "csrfmiddlewaretoken": token}
        answer = self.context.request.post(
            f"{door}demo/", form=given, headers={"Referer": door}, max_redirects=0
        )
        assert answer.status == 302, answer.text()
        self.open("/today/")

    def look(self) -> None:
        """Axe finds nothing, the page doesn't scroll sideways, and no script broke."""
        if self.page.locator(".articles").count():
            # What lies below the screen is set at once for who asks for less motion (public.css):
            # else axe would have no colours to compare there.
            self.page.emulate_media(reduced_motion="reduce")
        found = Axe().run(self.page, options=AXE)
        where = self.page.url.removeprefix(self.address)
        assert found.violations_count == 0, f"{where}\n{found.generate_report()}"
        self.glance()

    def look_again(self) -> None:
        """At a page much like one that axe has seen: axe looks at it in `make long` alone."""
        if EVERY_LOOK:
            self.look()
        else:
            self.glance()

    def glance(self) -> None:
        """It doesn't scroll sideways and no script broke: for pages that axe sees elsewhere."""
        # A link that was tapped a moment ago may have brought no more than an address yet.
        self.page.wait_for_load_state("domcontentloaded")
        where = self.page.url.removeprefix(self.address)
        wider = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, f"{where} is {wider} px wider than the screen"
        assert self.complaints == [], f"{where}: {self.complaints}"


@pytest.fixture
def tablet(chromium: Browser, clinic_address: str) -> Iterator[Visitor]:
    visitor = Visitor(chromium, clinic_address, TABLET)
    yield visitor
    visitor.context.close()


@pytest.fixture
def phone(chromium: Browser, clinic_address: str) -> Iterator[Visitor]:
    visitor = Visitor(chromium, clinic_address, PHONE)
    yield visitor
    visitor.context.close()
