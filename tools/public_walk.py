"""The way of a visitor through every public page, in one language, for `public_pictures`.

Each function stops with `yield NAME` where a picture is to be taken. Everything is found by what
holds in both languages: addresses and names of fields.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from playwright.sync_api import Browser, BrowserContext, Page

PHONE = {"width": 390, "height": 844}
BORN = "17/5/1979"
QUICK_MS = 3_100
"""Sooner a form takes the writer for a script, and asks once more."""


@dataclass
class Walk:
    """A visitor's browser, and one of the desk beside it."""

    browser: Browser
    address: str
    folder: Path
    language: str

    def __post_init__(self) -> None:
        self.context = self._context()
        self.page = self._page(self.context)
        self.desk_page: Page | None = None

    def _context(self) -> BrowserContext:
        # Less motion: the whole page is set at once, also what lies below the screen.
        context = self.browser.new_context(
            viewport=PHONE, has_touch=True, locale="en-GB", reduced_motion="reduce"
        )
        self.speak(context, self.language)
        return context

    def speak(self, context: BrowserContext, language: str) -> None:
        context.add_cookies([{"name": "filiform_language", "value": language, "url": self.address}])

    def _page(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    def open(self, path: str, status: int = 200) -> Page:
        answer = self.page.goto(self.address + path.removeprefix(self.address))
        if answer is None or answer.status != status:
            raise RuntimeError(f"{path} answered {answer and answer.status}, not {status}")
        return self.page

    def staff(self, username: str, path: str) -> Page:
        """A page of the clinic, in a browser of its own, in English."""
        if self.desk_page is None:
            context = self.browser.new_context(viewport={"width": 1280, "height": 900})
            self.desk_page = self._page(context)
        page = self.desk_page
        page.context.clear_cookies()
        page.goto(f"{self.address}/sign-in/")
        page.click(f"button[name=username][value={username}]")
        page.wait_for_url("**/today/")
        page.goto(self.address + path)
        return page

    def in_database(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        with closing(
            sqlite3.connect(self.folder / "clinic.sqlite3", isolation_level=None)
        ) as database:
            for text, values in statements:
                database.execute(text, values)

    def close(self) -> None:
        self.context.close()
        if self.desk_page is not None:
            self.desk_page.context.close()


def reading(walk: Walk) -> Iterator[str]:
    page = walk.open("/")
    yield "home"
    for name, path in (
        ("dry-needling", "/dry-needling/"),
        ("find-us", "/find-us/"),
        ("something-is-wrong", "/something-is-wrong/"),
    ):
        walk.open(path)
        yield name
    page.goto(f"{walk.address}/dry-needling/")
    page.locator("button[popovertarget]").first.click()
    yield "glossary"
    walk.open("/no-such-page/", 404)
    yield "not-found"


def second_place(walk: Walk) -> Iterator[str]:
    """Last of all: a place that was there once stays."""
    a_second_place(walk)
    page = walk.open("/")
    page.locator(".places button").first.click()
    page.locator(".places .chosen").wait_for()
    yield "home-second-place"


def a_second_place(walk: Walk) -> None:
    """As the first one, under other names: the demo clinic has one alone."""
    names = {
        "id": uuid4().hex, "name": "Saddar", "name_ur": "صدر", "address": "12 Bank Road, Saddar",
        "address_ur": "12 بینک روڈ، صدر", "area": "Saddar", "area_ur": "صدر", "road": "Bank Road",
        "road_ur": "بینک روڈ", "directions": "Above the pharmacy, first floor.",
        "directions_ur": "میڈیکل اسٹور کے اوپر، پہلی منزل۔", "phone": "+923352855533",
    }  # fmt: skip
    with closing(sqlite3.connect(walk.folder / "clinic.sqlite3", isolation_level=None)) as database:
        database.row_factory = sqlite3.Row
        row = {**dict(database.execute("SELECT * FROM staff_site").fetchone()), **names}
        marks = ", ".join("?" * len(row))
        database.execute(
            f"INSERT INTO staff_site ({', '.join(row)}) VALUES ({marks})",  # noqa: S608
            tuple(row.values()),
        )


def messages(walk: Walk) -> Iterator[str]:
    page = walk.open("/message/")
    yield "message"
    page.locator("form.card button.primary").click()
    page.locator(".error-summary").wait_for()
    yield "message-errors"
    for danger, name in ((False, "message-sent"), (True, "message-danger")):
        walk.open("/message/")
        write(page, danger=danger)
        page.wait_for_timeout(QUICK_MS)
        page.locator("form.card button.primary").click()
        page.wait_for_url("**/sent/**")
        yield name


def write(page: Page, *, danger: bool) -> None:
    page.locator("[name=name]").fill("Nasreen Akhtar")
    page.locator("[name=phone]").fill("0300 7654321")
    page.locator("[name=text]").fill(
        "I can't breathe since the needle." if danger else "Do you have a time next week?"
    )
    page.locator("[name=agreed]").check()


def booking(walk: Walk) -> Iterator[str]:
    page = walk.open("/book/")
    yield "book-1-service"
    needling = page.locator("a.offered").filter(has_text=re.compile("Dry needling|ڈرائی نیڈلنگ"))
    needling.first.click()
    page.locator(".next-free").wait_for()
    yield "book-2-time"
    page.locator(".next-free a").click()
    page.locator("[name=consent]").wait_for()
    yield "book-3-about-you"
    about_you(page, "Zara Malik", f"zara-{walk.language}@example.com")
    page.locator("form.card button.primary").click()
    page.locator(".risk").wait_for()
    yield "book-4-questions"
    no_risk(page)
    page.locator("[name=q-anticoagulant-vka][value=yes]").check(force=True)
    page.locator(".risk button.primary").click()
    page.locator("form[action*=book]").wait_for()
    yield "book-5-not-a-needle-first"
    page.locator("form:not([action]) button.quiet").click()
    no_risk(page)
    page.locator("[name=signs]").first.check(force=True)
    page.locator("[name=signs][value=none]").uncheck(force=True)
    page.locator(".risk button.primary").click()
    page.locator(".danger-answer").wait_for()
    yield "book-6-cannot-wait"
    page.locator("form:not([action]) button.quiet").click()
    no_risk(page)
    page.wait_for_timeout(QUICK_MS)
    page.locator(".risk button.primary").click()
    page.wait_for_url("**/b/**")
    mine = page.url
    yield "book-7-booked"
    yield from changing(walk, mine)


def changing(walk: Walk, mine: str) -> Iterator[str]:
    page = walk.open(f"{mine}move/")
    yield "book-8-move"
    walk.open(mine)
    page.locator("details.cancel summary").click()
    yield "book-9-cancel"
    page.locator("details.cancel button").click()
    page.locator("a.primary[href^='/book/']").first.wait_for()
    yield "book-10-cancelled"
    walk.open("/b/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/", 404)
    yield "link-opens-nothing"


def about_you(page: Page, name: str, email: str) -> None:
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(email)
    page.locator("[name=birth]").fill(BORN)
    page.locator("[name=consent]").check()


def no_risk(page: Page) -> None:
    for sign in page.locator("[name=signs]:checked:not([value=none])").all():
        sign.uncheck(force=True)
    page.locator("[name=signs][value=none]").check(force=True)
    for question in page.locator(".risk input[value=no]").all():
        question.check(force=True)


def the_day() -> date:
    """On which alone there are free times, see below."""
    day = date.today() + timedelta(days=2)  # noqa: DTZ011  # the demo's week begins here and now
    return day + timedelta(days=day.weekday() == 6)  # the clinic is closed on Sundays


def two_free_times(walk: Walk) -> None:
    """Sana works on one day from 10:00 and from 15:00 and is away after it; nobody else does."""
    day = the_day()
    hours = json.dumps({str(day.weekday()): [["10:00", "11:00"], ["15:00", "16:00"]]})
    away = f"{day + timedelta(days=1)} 00:00:00", f"{day + timedelta(days=60)} 00:00:00"
    sana = "(SELECT id FROM staff_member WHERE username = 'sana')"
    walk.in_database(
        ("UPDATE visits_visit SET state = 'cancelled' WHERE state = 'booked'", ()),
        ("UPDATE diary_workinghours SET hours = '{}'", ()),
        (f"UPDATE diary_workinghours SET hours = ? WHERE member_id = {sana}", (hours,)),  # noqa: S608
        (f"UPDATE diary_leave SET member_id = {sana}, starts_at = ?, ends_at = ?", away),  # noqa: S608
        ("UPDATE booking_waitingoffer SET state = 'lapsed'", ()),
        ("UPDATE booking_waitingwish SET state = 'over'", ()),
    )


def waiting(walk: Walk) -> Iterator[str]:
    """A freed time goes to who waits. Last of all: it empties the demo's diary."""
    two_free_times(walk)
    mine = booked_quickly(walk)
    page = walk.open("/book/")
    page.locator("a.offered").filter(has_text=re.compile("Dry needling|ڈرائی نیڈلنگ")).first.click()
    page.locator("a[href$='/wait/']").click()
    page.locator("[name=consent]").wait_for()
    yield "wait-1-form"
    about_you(page, "Nadia Khan", f"nadia-{walk.language}@example.com")
    # In the morning alone: the afternoon's time, which is free, is none for her.
    page.locator("[name=parts][value=morning]").check(force=True)
    page.locator("form.card button.primary").click()
    page.locator(".risk").wait_for()
    no_risk(page)
    page.wait_for_timeout(QUICK_MS)
    page.locator(".risk button.primary").click()
    page.wait_for_url("**/w/**")
    place = page.url
    yield "wait-2-on-the-list"
    walk.open(mine)
    page.locator("details.cancel summary").click()
    yield "wait-3-somebody-cancels"
    page.locator("details.cancel button").click()
    page.locator("a.primary[href^='/book/']").first.wait_for()
    walk.open(place)
    page.locator(".offer").wait_for()
    yield "wait-4-a-time-is-free"
    page.locator("button[name=answer][value=yes]").click()
    page.wait_for_url("**/b/**")
    yield "wait-5-booked"


def booked_quickly(walk: Walk) -> str:
    """The address of a visit at the next free time."""
    page = walk.open("/book/")
    page.locator("a.offered").filter(has_text=re.compile("Dry needling|ڈرائی نیڈلنگ")).first.click()
    page.locator(".next-free a").click()
    about_you(page, "Hina Aslam", f"hina-{walk.language}@example.com")
    page.locator("form.card button.primary").click()
    no_risk(page)
    page.wait_for_timeout(QUICK_MS)
    page.locator(".risk button.primary").click()
    page.wait_for_url("**/b/**")
    return page.url


FATIMA = """
SELECT patient.id, patient.birth_date FROM patients_patient AS patient
JOIN visits_visit AS visit ON visit.patient_id = patient.id
WHERE patient.given_name = 'Fatima' AND visit.state = 'booked'
"""
SCREENS = {
    "changed": "[name=a][value=yes]",
    "section": "[name=do][value=go], [name=do][value=none]",
    "question": "[name=a][value=no]",
    "one": "[name=a][value=weeks], [name=a][value=gradual]",
    "rating": "[name=a][value='4']",
    "ability": "[name=a][value='5']",
    "consent": "[name=a][value=read]",
    "send": ".button.primary",
}
"""Kind of screen → the answer that leads on; every other has one large button."""


def own_page(walk: Walk) -> Iterator[str]:
    """The patient's own pages, and what is asked before a visit: a picture of each kind."""
    with closing(sqlite3.connect(walk.folder / "clinic.sqlite3")) as database:
        patient, born = database.execute(FATIMA).fetchone()
    desk = walk.staff("sana", f"/patients/{UUID(patient)}/own-page/")
    desk.locator("form[method=post]:not([action]) button.primary").first.click()
    link = desk.locator(".ready blockquote").inner_text().split()[-1]
    page = walk.open(link.removeprefix(walk.address))
    yield "mine-1-is-it-you"
    for name, value in zip(("year", "month", "day"), born.split("-"), strict=True):
        page.locator(f"[name={name}]").fill(str(int(value)))
    page.locator(".unlock button").click()
    page.locator("a.big").first.wait_for()
    home = page.url
    yield "mine-2-home"
    names = ("pain", "exercises", "progress", "documents", "opened", "messages", "install", "wrong")
    for number, name in enumerate(names, start=3):
        walk.open(f"{home}{name}/")
        yield f"mine-{number}-{name}"
    walk.open(home)
    page.locator("a.big[href*=prepare]").click()
    page.locator("form.prepare").wait_for()
    yield from prepared(page)


def prepared(page: Page) -> Iterator[str]:
    seen: set[str] = set()
    while not page.url.endswith("/sent/"):
        kind = (page.locator("form.prepare").get_attribute("class") or "").split()[-1]
        at = page.locator("[name=at]").input_value()
        if kind not in seen:
            seen.add(kind)
            yield f"prepare-{len(seen)}-{kind}"
        if kind == "activities":
            page.locator("[name=a]").first.fill("lifting a pot")
        page.locator(f"form.prepare :is({SCREENS.get(kind, '.button.primary')})").first.click()
        page.wait_for_function("at => document.querySelector('[name=at]')?.value !== at", arg=at)
    yield f"prepare-{len(seen) + 1}-sent"


WAYS = (reading, messages, booking, own_page, waiting, second_place)
"""In this order: the last two change the clinic for good."""
