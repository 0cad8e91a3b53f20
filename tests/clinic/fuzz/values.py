"""What is sent: values shaped for their field, and values that no form would send."""

from __future__ import annotations

import inspect
import re
import string
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

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


class Forms(HTMLParser):
    """The forms of a page: action → field → the values that it offers."""

    def __init__(self, page: str, at: str) -> None:
        super().__init__()
        self.at, self.found = at, dict[str, dict[str, list[str]]]()
        self.form: dict[str, list[str]] | None = None
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
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


@st.composite
def value_of(draw: st.DrawFn, offered: tuple[str, ...], ids: tuple[UUID, ...]) -> str:
    """A value for one field; offered: what the page itself would send."""
    kind = draw(st.integers(0, 9))
    if offered and kind < 4:
        return draw(st.sampled_from(offered))
    if kind < 5:
        return str(draw(st.sampled_from(ids)))
    if kind < 6:
        return draw(st.sampled_from((*DAYS, *TIMES, "3", "17", "2.5", "Since Monday, سوئی")))
    if kind < 9:
        return draw(st.sampled_from(EDGES))
    return draw(st.text(st.characters(codec=None), max_size=30))


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(string.printable, max_size=9),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.text(string.ascii_letters, max_size=6), inside, max_size=3)
    ),
    max_leaves=12,
)
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
