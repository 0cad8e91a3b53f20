"""What is read on a page, paragraph by paragraph, as a browser lays it out.

Pure: a page's markup in, values out. The rules are those of the Unicode bidirectional algorithm
(UAX 9) and of CSS: a `bdi`, an element with `dir`, a class that a style sheet isolates and a box
inside a line stand in their paragraph like one object; so do the marks FSI ... PDI in plain text.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

OBJECT = "\ufffc"
"""What stands in a paragraph for something that is set apart in it."""
BREAK = "\x1e"

TOKEN = re.compile(
    r"<!--.*?-->|<![^>]*>|<(?P<end>/)?(?P<tag>[a-zA-Z][\w-]*)"
    r"(?P<attrs>(?:[^>\"']+|\"[^\"]*\"|'[^']*')*)>|(?P<text>[^<]+)",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
MARKED = re.compile("[\u2066-\u2068]([^\u2066-\u2069]*)\u2069")

UNREAD = frozenset({"script", "style", "template"})
EMPTY = frozenset(
    [
        "br",
        "input",
        "meta",
        "link",
        "img",
        "hr",
        "wbr",
        "source",
        "area",
        "col",
        "embed",
        "track",
        "base",
        "path",
        "circle",
        "rect",
        "line",
        "use",
    ]
)
INLINE = frozenset(
    [
        "span",
        "a",
        "b",
        "strong",
        "em",
        "i",
        "small",
        "time",
        "label",
        "code",
        "abbr",
        "q",
        "del",
        "ins",
        "mark",
        "sup",
        "sub",
        "tspan",
        "needle-clock",
    ]
)
BOXES = frozenset({"button", "select", "input", "textarea", "svg", "img", "kbd"})
"""They stand in a line as one object, whatever is in them."""
BOX_CLASSES = frozenset({"chip", "tag", "button", "swatch"})
ISOLATED = frozenset({"number", "figure"})
"""Classes whose style is `unicode-bidi: plaintext`; a test compares them with the style sheets."""
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-announce")
"""Attributes that are a text of their own."""


class Paragraph(NamedTuple):
    """A text that is laid out, or spoken, by itself.

    text: with OBJECT for what is set apart in it, which is a paragraph of its own elsewhere.
    own: the same without what says that it is in another language than the page.
    kind: the element or attribute. direction: rtl, ltr or auto. apart: set apart in another.
    """

    text: str
    own: str
    kind: str
    direction: str
    apart: bool


class _Open(NamedTuple):
    tag: str
    foreign: bool
    unread: bool
    buffer: int


class _Buffer(NamedTuple):
    kind: str
    direction: str
    apart: bool
    text: list[str]
    own: list[str]


def paragraphs(page: str, language: str) -> list[Paragraph]:
    """Every text of a page, set apart or not. language: of a part that doesn't say it itself."""
    # A sheet for a patient stands in the patient's language, whoever opens it.
    said = re.search(r"<html\b[^>]*\blang=\"(\w+)", page)
    reader = _Reader(said[1] if said else language)
    for token in TOKEN.finditer(page):
        if text := token["text"]:
            reader.read(text)
        elif token["end"]:
            reader.close(token["tag"].lower())
        elif token["tag"]:
            reader.open(token["tag"].lower(), token["attrs"])
    return reader.found()


class _Reader:
    def __init__(self, language: str) -> None:
        self.language = language
        direction = "rtl" if self.language == "ur" else "ltr"
        self.buffers = [_Buffer("html", direction, apart=False, text=[], own=[])]
        self.open_now = [_Open("html", foreign=False, unread=False, buffer=0)]

    def read(self, text: str) -> None:
        at = self.open_now[-1]
        if not at.unread:
            self._add(at.buffer, html.unescape(text), foreign=at.foreign)

    def _add(self, buffer: int, text: str, *, foreign: bool = False) -> None:
        self.buffers[buffer].text.append(text)
        # A foreign text still parts what stands on its two sides.
        self.buffers[buffer].own.append(OBJECT if foreign else text)

    def open(self, tag: str, markup: str) -> None:
        if tag == "html":
            return
        given = {name: html.unescape(a or b) for name, a, b in ATTRIBUTE.findall(markup)}
        up = self.open_now[-1]
        lang = given.get("lang", "").split("-")[0]
        foreign = up.foreign if not lang else lang != self.language
        unread = up.unread or tag in UNREAD
        buffer = up.buffer if unread else self._buffer_of(tag, given, up)
        if not unread:
            self._spoken(tag, given, foreign=foreign)
        if tag not in EMPTY and not markup.endswith("/"):
            self.open_now.append(_Open(tag, foreign, unread, buffer))

    def _buffer_of(self, tag: str, given: dict[str, str], up: _Open) -> int:
        classes = set(given.get("class", "").split())
        if tag in {"br", "hr", "wbr"}:
            self._add(up.buffer, BREAK if tag != "wbr" else "")
            return up.buffer
        inline = tag in INLINE or tag in {"bdi", *BOXES} or bool(classes & BOX_CLASSES)
        number = bool(classes & ISOLATED)
        box = tag in BOXES or bool(classes & BOX_CLASSES)
        apart = inline and (tag == "bdi" or box or number or "dir" in given)
        if inline and not apart:
            return up.buffer
        self._add(up.buffer, OBJECT if inline else BREAK)
        above = self.buffers[up.buffer]
        usual = "auto" if number or tag == "bdi" else above.direction
        kept = _Buffer(tag, given.get("dir", usual), above.apart or apart, [], [])
        self.buffers.append(kept)
        return len(self.buffers) - 1

    def _spoken(self, tag: str, given: dict[str, str], *, foreign: bool) -> None:
        names = [name for name in SPOKEN if given.get(name)]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            names.append("value")
        if tag == "meta" and ("description" in given.get("name", "") or "property" in given):
            names.append("content")
        for name in names:
            text = given[name]
            kind = f"{tag}[{name}]"
            direction = self.buffers[self.open_now[-1].buffer].direction
            own = "" if foreign else text
            self.buffers.append(_Buffer(kind, direction, apart=False, text=[text], own=[own]))

    def close(self, tag: str) -> None:
        if tag in EMPTY:
            return
        for at in range(len(self.open_now) - 1, 0, -1):
            if self.open_now[at].tag == tag:
                del self.open_now[at:]
                return

    def found(self) -> list[Paragraph]:
        done: list[Paragraph] = []
        for kept in self.buffers:
            whole, own = "".join(kept.text), "".join(kept.own)
            texts, owns = whole.split(BREAK), own.split(BREAK)
            for text, mine in zip(texts, owns, strict=True):
                done += _parts(kept, text, mine)
        return done


def _parts(kept: _Buffer, text: str, own: str) -> list[Paragraph]:
    """One paragraph, and what marks in its text set apart."""
    parts = [
        Paragraph(
            _plain(inner), _plain(inner) if inner in own else "", kept.kind, "auto", apart=True
        )
        for inner in MARKED.findall(text)
    ]
    text, own = _plain(MARKED.sub(OBJECT, text)), _plain(MARKED.sub(OBJECT, own))
    if text.strip(OBJECT + " "):
        parts.append(Paragraph(text, own, kept.kind, kept.direction, kept.apart))
    return parts


def _plain(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


# --- what is wrong with a direction ---------------------------------------------------------------

ARABIC = (
    "\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
    "\ufb50-\ufdff\ufe70-\ufefc"
)

LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
WEAK = f"[^{LATIN}{ARABIC}]"
"""Anything without a direction of its own."""
LATIN_MEETS_NUMBER = re.compile(
    # A code ("C4", "L5-S1", "https") is one word: what parts Latin and number has a gap in it.
    f"[{LATIN}]\\d*{WEAK}*?[\\s{OBJECT}]{WEAK}*?\\d"
    f"|(?<![{LATIN}\\d.,])\\d[\\d.,]*{WEAK}*?[\\s{OBJECT}]{WEAK}*?[{LATIN}]"
)
# Inside one Latin text its own comma stands; round an Urdu one, or an object, two texts meet.
LATIN_MEETS_LATIN = re.compile(f"[{LATIN}\\d]\\s*[،؛۔؟·–—|{OBJECT}][\\s{OBJECT}]*[{LATIN}]")
NUMBERS_PARTED = re.compile(
    r"\d ?[–—×−→<>=&*~|\[] ?\d|\d(?: [+/]|[+/] | [+/] )(?=\d)|\d\d (?=\d\d)"
)
SIGN_LEFT = re.compile(r"(?<![\w\d])[+−<>≥≤±~≈]\s?\d")
URDU_MEETS_NUMBER = re.compile(f"[{ARABIC}]{WEAK}*?\\d|\\d{WEAK}*?[{ARABIC}]")
ARABIC_LETTER = re.compile(f"[{ARABIC}]")
LATIN_LETTER = re.compile(f"[{LATIN}]")
STRONG = re.compile(f"[{LATIN}{ARABIC}]")
# Alone in its paragraph a Latin text is right when it begins and ends with what is Latin.
LATIN_WHOLE = re.compile(f"[{LATIN}](?:.*[{LATIN}\\d])?", re.DOTALL)


def direction_of(paragraph: Paragraph) -> str:
    if paragraph.direction != "auto":
        return paragraph.direction
    first = STRONG.search(paragraph.text)
    return "rtl" if first and ARABIC_LETTER.match(first[0]) else "ltr"


def turned_round(paragraph: Paragraph) -> list[str]:
    """The pieces of a paragraph that a browser shows in another order than they are read.

    Right to left: a Latin word takes the number beside it along ("Khan 12" of "Khan", "12 years"),
    two Latin words change places round what parts them, so do two numbers round a dash or a cross
    (30–41 reads 41–30), and a sign leaves its number. Left to right: an Urdu word takes the number.
    """
    rules: tuple[re.Pattern[str], ...]
    if direction_of(paragraph) == "ltr":
        rules = (URDU_MEETS_NUMBER,)
    elif LATIN_WHOLE.fullmatch(paragraph.text) and not ARABIC_LETTER.search(paragraph.text):
        rules = ()
    else:
        rules = (LATIN_MEETS_NUMBER, LATIN_MEETS_LATIN, NUMBERS_PARTED, SIGN_LEFT)
    return [
        paragraph.text[max(0, found.start() - 15) : found.end() + 15]
        for rule in rules
        for found in rule.finditer(paragraph.text)
    ]
