"""What is sent: values shaped for their field, and values that no form would send."""

from __future__ import annotations

import inspect
import math
import re
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

EDGES = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1",
        "1e999",
        "-1e999",
        "1e-320",
        "NaN",
        "Infinity",
        "-0",
        "0x10",
        "1_000",
    ),
    *("9" * 19, "9" * 40, "9" * 5000, "-9223372036854775809", "2147483648", "0.1" + "0" * 400),
    *("0001-01-01", "9999-12-31", "1900-01-01", "2199-12-31", "2026-02-30", "00/00/0000"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-28T10:00:00+23:59"),
    *("2026-11-28T10:00:00", "2026-11-28T24:00:00Z", "24:00", "99:99", "25:61:61.9", "3:00 pm"),
    *("٣", "²", "①", "१२", "𝟙", "۱۴:۳۰", "٢٠٢٦-١١-٢٨", "½", "٣.٥"),
    *("\x00", "a\x00b", "\ufeff", "\u202eabc", "\u200b", "\ud800", "\U0010ffff", "\ufffe"),
    *("null", "true", "[]", "{}", "[[]]", "[" * 3000, '{"a":' * 800, '"', "'", "\\", "%", "%00"),
    *("nowhere", "//elsewhere.example", "http://[", "javascript:1", "/../../etc/passwd", "?", "#"),
    *("<script>alert(1)</script>", "{{ 7 }}", "{% now %}", "'; DROP TABLE x; --", "a" * 12_000),
    *(":", "::", "a:b:c", "front:1:2", "disc:", "disc:buttock-upper-lateral:2:left", ",", ";"),
    *("00000000-0000-0000-0000-000000000000", "{12345678123456781234567812345678}", "urn:uuid:1"),
    *("yes", "no", "on", "left", "right", "reference", "ur", "en", "back", "csv", "all"),
)
DAYS = ("2026-11-28", "28/11/2026", "2024-02-29", "1984-03-09")
TIMES = ("10:30", "14:00", "23:59", "2026-11-28T10:30:00Z")

NAMED_IN_CODE = re.compile(r"""(?:POST|GET|data)(?:\.get|\.getlist)?[\(\[]["']([\w.-]+)["']""")
FIELD_OF_FORM = re.compile(r"^    (\w+)(?:: [^=]+)? = (?:\w+\.)?\w*(?:Field|Box)\(", re.MULTILINE)


def names_of(view: Any) -> list[str]:
    """The fields that a view's room reads, as its source says them."""
    module = Path(inspect.getsourcefile(inspect.unwrap(view)) or "")
    room = module.parent.parent if module.parent.name == "views" else module.parent
    own = module.read_text()
    forms = "".join(file.read_text() for file in sorted(room.glob("*form*.py")))
    return sorted({*NAMED_IN_CODE.findall(own), *FIELD_OF_FORM.findall(own + forms)})


LEADS = ("href", "action", "formaction", "hx-get", "hx-post", "src")


class Forms(HTMLParser):
    """The forms of a page: action → field → the values that it offers; and where it leads."""

    def __init__(self, page: str, at: str) -> None:
        super().__init__()
        self.at, self.found = at, dict[str, dict[str, list[str]]]()
        self.links: set[str] = set()
        self.form: dict[str, list[str]] | None = None
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.links.update(
            link.partition("?")[0] for key in LEADS if (link := has.get(key, "")).startswith("/")
        )
        sends = has.get("action") or has.get("hx-post") or has.get("formaction") or ""
        if tag == "form":
            self.form = self.found.setdefault(sends or self.at, {})
        elif self.form is not None and has.get("type") == "image" and has.get("name"):
            for axis in ("x", "y"):  # a picture that is tapped sends where
                self.form.setdefault(f"{has['name']}.{axis}", []).append("120")
        elif self.form is not None and tag in {"input", "button", "textarea"} and has.get("name"):
            self.form.setdefault(has["name"], []).append(has.get("value", ""))
        elif tag == "select":
            self.select = has.get("name", "")
        elif tag == "option" and self.select and self.form is not None:
            self.form.setdefault(self.select, []).append(has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None


def value_of(draw: Random, offered: tuple[str, ...], ids: tuple[Any, ...]) -> str:
    """A value for one field; offered: what the page itself would send."""
    kind = draw.randrange(10)
    if offered and kind < 4:
        return draw.choice(offered)
    if kind < 5:
        return str(draw.choice(ids))
    if kind < 6:
        return draw.choice((*DAYS, *TIMES, "3", "17", "2.5", "Since Monday, سوئی"))
    if kind < 9:
        return draw.choice(EDGES)
    return any_text(draw, 30)


PLANES = ((0, 0x7F), (0, 0x7F), (0x80, 0x7FF), (0x600, 0x6FF), (0x800, 0xFFFF), (0x10000, 0x10FFFF))


def any_text(draw: Random, most: int) -> str:
    """Characters of any kind, halves of pairs and unassigned ones among them."""
    return "".join(chr(draw.randint(*draw.choice(PLANES))) for _ in range(draw.randrange(most)))


def nested(draw: Random, depth: int = 3) -> Any:
    """A value that JSON can hold, or nearly."""
    kind = draw.randrange(8 if depth else 6)
    if kind < 6:
        plain = (None, True, draw.randint(-(2**70), 2**70), draw.choice(FLOATS))
        return draw.choice((*plain, any_text(draw, 9), draw.choice(EDGES)))
    inside = [nested(draw, depth - 1) for _ in range(draw.randrange(4))]
    return inside if kind == 6 else {any_text(draw, 6): one for one in inside}


FLOATS = (0.0, -0.0, 1e308, -1e-320, math.inf, math.nan, 0.1)
BODIES = (
    *(b"", b"{}", b"[]", b"null", b"NaN", b'{"a": NaN}', b'{"a": 1e999}', b"[" * 50_000),
    *(b'{"a":' * 20_000, b'{"a": ["\\ud800"]}', b'{"a": ["\\u0000"]}', b'{"a": 1, "a": 2}'),
    *(b"\xff\xfe", b"\x00", b'{"a": ' + b"9" * 6000 + b"}", b"<xml/>", b"a" * 300_000),
)
CONTENT_TYPES = (
    *("application/json", "text/plain", "", "nonsense", "multipart/form-data"),
    *("multipart/form-data; boundary=", "multipart/form-data; boundary=x" + "y" * 300),
    *("application/x-www-form-urlencoded; charset=nonsense", "application/fhir+json"),
    *("application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded"),
)
HEADERS = {
    "HTTP_HX_REQUEST": ("true", "\xff"),
    "HTTP_HX_TARGET": ("atlas-found", "refers", "x" * 500),
    "HTTP_HX_CURRENT_URL": ("http://[", "nowhere", "http://testserver/today/"),
    "HTTP_X_TREATMENT_PAGE": ("yes",),
    "HTTP_X_TREATMENT_VERSION": ("x", "\xe9"),
    "HTTP_X_UNATTENDED": ("1",),
    "HTTP_ACCEPT": ("application/json", "text/html", "*/*;q=nan", ""),
    "HTTP_ACCEPT_LANGUAGE": ("ur", "xx;q=1e999", "en;q=,,,;", "a" * 4000),
    "HTTP_ACCEPT_ENCODING": ("br;q=nan", "gzip, zstd;q=-1", "identity;q=0", "\xff"),
    "HTTP_IF_NONE_MATCH": ('W/"x"', "*", '"'),
    "HTTP_IF_MODIFIED_SINCE": ("Sat, 99 Nov 9999 25:61:61 GMT", "0"),
    "HTTP_REFERER": ("http://[", "nowhere", "http://testserver/today/", "\xff"),
    "HTTP_ORIGIN": ("null", "http://[", "https://elsewhere.example"),
    "HTTP_HOST": ("elsewhere.example", "a b", "[::1", "testserver:99999999"),
    "HTTP_AUTHORIZATION": (
        "Bearer a.b.c",
        "Bearer",
        "Basic \xff",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
    ),
    "HTTP_X_FORWARDED_FOR": ("not-an-address", "1.2.3.4, ::::", "\x00"),
    "HTTP_COOKIE": (
        "filiform_session=x; filiform_language=xx; filiform_theme=nope",
        "=;=;",
        "\xff",
    ),
    "HTTP_RANGE": ("bytes=-1", "bytes=9-1", "x"),
    "CONTENT_LENGTH": ("-1", "nonsense", "99999999999999999999", "٣"),
    "QUERY_STRING": ("%", "%ff=%00", "&&&==", "a=" + "&b=1" * 3000),
}
"""A header and what it is sent with; as WSGI names them."""
