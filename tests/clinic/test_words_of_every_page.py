"""Every page of a clinic at work, in both languages: days, times and counts are in its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from tests.clinic.test_every_address import VIEWS
from tests.tables import check_each

from filiform import times
from filiform.clinic.demo.clinic import load

# Words are the same on any database; walking all pages twice is long.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

IDS = {
    "patient_id": "patients.Patient",
    "visit_id": "visits.Visit",
    "member_id": "staff.Member",
    "site_id": "staff.Site",
    "message_id": "frontdoor.Message",
    "check_id": "aftercare.Check",
}
"""Parameter of an address → whose id it is."""

VISITS_PER_STATE = 1

NAMES = {
    *times.MONTHS["en"],
    *times.WEEKDAYS["en"],
    *(name[:3] for name in (*times.MONTHS["en"], *times.WEEKDAYS["en"])),
} - {"May"}
ENGLISH_TIME = re.compile(
    r"\b(?:{names})\b"  # months and days
    r"|\b\d+[\s\u00a0]*(?:days?|hours?|minutes?|mins?|weeks?|months?|years?|h)\b"
    r"|\b(?:ago|just now)\b"
    r"|\b\d{{1,2}}(?::\d\d)?[\s\u00a0]*[ap]\.?m\b\.?"
    r"|\b\d{{1,2}}/(?:1[3-9]|2\d|3[01])/\d{{4}}\b".format(names="|".join(sorted(NAMES)))
)
# Of a day in slashes only the second number can show that the month stands first.
LATIN_COMMA = re.compile(
    r"(?:{months}|سال)(?: \d{{4}})? ?, |, ?\d+ (?:{months})".format(
        months="|".join((*times.MONTHS["ur"], *times.WEEKDAYS["ur"]))
    )
)
DOUBLE_DOTS = re.compile(r"(?<![.\d])\.\.(?!\.)|۔۔|۔\.|،،|,,")
WRONG_PLURALS = re.compile(
    r"\b1 (?:needles|targets|questions|answers|visits|checks|attempts|times|days|minutes|points"
    r"|muscles|problems|places|twitches|messages|sessions|weeks|hours|are|have|were)\b"
    r"|\b(?:[2-9]|\d\d+) (?:needle|target|question|answer|visit|check|attempt|day|minute"
    r"|muscle|problem|twitch|message|session|week|hour|has|was)\b(?!-)"
)
AMERICAN = re.compile(
    r"\b\d{1,2}/(?:1[3-9]|2\d|3[01])/\d{4}\b"
    r"|\b\d{1,2}(?::\d\d)? [ap]\.m\.|\b(?:Jan|Feb|Nov|Dec|Sept)\. \d"
)


@pytest.fixture
def demo(db):
    load()


class Reading(HTMLParser):
    """What is read on a page in its own language: not its scripts and pictures, nor what people
    entered (in a bdi), nor the parts that say that they are in another language."""

    UNREAD = frozenset({"script", "style", "svg", "option", "textarea", "bdi", "template"})
    INLINE = frozenset({"span", "a", "b", "strong", "em", "time", "label", "needle-clock"})
    EMPTY = frozenset({"br", "input", "meta", "link", "img", "hr", "path", "wbr"})
    SAID = frozenset({"aria-label", "title", "alt", "placeholder", "data-announce"})

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.parts: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        lang = given.get("lang") or self.language
        unread = tag in self.UNREAD or lang.split("-")[0] != self.language
        if tag not in self.EMPTY:
            self._open.append(unread or (bool(self._open) and self._open[-1]))
        if not unread and not (self._open and self._open[-1]):
            self.parts += [f" ¶ {given[name]} ¶ " for name in self.SAID if given.get(name)]
        if tag not in self.INLINE:
            self.parts.append(" ¶ ")

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag not in self.EMPTY:
            self._open.pop()
        if tag not in self.INLINE:
            self.parts.append(" ¶ ")

    def handle_data(self, data: str) -> None:
        if not (self._open and self._open[-1]):
            self.parts.append(data)


def text_of(page: str, language: str) -> str:
    reading = Reading(language)
    reading.feed(page)
    return re.sub(r"\s+", " ", "".join(reading.parts))


def some_of(label: str) -> list[Any]:
    rows = apps.get_model(label)._default_manager.order_by("pk")
    if label == "visits.Visit":
        states = dict.fromkeys(rows.values_list("state", flat=True))
        return [one for state in states for one in rows.filter(state=state)[:VISITS_PER_STATE]]
    if label == "aftercare.Check":
        return [*rows.filter(alarm_since__isnull=False)[:1], *rows[:2], *rows.reverse()[:1]]
    if label == "patients.Patient":
        return list(rows[:3])
    return list(rows[:2])


def addresses() -> Iterator[tuple[str, str]]:
    for name, view in VIEWS.items():
        wanted = tuple(view.pattern.converters)
        if name in {"components", "staff:sign-out", "staff:demo-sign-in", "body:gallery"}:
            continue
        if not wanted:
            yield name, reverse(name)
        elif len(wanted) == 1 and wanted[0] in IDS:
            for row in some_of(IDS[wanted[0]]):
                yield name, reverse(name, kwargs={wanted[0]: row.pk})
        elif wanted == ("muscle_id",):
            yield name, reverse(name, kwargs={"muscle_id": "infraspinatus"})


def pages(language: str) -> Iterator[tuple[str, str]]:
    """Address and text of every page that opens: for a practitioner, the rest for the owner."""
    members = apps.get_model("staff.Member").objects.filter(is_active=True)
    seen: set[str] = set()
    for who in (
        members.filter(is_practitioner=True).first(),
        members.filter(is_owner=True).first(),
    ):
        client = Client(headers={"accept-language": language})
        client.cookies["filiform_language"] = language
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        for name, address in addresses():
            if address in seen:
                continue
            answer = client.get(address)
            assert answer.status_code < 500, address
            if answer.status_code != 200 or answer.streaming:
                continue
            seen.add(address)
            if "text/html" in answer.headers.get("Content-Type", ""):
                yield f"{name} {address}", text_of(answer.content.decode(), language)


def found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [text[max(0, m.start() - 40) : m.end() + 20] for m in pattern.finditer(text)]


SEEN_ONCE = [
    (ENGLISH_TIME, "چیک 2 days پہلے"),
    (ENGLISH_TIME, "وزٹ Nov. 28, 2026"),
    (ENGLISH_TIME, "رضامندی 12:37 p.m."),
    (ENGLISH_TIME, "بُک: 11/30/2026"),
    (ENGLISH_TIME, "Saturday، 5"),
    (LATIN_COMMA, "38 سال, پیدائش 19 اگست"),
    (LATIN_COMMA, "28 نومبر 2026, 17:30"),
    (DOUBLE_DOTS, "at 12:37 p.m.."),
    (AMERICAN, "Booked for 11/30/2026 9:00 a.m."),
    (AMERICAN, "Withdrawn on Nov. 28, 2026"),
    (WRONG_PLURALS, "1 needles"),
    (WRONG_PLURALS, "3 needle in"),
    (WRONG_PLURALS, "1 are in"),
]
FINE = (
    "12 منٹ پہلے، ہفتہ، 28 نومبر 2026، 10:30 … "
    "1 needle in, 3 needles in, a 24-hour check, 10 is the worst."
)


def test_the_words_that_were_wrong_once_would_be_found():
    def check(pattern, text):
        assert found(pattern, text)
        assert not found(pattern, FINE)

    check_each(SEEN_ONCE, check)


def told(wrong: dict[str, str]) -> str:
    """The first of them, each with its page."""
    listed = [f"{name}: …{bit}…" for bit, name in list(wrong.items())[:30]]
    return "\n".join([f"{len(wrong)} places:", *listed])


WRONG = {
    "ur": (ENGLISH_TIME, LATIN_COMMA, DOUBLE_DOTS),
    "en": (WRONG_PLURALS, AMERICAN, DOUBLE_DOTS),
}


def test_no_page_counts_wrongly_or_tells_time_in_words_of_another_language(demo):
    # One test, because loading the clinic takes as long as walking through it.
    wrong: dict[str, str] = {}
    for language, patterns in WRONG.items():
        seen = 0
        for name, text in pages(language):
            seen += 1
            for pattern in patterns:
                for bit in found(pattern, text):
                    wrong.setdefault(bit, f"{language} {name}")
        assert seen > 80, "the walk is as long as the clinic"
    assert not wrong, told(wrong)
