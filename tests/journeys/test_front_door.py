"""From a search engine's result to the signed first visit: found, booked, told at home, needled."""

from __future__ import annotations

import email
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect
from tests.demo_folder import copy_of_demo, demo_settings, run
from tests.journeys import visit_steps as steps
from tests.journeys.booking_steps import answered_with_a_slip, fill_in
from tests.journeys.conftest import PHONE, TABLET, Visitor, free_port, served
from tests.journeys.prepare_steps import go_on, unlocked

BORN = "1979-05-17"
LINK = re.compile(r"https://clinic\.example(/\S+)")


class Clinic(NamedTuple):
    address: str
    folder: Path
    settings: dict[str, str]
    mails: list[EmailMessage]

    def next_mail(self) -> str:
        """What `filiform send` hands over in one round, and the path of the link in it."""
        before = len(self.mails)
        run("send", "--once", **demo_settings(self.folder), **self.settings)
        (mail,) = self.mails[before:]
        assert mail["To"] == "nasreen@example.com"
        found = LINK.search(mail.get_content())
        assert found, mail.get_content()
        return found.group(1)


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))  # type: ignore[arg-type]
        return "250 taken"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """A demo clinic with a mail server of its own, at which nothing else waits to be sent."""
    folder = copy_of_demo(tmp_path_factory, "front-door")
    with closing(sqlite3.connect(folder / "clinic.sqlite3", isolation_level=None)) as database:
        database.execute("UPDATE sending_outgoing SET state = 'stopped' WHERE state = 'waiting'")
    box, port = Mailbox(), free_port()
    settings = {
        "FILIFORM_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "FILIFORM_SMTP_FROM": "desk@clinic.example",
        "FILIFORM_PUBLIC_URL": "https://clinic.example",
        "FILIFORM_QUIET_HOURS": "0-0",
    }
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with served(folder, **settings) as address:
            yield Clinic(address, folder, settings, box.mails)
    finally:
        server.stop()


def test_who_finds_the_clinic_books_is_told_tells_and_is_needled(
    chromium: Browser, clinic: Clinic
) -> None:
    with (
        visitor(chromium, clinic, PHONE) as phone,
        visitor(chromium, clinic, TABLET) as tablet,
    ):
        page = phone.open(found_by_a_search_engine(phone))
        book_a_needling(phone, page)
        page = phone.open(clinic.next_mail())
        expect(page.get_by_role("heading", name="Your visit is booked")).to_be_visible()
        visit = invited_by_the_desk(tablet, page.locator(".facts bdi[dir=ltr]").inner_text())
        tell_at_home(unlocked(phone, clinic.next_mail(), BORN), phone)
        the_day_comes(clinic.folder, visit)
        started_on_today(tablet, visit)
        through_to_signed(tablet, visit)


@contextmanager
def visitor(chromium: Browser, clinic: Clinic, size: dict[str, int]) -> Iterator[Visitor]:
    made = Visitor(chromium, clinic.address, size)
    yield made
    made.context.close()


def found_by_a_search_engine(phone: Visitor) -> str:
    """The path that a result would lead to: read as a machine reads it, from robots.txt on."""
    ask = phone.context.request
    told = ask.get(f"{phone.address}/robots.txt").text()
    (sitemap,) = re.findall(r"(?m)^Sitemap: (\S+)$", told)
    listed = ET.fromstring(ask.get(sitemap).text())  # noqa: S314 - our own
    pages = [one.text or "" for one in listed.findall("{*}url/{*}loc")]
    refused = [one for one in pages if not may_be_read(told, one.removeprefix(phone.address))]
    assert not refused, told
    html = ask.get(pages[0]).text()
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert data
    clinic = next(one for one in json.loads(data[1])["@graph"] if "MedicalClinic" in one["@type"])
    assert clinic["potentialAction"]["target"]["urlTemplate"] in pages
    url: str = clinic["url"]
    assert url in pages
    return url.removeprefix(phone.address)


def may_be_read(robots: str, path: str) -> bool:
    """RFC 9309, 2.2.2: of the rules that match, the longest holds; `$` ends an address."""
    # Not urllib's parser: it takes the first rule that matches and knows no `$`.
    rules = re.findall(r"(?m)^(Allow|Disallow): (\S+)$", robots)
    matching = [
        (len(rule), word)
        for word, rule in rules
        if re.match(re.escape(rule).replace(r"\$", "$"), path)
    ]
    return not matching or max(matching)[1] == "Allow"


def book_a_needling(phone: Visitor, page: Page) -> None:
    page.get_by_role("link", name="Book a visit").first.click()
    page.get_by_role("link", name=re.compile("Dry needling")).click()
    page.get_by_role("link", name="Sana Malik").click()
    page.locator(".next-free a").click()
    phone.glance()
    fill_in(page, "Nasreen Akhtar", "nasreen@example.com", "17/5/1979")
    page.get_by_role("button", name="On to a few questions").click()
    answered_with_a_slip(page)
    page.get_by_role("button", name="Book this time").click()
    again = page.get_by_role("heading", name="Once more, please")
    booked = page.get_by_role("heading", name="Your visit is booked")
    expect(again.or_(booked)).to_be_visible()
    if again.count():  # quicker than people write
        page.wait_for_timeout(3_100)
        page.get_by_role("button", name="Book this time").click()
    expect(booked).to_be_visible()


def invited_by_the_desk(tablet: Visitor, reference: str) -> str:
    """Whose file it is, and one tap that sends the questions; the id of the visit."""
    tablet.sign_in("desk")
    page = tablet.open("/bookings/")
    entry = page.locator("li.card", has_text=reference)
    chart = entry.get_by_role("link", name="Nasreen Akhtar").get_attribute("href")
    entry.get_by_role("button", name="A new patient").click()
    expect(entry).to_have_count(0)
    page = tablet.open(f"{chart}own-page/")
    send = page.locator("form[action*=ask-to-prepare]")
    visit = (send.get_attribute("action") or "").split("/")[2]
    send.get_by_role("button").click()
    expect(page.get_by_text("The questions before the visit are on their way.")).to_be_visible()
    return visit


def tell_at_home(page: Page, phone: Visitor) -> None:
    """A medicine and where it hurts; the rest one tap a screen, and the consent read ahead."""
    kinds = []
    while not page.url.endswith("/sent/"):
        at = page.locator("[name=at]").input_value()
        if at == "medicines":
            page.locator("#text").fill("Aspirin 75")
            page.locator(".suggested button", has_text="Aspirin").first.click()
            expect(page.locator(".listed")).to_contain_text("Aspirin")
        elif at == "where":
            phone.glance()
            steps.paint_the_right_shoulder(page)
            expect(page.locator("[data-lines]")).to_contain_text("Front of the shoulder, right")
        elif at == "complaint":
            page.locator("#text").fill("It aches when I lift a pot.")
        elif at == "activities":
            page.get_by_label("Activity 1").fill("lifting a pot")
        kinds.append(go_on(page))
    assert {"drawing", "words", "rating", "ability", "consent", "send"} <= set(kinds)


def the_day_comes(folder: Path, visit: str) -> None:
    """A free time is never nearer than the clinic's notice; the test does not wait for it."""
    with closing(sqlite3.connect(folder / "clinic.sqlite3", isolation_level=None)) as database:
        moved = database.execute(
            "UPDATE visits_visit SET planned_at = ? WHERE id = ?",
            (f"{datetime.now(UTC):%Y-%m-%d %H:%M:00}", UUID(visit).hex),
        )
        assert moved.rowcount == 1


def started_on_today(tablet: Visitor, visit: str) -> None:
    """What was sent in counts once the practitioner has taken it over."""
    tablet.sign_in("sana")
    page = tablet.page
    page.get_by_role("link", name="Nasreen Akhtar").first.click()
    page.wait_for_url(f"**/visits/{visit}/**")
    page = tablet.open(f"/visits/{visit}/sent-in/")
    tablet.glance()
    take = page.get_by_role("button", name=re.compile("Accept all"))
    take.click()
    expect(take).to_have_count(0)
    steps.start_the_visit(tablet, tablet.open(f"/visits/{visit}/story/"))


def through_to_signed(tablet: Visitor, visit: str) -> None:
    path = f"/visits/{visit}"
    steps.tell_the_story(tablet, tablet.open(f"{path}/story/"))
    steps.choose_targets(tablet, path)
    steps.answer_for_safety(tablet, path)
    steps.save_the_plan(tablet, path)
    steps.consent(tablet, path)
    steps.needle(tablet, path)
    steps.choose_the_programme(tablet, path)
    steps.see_the_checks(tablet, path)
