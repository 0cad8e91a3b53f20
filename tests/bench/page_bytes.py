"""What a first visit to a page loads, in bytes on the wire, by kind.

    python -m tests.bench.page_bytes           a demo clinic of its own is served for it

A new browser context for each page: nothing is in its cache. Bytes are those that Chromium counts
(bodies and headers, compressed), until the network has been quiet for half a second.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from browser import find_chromium

PORT = 8397
ADDRESS = f"http://127.0.0.1:{PORT}"
KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js", "Font": "fonts"}
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}


def loaded(context: BrowserContext, path: str) -> tuple[Counter[str], list[str]]:
    """Bytes by kind, and the typefaces that were fetched."""
    page = context.new_page()
    watcher = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    names: dict[str, str] = {}
    bytes_of: Counter[str] = Counter()

    def response(event: dict) -> None:
        kinds[event["requestId"]] = KINDS.get(event["type"], "other")
        names[event["requestId"]] = event["response"]["url"].rsplit("/", 1)[-1]

    def finished(event: dict) -> None:
        bytes_of[kinds.get(event["requestId"], "other")] += int(event["encodedDataLength"])

    watcher.on("Network.responseReceived", response)
    watcher.on("Network.loadingFinished", finished)
    watcher.send("Network.enable")
    page.goto(ADDRESS + path, wait_until="networkidle")
    fonts = [names[key].split(".")[0] for key, kind in kinds.items() if kind == "fonts"]
    return bytes_of, fonts


def signed_in(browser: Browser, language: str) -> BrowserContext:
    """A context that carries a session and a language, and no cache."""
    first = browser.new_context()
    page = first.new_page()
    page.goto(f"{ADDRESS}/sign-in/")
    page.click("button[name=username] >> nth=0")
    page.wait_for_url("**/today/")
    cookies = [*first.cookies(), {"name": "filiform_language", "value": language, "url": ADDRESS}]
    first.close()
    context = browser.new_context(viewport=TABLET)
    context.add_cookies(cookies)
    return context


def pages(browser: Browser) -> dict[str, str]:
    """Addresses of a story and of a patient, found as a person finds them."""
    context = signed_in(browser, "en")
    page = context.new_page()
    page.goto(f"{ADDRESS}/today/")
    for link in page.locator("a[href*='/visits/']").evaluate_all("all => all.map(a => a.href)"):
        page.goto(link)
        story = page.locator("a[href$='/story/']")
        patient = page.locator(".patient-banner a[href^='/patients/'], a[href^='/patients/0']")
        if story.count() and patient.count():
            found = {
                "story": str(story.first.get_attribute("href")),
                "patient": re.sub(r"#.*", "", str(patient.first.get_attribute("href"))),
            }
            context.close()
            return found
    raise SystemExit("no visit of the demo has a story")


def measure(browser: Browser) -> None:
    found = pages(browser)
    print(f"{'page':16}{'html':>8}{'css':>8}{'js':>8}{'fonts':>8}{'other':>8}{'sum':>9}  typefaces")
    for language in ("en", "ur"):
        for name, path in {
            "home": "/",
            "sign-in": "/sign-in/",
            "today": "/today/",
            **found,
        }.items():
            if name in {"home", "sign-in"}:
                context = browser.new_context(viewport=PHONE)
                context.add_cookies(
                    [{"name": "filiform_language", "value": language, "url": ADDRESS}]
                )
            else:
                context = signed_in(browser, language)
            got, fonts = loaded(context, path)
            context.close()
            row = "".join(f"{got[kind] / 1000:8.1f}" for kind in (*KINDS.values(), "other"))
            print(
                f"{name + ' ' + language:16}{row}{sum(got.values()) / 1000:9.1f}  {' '.join(fonts)}"
            )


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="filiform-bytes-") as folder:
        environment = {**os.environ, "FILIFORM_DEMO": "yes", "FILIFORM_DATA": folder}
        command = [sys.executable, "-m", "filiform", "serve", "--port", str(PORT), "--workers", "1"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
                )
                measure(browser)
                browser.close()
        finally:
            server.terminate()
            server.wait(10)
    return 0


if __name__ == "__main__":
    sys.exit(main())
