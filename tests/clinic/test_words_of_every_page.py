"""Every page of a clinic at work, in both languages: what is read on it is in its language, and
runs in the direction in which it is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.clinic.every_page import ENTERED, LATIN_WORD, Page, every_page
from tests.reading import ARABIC_LETTER, ISOLATED, Paragraph, paragraphs, turned_round
from tests.tables import check_each

from filiform import times
from filiform.sources import sources

# Words are the same on any database; walking all pages twice is long.
pytestmark = pytest.mark.sqlite

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
LOOSE = re.compile(r"[\w%\ufffc)] +[,،;](?=\s|$)|\([ \n]|[\w.\ufffc] +\)")
"""A comma or bracket apart from what it belongs to: an empty end of a line stands between them."""
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


# --- words of another language --------------------------------------------------------------------

_SAID = (
    "PIN PDF CSV SOAP STRICTA CPT FHIR CDS Hooks SNOMED CT WHO-UMC CTCAE CUSUM GTIN PSFS NDI QR "
    "WhatsApp HTTPS https Enter SMART Health Link Card C-CDA JPEG PNG WebP IPS JSON Filiform "
    "English DPT MRI ASIS Rathbone Turnbull Wilson Delphi Esc Escape GPS SMS XML SpO2"
)
SAID_IN_LATIN = frozenset(_SAID.split())
"""Names of things, files and standards that are written so in Urdu, too."""
UNITS = frozenset(["mm", "cm", "kg", "kPa", "kg/cm²", "min", "g"])
CODE = re.compile(
    r"[A-Z]{1,2}\d{0,2}(?:-[A-Z]?\d+)?|[A-Z]{3,}\d+\w*|\S*\d\S*|[A-Z]{3,}(?:-[A-Z]+)*"
)
"""A level of the spine, a source's key, a version, a part of a hash."""
CITED = re.compile(
    r"(?:[\w’'&.-]+ )+(?:19|20)\d\d\w?|(?:Sports Health|ICON|Jull) .*|.*(?:guidelines|ed\.).*"
    r"|checked: .*"
)
"""What a study, a guideline or a book is called."""

ON_A_PHONE = frozenset({"Add to home screen", "Add to Home Screen", "Share"})
"""What stands on the keys of a phone that is set to English."""

FOREIGN = {
    "aftercare:aftercare": "the sheet as the patient will read it, in the patient's language",
    "aftercare:check": "the questions as they are read out to the patient",
    "aftercare:sheet": "the patient's sheet",
    "atlas:card": "anatomy as the textbooks have it",
    "atlas:muscle": "anatomy as the textbooks have it",
    "atlas:releases": "what was changed in a row of the data",
    "atlas:source": "the books",
    "assessment:plan": "from which study a depth is",
    "consent:consent": "the text in the language in which it is signed",
    "consent:copy": "the text as it was signed",
    "frontdoor:home": "the studies",
    "frontdoor:explainer": "the studies",
    "frontdoor:rules": "the ready texts in both languages",
    "frontdoor:page-question": "the English text that the owner edits",
    "frontdoor:page-text": "the English text that the owner edits",
    "frontdoor:page-texts": "the English text that the owner edits",
    "diary:service-add": "the English text that the owner writes",
    "diary:service": "the English text that the owner writes",
    "correspondence:letter": "the letter in the language that was chosen",
    "correspondence:letters": "the language of a letter, in itself",
    "frontdoor:inbox": "a message in the language that its writer chose",
    "frontdoor:message": "a message in the language that its writer chose",
    "patient_page:check": "what is said into the phone, in the patient's language",
    "patient_page:documents": "the text as it was signed",
    "frontdoor:wrong": "the studies",
    "programme:programme": "angles of a joint, as the study gives them",
    "programme:handout": "the sheet in the patient's language",
    "expectation:sheet": "the sheet in the patient's language",
    "patient_page:wrong": "an emergency is told in both languages",
    "patient_page:answered": "an emergency is told in both languages",
}
"""Pages on which something says that it is in another language → what and why."""


PLACE = re.compile(r"\{(?:name|clinic|phone)\}|\b\d{4}\.\d+\.\d+\+[\da-f]+\b")
"""What a ready text is filled in with, as the owner types it; and a release of the atlas."""


def left_in_english(paragraph: Paragraph) -> list[str]:
    """The Latin words of a text of an Urdu page that should be Urdu.

    What people entered and what sources are called stands as it is, but is always set apart.
    """
    if paragraph.kind == "code" or paragraph.own in ON_A_PHONE:
        return []
    apart = paragraph.apart or paragraph.kind in {"textarea", "option"}
    quoted = apart and bool(CITED.fullmatch(paragraph.own) or paragraph.own in sources())
    return [
        word
        for word in (
            found.rstrip(".-/'") for found in LATIN_WORD.findall(PLACE.sub("", paragraph.own))
        )
        if word not in SAID_IN_LATIN
        and not CODE.fullmatch(word)
        and not (word in UNITS and (apart or paragraph.kind == "text"))
        and not (apart and (quoted or word in ENTERED))
    ]


URDU_POINTS = re.compile(r"[\u0600-\u06ff\ufffc)]\s*[,;?](?=\s|$)|[,;]\s*[\u0620-\u06d3]")
"""A comma, a semicolon, a question mark of the other script."""


def wrong_in(paragraph: Paragraph, language: str) -> Iterator[str]:
    """What is wrong with one text of a page in a language, each with its kind."""
    if "<bdi" in paragraph.text or "</" in paragraph.text:
        yield f"markup read out: {paragraph.text[:60]}"
    if paragraph.kind != "textarea":  # what is typed there is not laid out by us
        for bit in turned_round(paragraph):
            yield f"turned round: {bit}"
    text = paragraph.own
    for pattern in WRONG[language]:
        for bit in found(pattern, text):
            yield bit
    if language == "en":
        if ARABIC_LETTER.search(text) and not paragraph.apart and paragraph.kind != "textarea":
            yield f"Urdu, not set apart: {text[:50]}"
        return
    for word in left_in_english(paragraph):
        yield f"English: {word} in: {text[:50]}"
    if ARABIC_LETTER.search(text) and not paragraph.apart:
        for bit in found(URDU_POINTS, text):
            yield f"Latin point: {bit}"


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
    (LOOSE, "18 December 2026 , closed"),
    (LOOSE, "limit 20 mm ( expert opinion )"),
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
    "ur": (ENGLISH_TIME, LATIN_COMMA, DOUBLE_DOTS, LOOSE),
    "en": (WRONG_PLURALS, AMERICAN, DOUBLE_DOTS, LOOSE),
}


TURNED = [
    "<p>مریض Khan 12 دن بعد</p>",  # 12 would stand on Khan's side
    "<p>گہرائی 30–41 ملی میٹر</p>",
    "<p>0.25 × 30 mm سوئی</p>",
    "<p>معالج Sana Malik، Ayesha Khan</p>",
    "<p>فون +92 300</p>",
]
APART = [
    "<p>مریض <bdi>Khan</bdi> 12 دن بعد</p>",
    '<p>گہرائی <span class="number">30–41 mm</span></p>',
    "<p>سوئی \u20680.25 × 30 mm\u2069، C7 سے T3 تک</p>",
    "<p>6 دسمبر 2026 – 7 دسمبر 2026، 10:30</p>",
    '<p lang="en" dir="ltr">Gattie 2017: 13 trials</p>',
]


def test_what_a_browser_turns_round_is_found_and_what_is_set_apart_is_not():
    def check(markup, wrong):
        found_here = [bit for one in paragraphs(markup, "ur") for bit in turned_round(one)]
        assert bool(found_here) == wrong, (markup, found_here)

    check_each([*((one, True) for one in TURNED), *((one, False) for one in APART)], check)


# --- the style sheets' part ----------------------------------------------------------------------

STYLES = Path(__file__).parents[2] / "web" / "filiform"


def test_what_counts_as_set_apart_is_set_apart_by_every_style_sheet():
    for sheet in ("base.css", "parts.css"), ("patient.css",):
        styles = "".join((STYLES / name).read_text() for name in sheet)
        rules = re.findall(r"([^{}]+)\{[^{}]*unicode-bidi: plaintext", styles)
        apart = {name for rule in rules for name in re.findall(r"\.([\w-]+)", rule)}
        assert "number" in apart, sheet
        assert sheet[0] == "patient.css" or apart >= ISOLATED, sheet


# --- the walk -------------------------------------------------------------------------------------


def defects(walked: Iterable[Page], language: str) -> Iterator[tuple[str, str]]:
    """(what, where) of everything wrong on the pages."""
    for name, address, markup in walked:
        # A sheet for a patient stands in the patient's language, whoever opens it.
        said = re.search(r"<html\b[^>]*\blang=\"(\w+)", markup)
        spoken = said[1] if said else language
        where = f"{spoken} {name} {address}"
        # A browser shows a title's elements as they are written.
        if re.search(r"<title>[^<]*(?:<(?!/title>)|&lt;)", markup):
            yield "markup in the title", where
        for paragraph in paragraphs(markup, spoken):
            for what in wrong_in(paragraph, spoken):
                yield what, where
        if spoken == "ur" and name not in FOREIGN:
            for bit in set(re.findall(r'\blang="en"[^>]*>(?!English\b)', markup)):
                yield f"an English part on a page that says none: {bit}", where


def test_every_page_is_in_its_language_and_runs_in_its_direction(
    tmp_path_factory, django_db_blocker
):
    wrong: dict[str, str] = {}
    for language, walked in every_page(tmp_path_factory, django_db_blocker).items():
        assert len({page.name for page in walked}) > 75, "the walk is as long as the clinic"
        for what, where in defects(walked, language):
            wrong.setdefault(what, where)
    if wrong:  # not asserted: explaining a dictionary of pages takes minutes
        pytest.fail(told(wrong))


def test_only_what_is_read_in_sentences_has_the_reading_face():
    allowed = re.compile(r"\.prose|\.paper|\.take-home|\.public")
    for sheet in sorted(STYLES.glob("**/*.css")):
        for selector, rule in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet.read_text()):
            if re.search(r"font-family:[^;]*(?:--face-urdu\)|Nastaliq)", rule):
                whole = sheet.name == "patient.css" or "@font-face" in selector
                assert whole or allowed.search(selector), f"{sheet.name}: {selector.strip()}"
