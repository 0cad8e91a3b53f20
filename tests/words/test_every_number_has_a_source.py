"""No sentence that clinicians or patients read states a number out of nowhere.

sentence with a digit ──▶ sources beside it ──▶ each key explained, or naming author and year
                      └─▶ or a declared kind: scale, time, example, limit, count, statistic, name
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib

from filiform.anatomy import atlas
from filiform.screening import rules
from filiform.sources import rests_on_unread, sources

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "filiform"
PAGES = ROOT / "docs" / "reference" / "numbers-on-pages.tsv"
VALUE = re.compile(r"%\(\w+\)[sd]|%%")
SPELT = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|twelve|first|second|third)\b"
    r"[ -](seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|of ten)\b"
    r"|\ba (third|quarter|tenth)\b|\bhalf of\b",
    re.I,
)
"""Numbers in words that state a time or a share. "Two files" is no claim about anybody's body."""
KINDS = {"scale", "time", "example", "limit", "count", "statistic", "name"}
NAMES_ITSELF = re.compile(r"\s|PMC\d+|^none$")
"""Author and year, an office with its page, a description: more than a key, read as it stands."""
FORMATS = (
    *("link-other-cipher", "empty", "is-pdf", "is-zip", "is-gzip", "is-picture", "is-hl7v2"),
    *("is-web-page", "is-xml", "encoding", "no-bundle", "no-resource-type"),
)
"""Refusals that name a format: FHIR R4, HL7 v2, A256GCM"""
UNSOURCED = {
    **{("sentences/reading.toml", f"reading-{code}.says"): "name" for code in FORMATS},
    ("outcomes/data/aftercare.toml", "period"): "time",
    ("outcomes/data/checks.toml", "rule[soreness-some-long]"): "time",
    ("programme/data/phases.toml", "phase"): "time",
    ("warning_signs/data/signs.toml", "urgency.watch"): "time",
    ("outcomes/data/checks.toml", "question[soreness_nprs]"): "scale",
    ("sentences/planning.toml", "plan-depth-not-positive"): "limit",
    ("sentences/planning.toml", "plan-passes-none"): "limit",
    ("sentences/planning.toml", "plan-insertions-none"): "limit",
    ("sentences/treatment.toml", "count-number"): "limit",
    ("sentences/supplies.toml", "pack-number"): "limit",
    ("sentences/reading.toml", "reading-stranger.says"): "count",
    ("sentences/reading.toml", "reading-not-r4.says"): "name",
}
"""File and beginning of the place → why no source is asked for."""


def keys_of(entry: Any) -> list[str]:
    """The sources that an entry names, itself or in its rows."""
    if isinstance(entry, list):
        return [key for one in entry for key in keys_of(one)]
    if not isinstance(entry, dict):
        return []
    own = [*entry.get("sources", ()), *entry.get("dose_sources", ())]
    own += [entry["source"]] if isinstance(entry.get("source"), str) else []
    return own + [key for part in entry.values() for key in keys_of(part)]


def sentences(entry: Any, place: str, above: list[dict]) -> Iterator[tuple[str, str, list[str]]]:
    """(place, English sentence, sources of its entry) for every text that people read."""
    if isinstance(entry, list):
        for one in entry:
            name = f"[{one['id']}]" if isinstance(one, dict) and "id" in one else ""
            yield from sentences(one, place + name, above)
    elif isinstance(entry, dict) and isinstance(entry.get("en"), str):
        yield place, entry["en"], [key for one in above[1:] for key in keys_of(one)]
    elif isinstance(entry, dict):
        for key, part in entry.items():
            yield from sentences(part, f"{place}.{key}".lstrip("."), [*above, entry])


def files() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(SOURCE.rglob("*.toml")):
        name = path.relative_to(SOURCE).as_posix()
        if "terminology" not in name and "/cases/" not in name:
            yield name, tomllib.loads(path.read_text("utf-8"))


def states_a_number(text: str) -> bool:
    bare = VALUE.sub("", text)
    return bool(re.search(r"\d", bare) or SPELT.search(bare))


def without_source() -> Iterator[str]:
    for name, data in files():
        for place, text, keys in sentences(data, "", []):
            # The topmost table is the whole file: its sources are everybody's and nobody's.
            declared = any(name == file and place.startswith(start) for file, start in UNSOURCED)
            if states_a_number(text) and not keys and not declared:
                yield f"{name}, {place}: {text}"


def test_every_sentence_of_the_tables_with_a_number_names_its_source() -> None:
    assert list(without_source()) == []


def test_a_number_without_a_source_would_be_found() -> None:
    entry = {"rule": [{"id": "x", "why": {"en": "In 44 % of bodies.", "ur": ""}}]}
    ((place, text, keys),) = sentences(entry, "", [])
    assert (place, text, keys) == ("rule[x].why", "In 44 % of bodies.", [])
    assert states_a_number("Not before three months.")
    assert not states_a_number("Put two files together.")


def test_a_neighbours_source_is_not_its_neighbours() -> None:
    """In a file of named tables, too, the sources of one entry prove nothing of the next."""
    data = {
        "with": {"says": {"en": "In 44 %.", "ur": ""}, "sources": ["JMM20"]},
        "without": {"says": {"en": "In 45 %.", "ur": ""}},
    }
    assert [keys for _, _, keys in sentences(data, "", [])] == [["JMM20"], []]


def on_pages() -> dict[str, str]:
    """Text of a page → its kind, or "source: KEY, KEY"."""
    lines = PAGES.read_text("utf-8").splitlines()[1:]
    pairs = [line.split("\t", 1) for line in lines]
    return {text.replace("\\n", "\n").replace("\\\\", "\\"): kind for kind, text in pairs}


def page_texts() -> set[str]:
    po = polib.pofile(str(SOURCE / "clinic" / "locale" / "ur" / "LC_MESSAGES" / "django.po"))
    texts = {text for one in po if not one.obsolete for text in (one.msgid, one.msgid_plural)}
    return {text for text in texts if text and states_a_number(text)}


def test_every_text_of_a_page_with_a_number_has_a_source_or_a_declared_kind() -> None:
    declared = on_pages()
    assert page_texts() - set(declared) == set(), f"add them to {PAGES.name}, with kind or source"
    kinds = {kind for kind in declared.values() if not kind.startswith("source: ")}
    assert kinds <= KINDS


def test_every_source_is_explained_or_names_author_and_year() -> None:
    keys = {key for _, data in files() for key in keys_of(data)}
    keys |= {key for kind in on_pages().values() if kind.startswith("source: ")
             for key in kind.removeprefix("source: ").split(", ")}  # fmt: skip
    scales = tomllib.loads((SOURCE / "outcomes/data/scales.toml").read_text("utf-8"))
    keys -= set(keys_of(scales))  # docs/reference/outcomes.md has them
    assert {key for key in keys - set(sources()) if not NAMES_ITSELF.search(key)} == set()


def test_what_rests_on_guidelines_not_read_in_full_alone_is_marked() -> None:
    marked = {rule.id for rule in rules() if rests_on_unread(rule.sources)}
    assert {"latex", "intoxication", "neck-blood-pressure"} <= marked
    assert not {"consent-refused", "anticoagulant-vka", "bp-uncontrolled"} & marked
    assert not rests_on_unread([])
    assert not rests_on_unread(["ISCP12", "somebody's own"])


def test_every_muscles_note_names_its_sources() -> None:
    assert [one.id for one in atlas().muscles.values() if not one.needling.sources] == []
