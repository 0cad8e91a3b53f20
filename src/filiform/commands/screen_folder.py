"""`filiform screen --folder`: every record of a folder, on all cores, one JSON line each.

files ──▶ workers (read, screen) ──▶ lines in the order of the names; a bad file is one line too
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import msgspec

from filiform.commands.bulk import BadLines, BulkPatient, patients_of
from filiform.commands.errors import InputError

if TYPE_CHECKING:
    from filiform.commands.screen_report import FolderReport
    from filiform.screening import NeedlingSite

KINDS = (".json", ".ndjson", ".xml", ".smart-health-card")
AT_ONCE = 16
"""Files that a worker takes at a time: few enough for a steady bar, enough to save messages."""


class ScreeningTask(msgspec.Struct, frozen=True):
    """What is asked about every file."""

    on: date
    sites: tuple[NeedlingSite, ...]
    answers: dict[str, bool]


class FileAnswer(msgspec.Struct, frozen=True):
    """One file's answer: its line of output, and what it was (a decision or "unusable")."""

    file: str
    text: bytes
    outcome: str
    why: str = ""


_TASK: list[ScreeningTask] = []
"""The task of this worker, set once when it starts."""


ToScreen = str | BulkPatient | BadLines
"""A file's path, or a patient of an NDJSON export."""


def items_of(folder: str) -> list[ToScreen]:
    """The records of a folder and the folders in it: files by name, then the patients of exports.

    Raises InputError for none.
    """
    top = Path(folder)
    if not top.is_dir():
        raise InputError(f"--folder {folder!r} is no folder; a folder of FHIR Bundles is needed")
    # By name, so that two runs can be compared line by line.
    files = sorted(path for path in top.rglob("*") if path.suffix in KINDS and path.is_file())
    found: list[ToScreen] = [str(path) for path in files if path.suffix != ".ndjson"]
    found += patients_of(path for path in files if path.suffix == ".ndjson")
    if not found:
        raise InputError(
            f"{folder}: no {', '.join(KINDS)} file in it; FHIR Bundles or NDJSON exports are needed"
        )
    return found


def start(task: ScreeningTask) -> None:
    """Make a worker ready: the rules are loaded once, not with the first patient."""
    from filiform.disclosure import Disclosure
    from filiform.screening import every_muscle, screen

    # Sent once to each worker; with every file it would be packed and read again ten thousand
    # times.
    _TASK[:] = [task]
    screen(Disclosure(), task.sites, on=task.on)
    every_muscle(Disclosure(), on=task.on)
    # What was loaded stays for ever, and a record read from JSON holds no circles: the collector
    # would look through all of it again and again for nothing.
    gc.freeze()
    gc.set_threshold(200_000, 50, 50)


def screen_item(item: ToScreen) -> FileAnswer:
    """One record's answer. Nothing that stands in one stops the others."""
    from filiform.commands.screen import answer
    from filiform.exchange.fhir import BundleError

    (task,) = _TASK
    if isinstance(item, BadLines):
        return _unusable(item.name, item.why)
    path = item if isinstance(item, str) else item.name
    try:
        raw = Path(item).read_bytes() if isinstance(item, str) else item.bundle()
        found = answer(raw, task.on, task.sites, task.answers)
    except BundleError as error:
        return _unusable(path, str(error))
    except OSError as error:
        return _unusable(path, str(error.strerror or error))
    except Exception as error:  # a defect of ours is told with the file that shows it
        return _unusable(path, f"defect: {type(error).__name__}", outcome="defect")
    text = msgspec.json.encode({"file": path, **found})
    return FileAnswer(path, text, str(found["decision"]))


def _unusable(path: str, why: str, outcome: str = "unusable") -> FileAnswer:
    return FileAnswer(path, msgspec.json.encode({"file": path, "error": why}), outcome, why)


def screen_folder(
    folder: str,
    task: ScreeningTask,
    *,
    out: TextIO,
    err: TextIO,
    report: str | None = None,
    language: str = "en",
) -> int:
    """Screen all files; lines to `out`, progress, refusals and the sum to `err`.

    report: where a page for the review of all patients is written, in `language`. On a terminal
    it takes the place of the lines.
    Returns 0 when at least one file was answered, 2 when none could be used, 1 after a defect.
    """
    from tqdm import tqdm

    paths = items_of(folder)
    counted: Counter[str] = Counter()
    gathered = _report(report)
    # Whoever asks for a page at a terminal doesn't want ten thousand lines to scroll past.
    silent = gathered is not None and out.isatty()
    with tqdm(total=len(paths), file=err, unit=" patients", disable=None, leave=False) as bar:
        for line in _lines(paths, task):
            if not silent:
                out.write(line.text.decode() + "\n")
            if gathered is not None:
                gathered.add(line.text, os.path.relpath(line.file, folder))
            counted[line.outcome] += 1
            if line.why:
                bar.write(f"filiform: {line.file}: {line.why}", file=err)
            bar.update()
    err.write(_sum(counted) + "\n")
    if gathered is not None and report is not None:
        _write_report(gathered, Path(report), task, language)
    if counted["defect"]:
        return 1
    # One bad file among thousands is told and is no failure of the run.
    return 0 if sum(counted.values()) > counted["unusable"] else 2


def _report(target: str | None) -> FolderReport | None:
    """An empty report, or None when none is asked for. Raises InputError for an unusable place."""
    if target is None:
        return None
    # Before an hour of screening, not after it.
    if not Path(target).parent.is_dir() or Path(target).is_dir():
        raise InputError(f"--report {target!r} cannot be written; name a file in a folder that is")
    from filiform.commands.screen_report import FolderReport

    return FolderReport()


def _write_report(gathered: FolderReport, target: Path, task: ScreeningTask, language: str) -> None:
    from filiform.commands.screen_report_page import Review, page

    sites = tuple(f"{site.muscle} {site.side}" for site in task.sites)
    review = Review(task.on.isoformat(), sites, language)
    try:
        with target.open("w", encoding="utf-8") as file:
            file.writelines(page(gathered, review))
    except OSError as error:
        raise InputError(f"--report {str(target)!r}: {error.strerror or error}") from None


def _lines(paths: Sequence[ToScreen], task: ScreeningTask) -> Iterator[FileAnswer]:
    workers = min(os.cpu_count() or 1, len(paths))
    # A second process would save nothing.
    if workers == 1:
        start(task)
        yield from map(screen_item, paths)
        return
    try:
        with ProcessPoolExecutor(workers, initializer=start, initargs=(task,)) as pool:
            # In the order of the names whichever worker is first; a line never waits for the whole
            # folder.
            yield from pool.map(screen_item, paths, chunksize=AT_ONCE)
    except BrokenProcessPool:
        raise InputError(
            "a worker was ended from outside, probably for want of memory;"
            " screen the folder in parts"
        ) from None


def _sum(counted: Counter[str]) -> str:
    order = ("blocked", "justify", "modify", "clear", "unusable", "defect")
    parts = [f"{counted[one]:,} {one}" for one in order if counted[one]]
    return f"{sum(counted.values()):,} files: " + ", ".join(parts)
