"""Collect every text that is to be translated into the message catalogues.

    python tools/messages.py            bring the catalogues up to date
    python tools/messages.py --check    fail when a text is missing or untranslated

Templates are read with Django's own templatize, Python files with Babel; no GNU gettext needed.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CLINIC = ROOT / "src" / "filiform" / "clinic"
LOCALE = CLINIC / "locale"
KEYWORDS = {
    "gettext": None,
    "_": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "ur",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
Key = tuple[str | None, str]


def sources() -> Iterator[tuple[Path, bytes]]:
    """Every file with texts, as Python source."""
    for path in sorted(CLINIC.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()
    for path in sorted(CLINIC.rglob("templates/**/*.html")):
        blanked = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        # What is not a text is blotted out and indented at random, which is no Python.
        yield path, "\n".join(line.strip() for line in blanked.splitlines()).encode()


def collect() -> dict[Key, polib.POEntry]:
    found: dict[Key, polib.POEntry] = {}
    for path, source in sources():
        place = path.relative_to(ROOT).as_posix()
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(source), KEYWORDS, options={"encoding": "utf-8"}
        ):
            forms = message if isinstance(message, tuple) else (message,)
            forms = tuple(form for form in forms if form)
            if not forms:
                continue
            entry = found.setdefault((context, forms[0]), polib.POEntry(msgid=forms[0]))
            entry.msgctxt = context
            if len(forms) > 1:
                entry.msgid_plural = forms[1]
            if (place, "") not in entry.occurrences:
                entry.occurrences.append((place, ""))
            if "%(" in forms[0]:
                entry.flags = ["python-format"]
    return found


def translations(catalogue: Path) -> dict[Key, polib.POEntry]:
    """What the catalogue holds; nothing when there is none yet."""
    entries = polib.pofile(str(catalogue)) if catalogue.exists() else []
    return {(entry.msgctxt, entry.msgid): entry for entry in entries}


def merged(catalogue: Path, found: dict[Key, polib.POEntry]) -> polib.POFile:
    """The texts of today with the translations that are there."""
    former = translations(catalogue)
    new = polib.POFile(wrapwidth=100)
    new.metadata = HEADER
    for key in sorted(found, key=lambda key: (key[1], key[0] or "")):
        entry = found[key]
        old = former.get(key)
        if entry.msgid_plural:
            entry.msgstr_plural = (
                dict(old.msgstr_plural) if old and old.msgstr_plural else {0: "", 1: ""}
            )
        elif old:
            entry.msgstr = old.msgstr
        new.append(entry)
    return new


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--check", action="store_true", help="fail on what is missing")
    args = words.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "filiform.clinic.settings")
    os.environ.setdefault("FILIFORM_DEMO", "yes")
    found = collect()
    catalogue = LOCALE / "ur" / "LC_MESSAGES" / "django.po"
    new = merged(catalogue, found)
    untranslated = new.untranslated_entries()
    if args.check:
        there = translations(catalogue)  # once: reading it takes a fifth of a second
        lacking = [key[1] for key in found if key not in there]
        for text in lacking:
            print(f"not in the catalogue (run make messages): {text!r}")
        for entry in untranslated:
            print(f"not translated: {entry.msgid!r}")
        print(f"{len(found)} texts, {len(untranslated)} without Urdu.")
        return 1 if lacking or untranslated else 0
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(catalogue))
    print(f"{catalogue.relative_to(ROOT)}: {len(found)} texts, {len(untranslated)} without Urdu.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
