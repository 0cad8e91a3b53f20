"""What the documentation names exists: files, links, functions, commands, settings, levels."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import filiform

ROOT = Path(__file__).parents[2]
SOURCE = Path(filiform.__file__).parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ARCHITECTURE = ROOT / "docs/explanation/architecture.md"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

FENCE = re.compile(r"^```.*?^```", re.S | re.M)
IN_TICKS = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
FOLDERS = ("src/", "clinic/", "docs/", "tests/", "tools/", "web/", "requirements/", ".ci/")
BUILT = ("web/build", "web/collected")
"""Folders that are made on each machine; a fresh checkout has none."""
DOTTED = re.compile(r"[a-z_]+(?:\.[A-Za-z_]+)+")
CALL = re.compile(r"([a-z]\w*)\(\)")


def named(page: Path) -> Iterator[str]:
    """Everything in backticks, outside of blocks of code."""
    yield from IN_TICKS.findall(FENCE.sub("", page.read_text()))


def complaints(found: Iterator[tuple[Path, str]]) -> list[str]:
    return [f"{page.relative_to(ROOT)}: {what}" for page, what in found]


def test_every_relative_link_leads_to_a_file() -> None:
    def broken() -> Iterator[tuple[Path, str]]:
        for page in PAGES:
            for address in LINK.findall(FENCE.sub("", page.read_text())):
                if not (page.parent / address).exists():
                    yield page, address

    assert complaints(broken()) == []


def test_every_path_in_backticks_exists() -> None:
    def missing() -> Iterator[tuple[Path, str]]:
        for page in PAGES:
            for name in named(page):
                is_path = name.startswith(FOLDERS) and not name.startswith(BUILT)
                is_path = is_path and not set(" <>*{…") & set(name)
                if is_path and not ((ROOT / name).exists() or (SOURCE / name).exists()):
                    yield page, name

    assert complaints(missing()) == []


def rooms() -> set[str]:
    folders = [*SOURCE.iterdir(), *(SOURCE / "clinic").iterdir()]
    return {one.stem for one in folders if one.is_dir() or one.suffix == ".py"}


def resolve(name: str) -> Any:
    """A module or what stands in one, from the clinic or the core. Raises LookupError."""
    for root in ("filiform.clinic", "filiform"):
        words = [*root.split("."), *name.removeprefix("filiform.").split(".")]
        for cut in range(len(words), len(root.split(".")), -1):
            try:
                found: Any = importlib.import_module(".".join(words[:cut]))
                for word in words[cut:]:
                    found = getattr(found, word)
            except (ImportError, AttributeError):
                continue
            return found
    raise LookupError(name)


def test_every_function_that_is_named_with_its_module_exists() -> None:
    known = rooms()

    def missing() -> Iterator[tuple[Path, str]]:
        for page in PAGES:
            for name in named(page):
                first = name.removeprefix("filiform.").split(".")[0]
                if DOTTED.fullmatch(name) and first in known and not name.endswith(".py"):
                    try:
                        resolve(name)
                    except LookupError:
                        yield page, name

    assert complaints(missing()) == []


def test_the_functions_of_the_tablet_that_are_named_stand_in_its_script() -> None:
    script = (ROOT / "web/filiform/treatment.js").read_text()
    names = {call[1] for name in named(ARCHITECTURE) if (call := CALL.fullmatch(name))}
    assert "foresee" in names
    assert {name for name in names if not re.search(rf"\b{name}\b(\(| = )", script)} == set()


@pytest.mark.parametrize("container", ["filiform", "filiform.clinic"])
def test_the_drawing_of_the_house_is_the_contract(container: str) -> None:
    drawn = re.search(
        rf"<!-- levels: {re.escape(container)} -->\n```\n(.*?)```", ARCHITECTURE.read_text(), re.S
    )
    assert drawn, f"no drawing of {container}"
    shown = [
        set(re.split(r" · ", re.split(r" {3,}", line.strip())[0]))
        for line in drawn[1].splitlines()
        if line.strip(" │")
    ]
    contract = next(
        one
        for one in PROJECT["tool"]["importlinter"]["contracts"]
        if one["type"] == "layers" and one.get("containers", ["filiform"]) == [container]
    )
    held = [
        {room.strip().removeprefix("filiform.") for room in level.split("|")}
        for level in contract["layers"]
    ]
    assert shown == held


def test_every_room_of_the_contract_says_what_it_is_for() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    levels = next(one for one in contracts if "containers" in one)["layers"]
    text = ARCHITECTURE.read_text()
    names = {room.strip() for level in levels for room in level.split("|")}
    assert {name for name in names if f"\n| `{name}` | " not in text} == set()


def test_every_command_and_make_target_that_is_named_exists() -> None:
    commands = {one.stem.replace("_", "-") for one in (SOURCE / "commands").glob("*.py")}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))

    def missing() -> Iterator[tuple[Path, str]]:
        for page in PAGES:
            text = page.read_text()
            code = "\n".join([*FENCE.findall(text), *IN_TICKS.findall(text)])
            for tool, word in re.findall(r"(?:^|= )(filiform|make) ([a-z-]+)", code, re.M):
                if word not in (commands if tool == "filiform" else targets):
                    yield page, f"{tool} {word}"

    assert complaints(missing()) == []


def test_every_button_that_the_tutorial_names_is_a_text_of_the_clinic() -> None:
    page = (ROOT / "docs/tutorials/your-first-visit.md").read_text()
    catalogue = (SOURCE / "clinic/locale/ur/LC_MESSAGES/django.po").read_text()
    named = {" ".join(name.split()) for name in re.findall(r"\*\*(.+?)\*\*", page, re.S)}
    assert "Start needling" in named
    assert {name for name in named if f'msgid "{name}' not in catalogue} == set()


def test_every_button_that_the_pictures_tap_is_named_in_the_tutorial() -> None:
    page = " ".join((ROOT / "docs/tutorials/your-first-visit.md").read_text().split())
    script = (ROOT / "tools/pictures.py").read_text()
    tapped = set(re.findall(r"tablet\.tap\(\s*\"([^\"]+)\"", script))
    assert {name for name in tapped if f"**{name}**" not in page} == set()


def test_every_setting_that_the_code_reads_has_a_line() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text()
    listed = set(re.findall(r"`FILIFORM_(\w+)`", page))
    files = (
        SOURCE / "clinic/settings.py",
        SOURCE / "clinic/environment.py",
        SOURCE / "clinic/sending/setup.py",
        SOURCE / "commands/serve.py",
    )
    code = "\n".join(file.read_text() for file in files)
    read = set(re.findall(r"(?i:environment)\.\w+\(\s*\"([A-Z_]+)\"", code))
    assert read, "the settings are read another way now"
    # Not ours: where a desktop keeps its data.
    assert (read - listed - {"XDG_DATA_HOME"}, listed - read) == (set(), set())
